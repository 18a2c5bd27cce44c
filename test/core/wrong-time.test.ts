import { describe, expect, it } from "vitest";
import type { HolderChange, RunMemory } from "../../functions/core/memory.ts";
import type { HealReport } from "../../functions/core/report.ts";
import { lastKnownRight, withWrongSince } from "../../functions/core/wrong-time.ts";

const inSync = '{"kind":"in-sync","versionId":"v1"}';
const behind = '{"kind":"behind","versionId":"v1","behindBy":1}';

/** In sync since minute 10, and found wrong in minute 50. */
const fallen: HolderChange = {
  ...{ environment: "api", secret: "AUTH" },
  ...{ before: { verdict: inSync, sinceMs: 10 }, after: { verdict: behind, sinceMs: 50 } },
};

function run(startedAtMs: number, but: Partial<RunMemory> = {}): RunMemory {
  return {
    ...{ id: `run-${startedAtMs}`, startedAtMs, durationMs: 1, trigger: "schedule", status: "in-sync" },
    ...{ wrong: [], unknownCount: 0, ...but },
  };
}

function untilMs(
  change: HolderChange,
  runs: readonly RunMemory[],
  replacedAtMs?: number,
): number | undefined {
  return lastKnownRight([change], runs, () => replacedAtMs)
    .get("api")
    ?.get("AUTH");
}

const wrongHere = { environment: "api", secret: "AUTH", verdict: "behind" };

describe("until when a holder was known to be right that is found wrong", () => {
  it("is when the last run began that saw all and did not find it wrong", () => {
    expect(untilMs(fallen, [run(20), run(30, { trigger: "label" })])).toBe(30);
  });

  it.each<[string, Partial<RunMemory>]>([
    ["found it wrong", { wrong: [wrongHere] }],
    ["could not see all", { unknownCount: 1 }],
    ["has not kept whether it saw all", { unknownCount: undefined } as unknown as Partial<RunMemory>],
    ["was asked for by a person, and may have looked at a part", { trigger: "manual" }],
    ["failed", { status: "failed" }],
    ["found more wrong than was kept", { wrongCount: 5_000 }],
  ])("is not told by a run that %s", (_what, but) => {
    expect(untilMs(fallen, [run(20), run(30, but)])).toBe(20);
  });

  it.each([
    ["of another environment", { ...wrongHere, environment: "vps" }],
    ["of another secret", { ...wrongHere, secret: "MODEL" }],
  ])("is told by a run that found only a holder %s wrong", (_what, other) => {
    expect(untilMs(fallen, [run(20), run(30, { wrong: [other] })])).toBe(30);
  });

  it("is when its version was replaced, where no run looked since then", () => {
    expect(untilMs(fallen, [run(20)], 45)).toBe(45);
    expect(untilMs(fallen, [], 45)).toBe(45);
    expect(untilMs(fallen, [run(20)], 15)).toBe(20);
  });

  it("is not known where all that is known is from before it was right", () => {
    expect(untilMs(fallen, [run(9)], 9)).toBeUndefined();
    expect(untilMs(fallen, [])).toBeUndefined();
  });

  it.each<[string, HolderChange]>([
    ["was never seen before", { ...fallen, before: undefined } as unknown as HolderChange],
    ["was wrong before", { ...fallen, before: { verdict: '{"kind":"unset"}', sinceMs: 10 } }],
    ["is right now", { ...fallen, after: { verdict: '{"kind":"ahead","versionId":"v2"}', sinceMs: 50 } }],
  ])("is not asked of one that %s", (_what, change) => {
    expect(untilMs(change, [run(20)], 45)).toBeUndefined();
  });
});

describe("since when what was healed had been wrong", () => {
  const heal: HealReport = { environment: "api", secrets: ["AUTH", "MODEL"], status: "healed", was: [] };
  const remembered = (verdicts: Record<string, [verdict: string, sinceMs: number]>) => ({
    holders: new Map([
      [
        "api",
        new Map(Object.entries(verdicts).map(([name, [verdict, sinceMs]]) => [name, { verdict, sinceMs }])),
      ],
    ]),
  });
  const at = (second: number) => `1970-01-01T00:00:${second}Z`;

  it("is as the memory has it, of several secrets the earliest", () => {
    const holders = remembered({ AUTH: [behind, 30_000], MODEL: [behind, 20_000] });

    expect(withWrongSince(heal, holders, 50_000).wrongSince).toBe(at(20));
  });

  it("is when the run found it, where the memory had it right or not at all", () => {
    expect(withWrongSince(heal, remembered({ AUTH: [inSync, 20_000] }), 50_000).wrongSince).toBe(at(50));
    expect(withWrongSince(heal, { holders: new Map() }, 50_000).wrongSince).toBe(at(50));
  });

  it("is not told where nobody knows, nor of what was not healed", () => {
    expect(withWrongSince(heal, { holders: new Map() }, undefined)).toBe(heal);
    const failed = { ...heal, status: "failed" } as const;
    expect(withWrongSince(failed, remembered({ AUTH: [behind, 30_000] }), 50_000)).toBe(failed);
  });
});
