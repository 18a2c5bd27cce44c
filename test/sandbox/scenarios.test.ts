import { execFile } from "node:child_process";
import { Writable } from "node:stream";
import { gzipSync } from "node:zlib";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { Narrator } from "./narrator.ts";
import { scenarios } from "./scenarios/catalogue.ts";
import { show } from "./show.ts";
import type { Stage } from "./stage.ts";

/** A bound for a machine that does much else; a scenario takes a few seconds. */
const replayTimeoutMs = 300_000;

/** Nobody watches, whatever the tests themselves run under: a CI system sets CI, and vitest forces colours for it. */
const { FORCE_COLOR: _forced, NO_COLOR: _forbidden, ...inherited } = process.env;
const variables = { ...inherited, CI: "true" };

/** Plays a scenario as `npm start` does; its exit code and all that it printed. */
function replay(...args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const script = ["test/sandbox/replay.ts", ...args];
    const child = execFile(process.execPath, script, { env: variables }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
}

describe.concurrent("npm start", () => {
  it.each(scenarios)("keeps what $name promises", { timeout: replayTimeoutMs }, async ({ name }) => {
    const { code, output } = await replay("--scenario", name);

    expect(output).toMatch(/All [1-9]\d* promises were kept/);
    expect(code).toBe(0);
  });

  it("prints no escape codes where nobody watches", { timeout: replayTimeoutMs }, async () => {
    const { output } = await replay("--scenario", "unreachable");

    expect(output.length).toBeGreaterThan(1_000);
    expect(output).not.toContain("\u001b");
  });

  it("lists every scenario", async () => {
    const { code, output } = await replay("--list");

    expect(
      output
        .trim()
        .split("\n")
        .map((line) => line.split(" ", 1)[0]),
    ).toEqual(scenarios.map(({ name }) => name));
    expect(code).toBe(0);
  });

  it("says so where there is no such scenario", async () => {
    expect((await replay("--scenario", "no-such")).code).toBe(3);
  });
});

describe("a scenario that is not kept", () => {
  const nobody = (): Narrator => {
    const output = new Writable({ write: (_chunk, _encoding, done) => done() });
    return new Narrator({ output: Object.assign(output, { isTTY: false }), colour: false });
  };

  it("ends with exit code 1 where a promise is broken", { timeout: replayTimeoutMs }, async () => {
    const broken = {
      name: "broken",
      story: "",
      play: async (act: { promise(claim: string, kept: boolean): void }) => act.promise("never", false),
    };

    expect(await show(broken, nobody())).toBe(1);
  });

  it("ends with exit code 1 where a value was printed, even backwards", {
    timeout: replayTimeoutMs,
  }, async () => {
    const leaking = {
      name: "leaking",
      story: "",
      play: async ({ narrator, stage }: { narrator: Narrator; stage: { values: Set<string> } }) => {
        const [value = ""] = stage.values;
        narrator.print(`debug: ${[...value].toReversed().join("")}`);
      },
    };

    expect(await show(leaking, nobody())).toBe(1);
  });

  it.each([
    ["plainly", (text: string) => ({ S: `{"debug":"${text}"}` })],
    ["packed", (text: string) => ({ B: gzipSync(text) })],
  ])(
    "ends with exit code 1 where a value was %s remembered",
    {
      timeout: replayTimeoutMs,
    },
    async (_how, attributeOf) => {
      const remembering = {
        name: "remembering",
        story: "",
        play: async ({ stage: { table, values } }: { stage: Stage }) => {
          const [value = ""] = values;
          const Item = { pk: { S: "run" }, sk: { S: "1" }, data: attributeOf(value) };
          await table.client.send(new PutItemCommand({ TableName: table.name, Item }));
        },
      };

      expect(await show(remembering, nobody())).toBe(1);
    },
  );
});
