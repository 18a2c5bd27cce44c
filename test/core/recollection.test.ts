import { describe, expect, it } from "vitest";
import type { Diagnosis } from "../../functions/core/diagnosis.ts";
import type { HolderMemory, Remembered } from "../../functions/core/memory.ts";
import { recollect } from "../../functions/core/recollection.ts";
import type { Verdict } from "../../functions/core/verdict.ts";
import { nowMs } from "./world.ts";

const inSync: Verdict = { kind: "in-sync", versionId: "v2" };
const behind: Verdict = { kind: "behind", versionId: "v1", behindBy: 1 };
const silent: Verdict = { kind: "unknown", because: "unreachable", detail: "refused" };

function seen(verdict: Verdict, versionId?: string): Diagnosis {
  const version = versionId === undefined ? {} : { version: { id: versionId } };
  return {
    secrets: new Map([["AUTH", { state: "valid", rotation: "none", ...version }]]),
    environments: new Map([
      ["api", { notes: [], holders: new Map([["AUTH", { verdict }]]), capabilities: new Map() }],
    ]),
  } as Diagnosis;
}

function past(holder?: HolderMemory, versions: readonly (readonly [string, number])[] = []): Remembered {
  return {
    holders: new Map(holder === undefined ? [] : [["api", new Map([["AUTH", holder]])]]),
    versions: new Map([["AUTH", new Map(versions)]]),
    heals: [],
    claimed: new Set(),
  };
}

describe("what is remembered of a holder", () => {
  it("begins when it is first seen", () => {
    const { holders, since } = recollect(past(), seen(inSync), nowMs);

    expect(holders).toMatchObject([{ environment: "api", secret: "AUTH", after: { sinceMs: nowMs } }]);
    expect(holders[0]).not.toHaveProperty("before");
    expect(since.get("api")?.get("AUTH")).toBe(nowMs);
  });

  it("is not written again while it stays the same", () => {
    const [change] = recollect(past(), seen(behind), nowMs - 5_000).holders;
    const { holders, since } = recollect(past(change?.after), seen(behind), nowMs);

    expect(holders).toEqual([]);
    expect(since.get("api")?.get("AUTH")).toBe(nowMs - 5_000);
  });

  it("changes with the verdict, and says from what", () => {
    const [change] = recollect(past(), seen(behind), nowMs - 5_000).holders;
    const { holders } = recollect(past(change?.after), seen(inSync), nowMs);

    expect(holders).toMatchObject([{ before: change?.after, after: { sinceMs: nowMs } }]);
  });

  it("is not changed by silence, and has no since then", () => {
    const [change] = recollect(past(), seen(behind), nowMs - 5_000).holders;
    const { holders, since } = recollect(past(change?.after), seen(silent), nowMs);

    expect(holders).toEqual([]);
    expect(since.get("api")?.has("AUTH")).toBe(false);
  });

  it("stays the same where other instances disagree in the same way", () => {
    const split = (instance: string): Verdict => ({
      kind: "split",
      instances: [
        { instance, verdict: { kind: "in-sync", versionId: "v2" } },
        { instance: `${instance}-2`, verdict: { kind: "unset" } },
      ],
    });
    const [change] = recollect(past(), seen(split("a")), nowMs - 5_000).holders;

    expect(recollect(past(change?.after), seen(split("b")), nowMs).holders).toEqual([]);
    expect(recollect(past(change?.after), seen(behind), nowMs).holders).toHaveLength(1);
  });
});

describe("what is remembered of a version", () => {
  it("is when it was first seen", () => {
    expect(recollect(past(), seen(inSync, "v2"), nowMs).versions).toEqual([
      { secret: "AUTH", versionId: "v2", firstSeenMs: nowMs },
    ]);
    expect(recollect(past(undefined, [["v2", 7]]), seen(inSync, "v2"), nowMs).versions).toEqual([]);
  });

  it("tells when it became current only where another was seen before it", () => {
    const activated = (versions: readonly (readonly [string, number])[]) =>
      recollect(past(undefined, versions), seen(inSync, "v2"), nowMs).activated.get("AUTH");

    expect(activated([])).toBeUndefined();
    expect(activated([["v2", 7]])).toBeUndefined();
    expect(activated([["v1", 5]])).toBe(nowMs);
    expect(
      activated([
        ["v1", 5],
        ["v2", 7],
      ]),
    ).toBe(7);
  });

  it("is nothing where the source could not be read", () => {
    expect(recollect(past(), seen(silent), nowMs).versions).toEqual([]);
  });
});
