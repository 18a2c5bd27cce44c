import { describe, expect, it } from "vitest";
import { type HistoryCase, historyGuardOf } from "../../functions/core/history-guards.ts";
import type { HealMemory, Remembered } from "../../functions/core/memory.ts";
import { dayMs, fleetOf, health, nowMs } from "./world.ts";

const { policy } = fleetOf({
  secrets: { AUTH: { source: { env: "AUTH" } } },
  environments: { api: { health } },
});
const one: HistoryCase = {
  ...{ environment: "api", secret: "AUTH", versionId: "v2", serviceKey: "service-1", policy },
};
const hourMs = 3_600_000;

function past(heals: readonly HealMemory[], claimed: readonly string[] = []): Remembered {
  return { holders: new Map(), versions: new Map(), heals, claimed: new Set(claimed) };
}

/** A repair that was begun so long ago and ended proven, but for what a test says. */
function healed(agoMs: number, but: Partial<HealMemory> = {}): HealMemory {
  return {
    ...{ id: `heal-${agoMs}`, environment: "api", targets: [{ secret: "AUTH", versionId: "v2" }] },
    startedAtMs: nowMs - agoMs,
    end: { atMs: nowMs - agoMs + 60_000, status: "healed" },
    ...but,
  };
}

const failedEnd = { atMs: nowMs, status: "failed", reason: "deployment-failed" } as const;
const otherVersion = [{ secret: "AUTH", versionId: "v1" }];

function reasonAfter(
  remembered: Remembered | "unreadable",
  { lifted = [], ...but }: Partial<HistoryCase> & { lifted?: readonly string[] } = {},
): string | undefined {
  return historyGuardOf({ ...one, ...but }, { remembered, nowMs, lifted: new Set(lifted) })?.reason;
}

describe("a repair", () => {
  it.each<[string, string | undefined, Remembered | "unreadable"]>([
    ["nothing is remembered", undefined, past([])],
    ["the memory cannot be read", "no-memory", "unreadable"],
    ["its service is being repaired", "in-flight", past([], ["service-1"])],
    ["another service is being repaired", undefined, past([], ["service-2"])],
    ["it was begun less than the cool-down ago", "cooldown", past([healed(hourMs - 1)])],
    ["it was begun just the cool-down ago", undefined, past([healed(hourMs)])],
    ["it failed less than the cool-down ago", "cooldown", past([healed(1, { end: failedEnd })])],
    ["another version was pushed just now", undefined, past([healed(1, { targets: otherVersion })])],
    ["another environment was repaired just now", undefined, past([healed(1, { environment: "vps" })])],
    [
      "it was only withheld just now",
      undefined,
      past([healed(1, { end: { atMs: nowMs, status: "withheld", reason: "deploying" } })]),
    ],
    [
      "it was not needed just now",
      undefined,
      past([healed(1, { end: { atMs: nowMs, status: "superseded", reason: "already-right" } })]),
    ],
    [
      "it could not be started just now",
      undefined,
      past([healed(1, { end: { atMs: nowMs, status: "failed", reason: "heal-not-started" } })]),
    ],
    [
      "it was overtaken just now by another deployment, after it had begun one",
      "cooldown",
      past([healed(1, { end: { atMs: nowMs, status: "superseded", reason: "deployment-replaced" } })]),
    ],
    [
      "one whose end nobody told was begun just now",
      "cooldown",
      past([{ ...one, id: "x", targets: [{ secret: "AUTH", versionId: "v2" }], startedAtMs: nowMs - 1 }]),
    ],
    [
      "the day's repairs are used up",
      "daily-cap",
      past([2, 5, 9].map((hours) => healed(hours * hourMs, { targets: otherVersion }))),
    ],
    [
      "one of the day's repairs is a day old",
      undefined,
      past([2 * hourMs, 5 * hourMs, dayMs].map((agoMs) => healed(agoMs, { targets: otherVersion }))),
    ],
    ["it was proven once with this version", undefined, past([healed(2 * dayMs)])],
    ["it was proven twice with this version", "fighting", past([healed(3 * dayMs), healed(2 * dayMs)])],
    [
      "it was proven once, and failed once",
      undefined,
      past([healed(3 * dayMs), healed(2 * dayMs, { end: failedEnd })]),
    ],
    [
      "it was proven twice, once with another version",
      undefined,
      past([healed(3 * dayMs, { targets: otherVersion }), healed(2 * dayMs)]),
    ],
  ])("where %s is withheld for %s", (_what, reason, remembered) => {
    expect(reasonAfter(remembered)).toBe(reason);
  });

  it("that a person names is not held back by the cool-down, but by all else", () => {
    const lifted = ["api"];

    expect(reasonAfter(past([healed(1)]), { lifted })).toBeUndefined();
    expect(reasonAfter(past([healed(1)]), { lifted: ["vps"] })).toBe("cooldown");
    expect(reasonAfter(past([healed(1), healed(2)]), { lifted })).toBe("fighting");
    expect(reasonAfter(past([], ["service-1"]), { lifted })).toBe("in-flight");
    expect(reasonAfter("unreadable", { lifted })).toBe("no-memory");
  });

  it("tells how often, since when, and when it may go on", () => {
    const detail = (remembered: Remembered) =>
      historyGuardOf(one, { remembered, nowMs, lifted: new Set() })?.detail;

    expect(detail(past([healed(hourMs / 2)]))).toBe(
      "the last repair was begun not long ago; again in 30 min",
    );
    expect(detail(past([healed(2 * dayMs), healed(dayMs)]))).toBe(
      "repaired 2 times since 2026-11-20T10:00:00Z with the same version, and wrong again",
    );
    expect(detail(past([1, 2, 3].map((ago) => healed(ago, { targets: otherVersion }))))).toBe(
      "3 repairs in 24 h, and the policy allows 3",
    );
  });

  it("of what is on no service of Railway has no claim to mind", () => {
    expect(reasonAfter(past([], ["service-1"]), { serviceKey: undefined })).toBeUndefined();
  });
});
