import { describe, expect, it } from "vitest";
import { createInProcessMemory } from "../../functions/adapters/in-process-memory.ts";
import { TallystickError } from "../../functions/core/errors.ts";
import { rememberReport } from "../../functions/heal/last-report.ts";
import { allWell, incident } from "../command-line/reports.ts";

describe("the report that is kept", () => {
  it("is that of a run that looked at the whole fleet", async () => {
    const memory = createInProcessMemory();

    await rememberReport({ memory }, incident, {});

    expect(await memory.lastReport()).toEqual({ report: incident, isCut: false });
  });

  it.each([{ environments: ["vps"] }, { secrets: ["AUTH"] }])(
    "is never that of a part of it: %o",
    async (scope) => {
      const memory = createInProcessMemory();
      await rememberReport({ memory }, incident, {});

      await rememberReport({ memory }, allWell, scope);

      expect((await memory.lastReport())?.report).toBe(incident);
    },
  );

  it("costs a run nothing where the memory fails, or where there is none", async () => {
    const noteReport = () => Promise.reject(new TallystickError("memory-unreadable", "no table"));

    await rememberReport({ memory: { ...createInProcessMemory(), noteReport } }, incident, {});
    await rememberReport({}, incident, {});
  });
});
