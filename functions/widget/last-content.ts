import { limits } from "../core/limits.ts";
import type { HealMemory } from "../core/memory.ts";
import type { Memory } from "../core/ports.ts";
import type { Report } from "../core/report.ts";
import { epochMs } from "../core/time.ts";
import type { PageContent } from "../page/page.ts";

/**
 * What is remembered, as a page shows it: the last whole report, what was repaired since, and the runs before. A
 * repair's own report covers only what it mended, so that it stands beside the check's and not in its place.
 * @throws TallystickError `memory-unreadable`
 */
export async function lastContent(memory: Memory, nowMs: number): Promise<PageContent | undefined> {
  const [last, runs, { heals }] = await Promise.all([
    memory.lastReport(),
    memory.recallRuns(nowMs - limits.runsShownMs),
    memory.recall(nowMs),
  ]);
  if (last === undefined) return undefined;
  const { report, isCut } = last;
  return {
    ...{ report, runs, laterHeals: endedAfter(report, heals) },
    ...(isCut && { note: cutNote }),
  };
}

const cutNote =
  "The fleet is too large for its report to be kept whole: environments in which all is right are left out, and others where that was not enough. The numbers above count what is left; the log of the check has all.";

function endedAfter({ run }: Report, heals: readonly HealMemory[]): readonly HealMemory[] {
  const madeAtMs = epochMs(run.startedAt) + run.durationMs;
  return heals.filter(({ startedAtMs, end }) => (end?.atMs ?? startedAtMs) > madeAtMs);
}
