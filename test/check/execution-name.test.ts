import { describe, expect, it } from "vitest";
import { executionName } from "../../functions/check/execution-name.ts";

const api = { environment: "api", secret: "AUTH", versionId: "v2" };
const worker = { environment: "worker", secret: "AUTH", versionId: "v2" };
const name = executionName([api, worker], ["d1", "d2"], "2026-11-22");

describe("the name of an execution", () => {
  it("is one that Lambda takes", () => {
    expect(name).toMatch(/^[0-9a-f]{64}$/);
  });

  it("does not depend on the order of targets and deployments", () => {
    expect(executionName([worker, api], ["d2", "d1"], "2026-11-22")).toBe(name);
  });

  it.each([
    ["target", [api], ["d1", "d2"], "2026-11-22"],
    ["version", [{ ...api, versionId: "v3" }, worker], ["d1", "d2"], "2026-11-22"],
    ["serving deployment", [api, worker], ["d1", "d3"], "2026-11-22"],
    ["attempt", [api, worker], ["d1", "d2"], "2026-11-23"],
    [
      "place where one name ends and the next begins",
      [{ ...api, environment: "apiA", secret: "UTH" }, worker],
      ["d1", "d2"],
      "2026-11-22",
    ],
  ] as const)("is another for another %s", (_what, targets, servingIds, attempt) => {
    expect(executionName(targets, servingIds, attempt)).not.toBe(name);
  });
});
