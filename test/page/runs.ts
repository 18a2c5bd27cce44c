import type { RunMemory, WrongMemory } from "../../functions/core/memory.ts";

export const firstRunMs = Date.parse("2026-11-19T00:00:00Z");
export const hourMs = 3_600_000;

const onRailway = { environment: "railway-production", secret: "INTERNAL_AUTH_SECRET" };
const onVps = { environment: "vps", secret: "INTERNAL_AUTH_SECRET" };

/** A run every two hours; `wrongAt` says what was wrong at the nth. */
export function runsOf(count: number, wrongAt: (index: number) => readonly WrongMemory[]): RunMemory[] {
  return Array.from({ length: count }, (_, index) => {
    const wrong = wrongAt(index);
    return {
      ...{ id: `run-${index}`, startedAtMs: firstRunMs + 2 * index * hourMs, durationMs: 1_200 },
      ...{ trigger: "schedule", status: wrong.length > 0 ? "drifted" : "in-sync", wrong },
    };
  });
}

/** Three days: the VPS was wrong for a while and is so again, Railway is since ten hours. */
export const threeDays = runsOf(40, (index) => [
  ...(index >= 35 ? [{ ...onRailway, verdict: "behind" }] : []),
  ...(index >= 38 ? [{ ...onVps, verdict: "mangled" }] : []),
  ...(index >= 9 && index < 12 ? [{ ...onVps, verdict: index < 11 ? "unset" : "behind" }] : []),
]);
