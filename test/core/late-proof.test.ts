import { describe, expect, it } from "vitest";
import type { Diagnosis, HolderDiagnosis } from "../../functions/core/diagnosis.ts";
import { lateProofs, lateReport } from "../../functions/core/late-proof.ts";
import type { HealEnd, HealMemory, Remembered } from "../../functions/core/memory.ts";
import type { RepairedHolder } from "../../functions/core/report.ts";

const was = {
  ...{ secret: "AUTH", cause: "variable", action: "set-and-redeploy" },
  verdict: { kind: "unset" },
} as const satisfies RepairedHolder;
const quietly = { ...was, action: "set-quietly" } as const;
const right: HolderDiagnosis = {
  verdict: { kind: "in-sync", versionId: "v2" },
  stored: { kind: "in-sync", versionId: "v2" },
};
const timedOut: HealEnd = { atMs: 2, status: "timed-out", reason: "deployment-slow" };
const open: HealMemory = {
  ...{ id: "heal-1", environment: "api", startedAtMs: 1, end: timedOut },
  targets: [{ secret: "AUTH", versionId: "v2", was }],
};

function proofs(
  heals: readonly HealMemory[],
  holders: Readonly<Record<string, HolderDiagnosis>> = { AUTH: right },
  underWay: readonly string[] = [],
): readonly string[] {
  const remembered: Remembered = { holders: new Map(), versions: new Map(), heals, claimed: new Set() };
  const api = { notes: [], holders: new Map(Object.entries(holders)), capabilities: new Map() };
  const diagnosis: Diagnosis = { secrets: new Map(), environments: new Map([["api", api]]) };
  return lateProofs(remembered, diagnosis, (name) => underWay.includes(name)).map(({ id }) => id);
}

describe("a repair that came to no proof of its own", () => {
  it("is proven where what it pushed is seen in the running process", () => {
    expect(proofs([open])).toEqual(["heal-1"]);
  });

  it("is proven where its execution died without telling its end", () => {
    const { end: _, ...dead } = open;

    expect(proofs([dead])).toEqual(["heal-1"]);
  });

  it.each<[string, HealEnd]>([
    ["was healed", { atMs: 2, status: "healed" }],
    ["failed", { atMs: 2, status: "failed", reason: "deployment-failed" }],
    ["was overtaken", { atMs: 2, status: "superseded", reason: "truth-changed" }],
    ["was withheld", { atMs: 2, status: "withheld", reason: "in-flight" }],
  ])("is not meant where it %s", (_what, end) => {
    expect(proofs([{ ...open, end }])).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, HolderDiagnosis>>]>([
    ["was not looked at", {}],
    ["is not seen", { AUTH: { verdict: { kind: "unknown", because: "timeout", detail: "" } } }],
    ["is wrong", { AUTH: { ...right, verdict: { kind: "unset" } } }],
    ["holds another version", { AUTH: { ...right, verdict: { kind: "in-sync", versionId: "v3" } } }],
    ["would be wrong at its next start", { AUTH: { ...right, stored: { kind: "unset" } } }],
  ])("is not proven where its holder %s", (_what, holders) => {
    expect(proofs([open], holders)).toEqual([]);
  });

  it("is proven by the process alone where what is stored cannot be seen", () => {
    expect(proofs([open], { AUTH: { ...right, stored: { kind: "sealed" } } })).toEqual(["heal-1"]);
  });

  it.each<[string, Partial<(typeof open.targets)[number]>]>([
    ["was to be stored only", { was: quietly }],
    ["is not known to have redeployed", {}],
  ])("has to be seen stored where it %s", (_what, what) => {
    const heal = { ...open, targets: [{ secret: "AUTH", versionId: "v2", ...what }] };

    expect(proofs([heal])).toEqual(["heal-1"]);
    expect(proofs([heal], { AUTH: { ...right, stored: { kind: "sealed" } } })).toEqual([]);
    expect(proofs([heal], { AUTH: { verdict: right.verdict } })).toEqual([]);
  });

  it("is proven as a whole or not at all", () => {
    const both = { ...open, targets: [...open.targets, { secret: "MODEL", versionId: "v2", was }] };

    expect(proofs([both], { AUTH: right, MODEL: right })).toEqual(["heal-1"]);
    expect(proofs([both], { AUTH: right, MODEL: { ...right, verdict: { kind: "unset" } } })).toEqual([]);
    expect(proofs([{ ...open, targets: [] }])).toEqual([]);
  });

  it("is not proven as long as it goes on", () => {
    expect(proofs([open], { AUTH: right }, ["api"])).toEqual([]);
  });

  it("of an environment that nobody looked at is not proven", () => {
    expect(proofs([{ ...open, environment: "vps" }])).toEqual([]);
  });

  it("is a later repair's to prove, where the same was repaired once more", () => {
    const later = { ...open, id: "heal-2", startedAtMs: 3 };
    const healed = { ...later, end: { atMs: 4, status: "healed" } as const };
    const withheld = { ...later, end: { atMs: 4, status: "withheld" } as const };

    expect(proofs([open, later])).toEqual(["heal-2"]);
    expect(proofs([open, healed])).toEqual([]);
    expect(proofs([open, withheld])).toEqual(["heal-1"]);
    expect(proofs([open, { ...later, environment: "vps" }])).toEqual(["heal-1"]);
    expect(proofs([open, { ...healed, targets: [{ secret: "MODEL", versionId: "v2" }] }])).toEqual([
      "heal-1",
    ]);
  });

  it("is told as healed, by a later check, with what was wrong as far as that was kept", () => {
    const heal = { ...open, targets: [...open.targets, { secret: "MODEL", versionId: "v1" }] };

    expect(lateReport(heal, 61)).toEqual({
      ...{ environment: "api", secrets: ["AUTH", "MODEL"], status: "healed" },
      ...{ reason: "verified-later", durationMs: 60, was: [was] },
    });
  });
});

it("proves what was only to be stored where a link comes to it", () => {
  const holds = { kind: "in-sync", versionId: "v2" } as const;
  const linked: HolderDiagnosis = { ...right, stored: { kind: "inherited", holds } };
  const targets = [{ secret: "AUTH", versionId: "v2", was: quietly }];

  expect(proofs([{ ...open, targets }], { AUTH: linked })).toEqual(["heal-1"]);
});
