import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { createDynamodbMemory } from "../../functions/adapters/dynamodb-memory.ts";
import { type History, renderHistory } from "../../functions/command-line/history-text.ts";
import type { HealMemory, RunMemory } from "../../functions/core/memory.ts";
import { openTable, tableName } from "../adapters/dynamodb-bed.ts";
import { canary, expectNoCanary } from "../canaries.ts";
import { call } from "./call.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const start = Date.parse("2026-11-20T06:00:00Z");

function runAt(hours: number, but: Partial<RunMemory> = {}): RunMemory {
  return {
    ...{ id: `run-${hours}`, startedAtMs: start + hours * hourMs, durationMs: 1_840, trigger: "schedule" },
    ...{ status: "in-sync", wrong: [], unknownCount: 0, heals: [], ...but },
  };
}

function healAt(hours: number, but: Partial<HealMemory> = {}): HealMemory {
  return {
    ...{ id: `heal-${hours}`, environment: "railway-production", startedAtMs: start + hours * hourMs },
    targets: [
      {
        ...{ secret: "INTERNAL_AUTH_SECRET", versionId: "v2" },
        was: {
          ...{ secret: "INTERNAL_AUTH_SECRET", cause: "variable", action: "set-and-redeploy" },
          verdict: { kind: "behind", versionId: "v1", behindBy: 1, replacedAt: "2026-11-20T11:58:00Z" },
        },
      },
    ],
    ...but,
  };
}

const behind = { environment: "railway-production", secret: "INTERNAL_AUTH_SECRET", verdict: "behind" };
const foundMs = start + 6 * hourMs;

/** A week as a small fleet may have it: a rotation, a repair that was proven late, and a laptop asleep. */
const week: History = {
  sinceMs: start - hourMs,
  runs: [
    runAt(0),
    runAt(6, { trigger: "label", status: "drifted", wrong: [{ ...behind, sinceMs: foundMs }] }),
    runAt(12, { status: "drifted", unknownCount: 1, wrong: [{ ...behind, sinceMs: foundMs }] }),
    runAt(18, { status: "unknown", unknownCount: 2 }),
    runAt(24, { trigger: "manual", status: "failed", durationMs: 31_000 }),
  ],
  heals: [
    healAt(6, { end: { atMs: foundMs + 10 * minuteMs, status: "failed", reason: "deployment-failed" } }),
    healAt(12, { end: { atMs: foundMs + 12 * hourMs, status: "healed", reason: "verified-later" } }),
    healAt(24, { targets: [{ secret: "OPENCLAW_GATEWAY_TOKEN", versionId: "v7" }] }),
  ],
};

const nothing: History = { sinceMs: start, runs: [], heals: [] };
const plain = { columns: 80, colour: false };

function golden(name: string): string {
  return new URL(`golden/${name}.txt`, import.meta.url).pathname;
}

describe("a history for people", () => {
  it.each([
    ["history", week],
    ["history-of-nothing", nothing],
  ])("tells %s in 80 columns", async (name, history) => {
    await expect(renderHistory(history, plain)).toMatchFileSnapshot(golden(name));
  });

  it("says the same with colours and without", () => {
    const coloured = renderHistory(week, { ...plain, colour: true });

    expect(coloured).not.toBe(renderHistory(week, plain));
    expect(stripVTControlCharacters(coloured)).toBe(renderHistory(week, plain));
  });

  it("names some of very many that were wrong, and counts the rest", () => {
    const wrong = Array.from({ length: 12 }, (_, nth) => ({ ...behind, environment: `env-${nth}` }));
    const text = renderHistory({ ...nothing, runs: [runAt(0, { wrong, wrongCount: 5_000 })] }, plain);

    expect(text.match(/old version/g)).toHaveLength(8);
    expect(text).toContain("and 4992 more");
  });

  it("takes words of another version as they are, and lets none write on the terminal", () => {
    const wrong = [{ environment: "\u009b31m", secret: "toString", verdict: "constructor" }];
    const odd = runAt(0, { trigger: "valueOf", status: "\u202econstructor", wrong });
    const text = renderHistory({ ...nothing, runs: [odd] }, plain);

    expect(text).toContain("toString on \u{FFFD}31m: constructor");
    expect(text).not.toMatch(/[^\n\P{C}]/u);
  });

  it("keeps within 80 columns", () => {
    const lines = renderHistory(week, plain).split("\n");

    expect(lines.filter((line) => stringWidth(line) > 80)).toEqual([]);
  });
});

/** A table with one run and one repair of an hour ago, and as many of long ago. */
async function openFilled() {
  const { client, endpoint } = await openTable();
  const memory = createDynamodbMemory(client, tableName);
  const nowMs = Date.now();
  for (const ageMs of [hourMs, 20 * 24 * hourMs]) {
    const startedAtMs = nowMs - ageMs;
    const id = `of ${ageMs / hourMs} hours ago`;
    await memory.noteRun(runAt(0, { id, startedAtMs, wrong: [{ ...behind, sinceMs: startedAtMs }] }));
    const heal = healAt(0, { id, startedAtMs });
    await memory.claimHeal({ id, services: [], heals: [heal], startedAtMs, untilMs: nowMs });
    await memory.endHeal(heal, { atMs: startedAtMs + minuteMs, status: "timed-out", reason: "unproven" });
  }
  const secretKey = canary("the caller's own secret key");
  const variables = {
    TALLYSTICK_STATE_TABLE: tableName,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    AWS_SECRET_ACCESS_KEY: secretKey,
  };
  return { variables, secretKey };
}

describe("tallystick history", () => {
  it("prints the last seven days, and further back where that is asked for", async () => {
    const { variables, secretKey } = await openFilled();

    const week = await call(["history"], { variables });
    const month = await call(["history", "--since", "30d"], { variables });

    expect({ exitCode: week.exitCode, stderr: week.stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(week.stdout).toContain("1 run, 1 repair");
    expect(week.stdout).toContain("INTERNAL_AUTH_SECRET on railway-production: old version, found now");
    expect(week.stdout).toMatch(/repair not proven in time: not proven\s+\(1 min\)/);
    expect(month.stdout).toContain("2 runs, 2 repairs");
    expectNoCanary([week, month], [secretKey]);
  });

  it("prints the same for programs with --json", async () => {
    const { variables } = await openFilled();

    const { exitCode, stdout } = await call(["history", "--json", "--since=2h"], { variables });

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "tallystick/history/v1",
      runs: [{ id: "of 1 hours ago", trigger: "schedule", wrong: [{ verdict: "behind" }] }],
      repairs: [{ environment: "railway-production", status: "timed-out", reason: "unproven" }],
    });
    expect(stdout).not.toContain('Ms":1');
  });

  it("ends with 3 where no table is named, and says what to set", async () => {
    const { exitCode, stdout, stderr } = await call(["history"]);

    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("set TALLYSTICK_STATE_TABLE to its name");
  });

  it.each(["7", "d", "7 days", "-1d", "1w"])(
    "ends with 3 for --since=%s, and says what it takes",
    async (since) => {
      const { exitCode, stderr } = await call(["history", `--since=${since}`]);

      expect(exitCode).toBe(3);
      expect(stderr).toContain("45m, 12h, 7d");
    },
  );

  it("ends with 4 where the table cannot be read", async () => {
    const { variables } = await openFilled();

    const called = await call(["history"], {
      variables: { ...variables, TALLYSTICK_STATE_TABLE: "another" },
    });

    expect(called.exitCode).toBe(4);
    expect(called.stderr).toContain("the memory in the table another could not be read");
  });
});
