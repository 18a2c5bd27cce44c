import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../../functions/core/limits.ts";
import type { Matter } from "../../functions/core/matters.ts";
import type { MatterMemory } from "../../functions/core/memory.ts";
import { reckon, type Telling } from "../../functions/core/tellings.ts";
import { dayMs, hourMs } from "./telling.ts";

const about = { kind: "holder", environment: "app", secret: "AUTH" } as const;
const key = JSON.stringify(Object.values(about));

interface Moment {
  readonly afterMs: number;
  readonly sight: "right" | "behind" | "unset" | "busy" | "mended" | "unseen";
}

const moments: fc.Arbitrary<readonly Moment[]> = fc.array(
  fc.record({
    afterMs: fc.oneof(
      { weight: 6, arbitrary: fc.constant(6 * hourMs) },
      { weight: 1, arbitrary: fc.constantFrom(0, 1, 5 * 60_000, hourMs, dayMs, 4 * dayMs) },
    ),
    sight: fc.constantFrom("right", "right", "behind", "behind", "unset", "busy", "mended", "unseen"),
  }),
  { minLength: 1, maxLength: 60 },
);

function matterAt(sight: Moment["sight"], nowMs: number, run: number): readonly Matter[] {
  const wrong = { as: "drift", sinceMs: nowMs, broke: [] } as const;
  switch (sight) {
    case "right":
      return [{ about, key, seen: "right" }];
    case "mended":
      return [{ about, key, seen: "mended", by: `run-${run}`, sinceMs: nowMs, broke: [] }];
    case "busy":
      return [{ about, key, seen: "busy", ours: true, what: "behind", ...wrong }];
    case "unseen":
      return [];
    default:
      return [{ about, key, seen: "wrong", what: sight, ...wrong }];
  }
}

interface Lived {
  readonly sight: Moment["sight"];
  readonly atMs: number;
  readonly tellings: readonly Telling[];
  readonly writes: number;
}

/** A life of one matter, run by run, in which all that is told is remembered. */
function live(life: readonly Moment[]): readonly Lived[] {
  const matters = new Map<string, MatterMemory>();
  let nowMs = Date.UTC(2026, 10, 22);
  return life.map(({ afterMs, sight }, run) => {
    nowMs += afterMs;
    const seen = matterAt(sight, nowMs, run);
    const { tellings, quiet } = reckon(seen, matters, { nowMs, remindEveryMs: dayMs });
    const changes = [...quiet, ...tellings.flatMap(({ change }) => change ?? [])];
    for (const { key: name, after } of changes) matters.set(name, after);
    const again = reckon(seen, matters, { nowMs, remindEveryMs: dayMs });
    expect(again, "the same, seen once more at the same moment").toEqual({ tellings: [], quiet: [] });
    return { sight, atMs: nowMs, tellings, writes: changes.length };
  });
}

/** What people believe after each run, by what they were told alone. */
function beliefsOf(lived: readonly Lived[]): readonly ("right" | "wrong" | "flapping")[] {
  let belief: "right" | "wrong" | "flapping" = "right";
  return lived.map(({ tellings }) => {
    for (const { kind } of tellings) {
      if (kind === "flapping") belief = "flapping";
      else if (kind === "resolved" || kind === "repaired") belief = "right";
      else belief = "wrong";
    }
    return belief;
  });
}

const withLife = (check: (lived: readonly Lived[]) => void) =>
  fc.assert(
    fc.property(moments, (life) => check(live(life))),
    { numRuns: 500, seed: 20261122 },
  );

describe("whatever happens to a matter", () => {
  it("people believe what was seen, or that it flaps; and silence changes no belief", () => {
    withLife((lived) => {
      const beliefs = beliefsOf(lived);
      for (const [run, { sight }] of lived.entries()) {
        const belief = beliefs[run];
        if (belief === "flapping") continue;
        if (sight === "right" || sight === "mended") expect(belief).toBe("right");
        if (sight === "behind" || sight === "unset") expect(belief).toBe("wrong");
        if (sight === "unseen" || sight === "busy") expect(belief).toBe(beliefs[run - 1] ?? "right");
      }
    });
  });

  it("nothing is told to be over that nobody was told of, nor without its having been seen right", () => {
    withLife((lived) => {
      const beliefs = beliefsOf(lived);
      for (const [run, { sight, tellings }] of lived.entries()) {
        if (!tellings.some(({ kind }) => kind === "resolved")) continue;
        expect(sight).toBe("right");
        expect(beliefs[run - 1]).not.toBe("right");
      }
    });
  });

  it("what goes on is told again every day, and not sooner", () => {
    withLife((lived) => {
      let toldMs = Number.NEGATIVE_INFINITY;
      for (const { atMs, tellings } of lived) {
        for (const { kind } of tellings) {
          if (kind === "reminder") expect(atMs - toldMs).toBeGreaterThanOrEqual(dayMs);
          toldMs = atMs;
        }
      }
    });
  });

  it("people hear of it a bounded number of times in three days", () => {
    withLife((lived) => {
      for (const { atMs } of lived) {
        const within = lived.filter((one) => one.atMs > atMs - limits.flapWindowMs && one.atMs <= atMs);
        const told = within.flatMap(({ tellings }) => tellings);
        // As often as is allowed, then as flapping, as steady or right again, and with a reminder for each day.
        expect(told.length).toBeLessThanOrEqual(2 * limits.flapChangesMax + 5);
      }
    });
  });

  it("it is written only where something changes: seen alike within a day, nothing is", () => {
    withLife((lived) => {
      for (const [run, { sight, writes, atMs, tellings }] of lived.entries()) {
        const before = lived[run - 1];
        if (before?.sight !== sight || sight === "mended" || tellings.length > 0) continue;
        expect(writes, `${sight} at ${atMs}`).toBe(0);
      }
    });
  });
});
