import { systemClock } from "../adapters/clock.ts";
import { settings } from "../contract.ts";
import { TallystickError } from "../core/errors.ts";
import { limits } from "../core/limits.ts";
import type { HealMemory, RunMemory } from "../core/memory.ts";
import { isoTime } from "../core/time.ts";
import { tableMemory } from "../heal/composition.ts";
import { type History, renderHistory } from "./history-text.ts";
import { printableJson } from "./printable.ts";
import { columnsOf, type Terminal, wantsColour } from "./terminal.ts";

/** What `tallystick history` was called with; `since` is how far back, in milliseconds. */
export interface HistoryOptions {
  readonly since: number;
  readonly json?: true;
}

/**
 * Prints what the state table keeps; gives the exit code.
 * @throws TallystickError `setting-missing`, `memory-unreadable`
 */
export async function historyFromCommandLine(terminal: Terminal, options: HistoryOptions): Promise<number> {
  const { out, variables } = terminal;
  const memory = tableMemory(variables);
  if (memory === undefined) {
    throw new TallystickError(
      "setting-missing",
      `the history is in the stack's state table: set ${settings.stateTable} to its name (the stack's output StateTable)`,
    );
  }
  const sinceMs = Math.max(0, systemClock.now() - options.since);
  const [runs, { heals }] = await Promise.all([
    memory.recallRuns(sinceMs),
    // As of then, so that repairs are recalled from as far back as runs.
    memory.recall(sinceMs + limits.healsRecalledMs),
  ]);
  const history: History = { sinceMs, runs, heals };
  out.write(
    options.json
      ? `${printableJson(datedHistory(history))}\n`
      : renderHistory(history, { columns: columnsOf(out), colour: wantsColour(out, variables) }),
  );
  return 0;
}

/** For programs: times in ISO 8601, as in a report. */
function datedHistory({ sinceMs, runs, heals }: History): object {
  return {
    schema: "tallystick/history/v1",
    since: isoTime(sinceMs),
    runs: runs.map(datedRun),
    repairs: heals.map(datedHeal),
  };
}

function datedRun({ startedAtMs, wrong, ...run }: RunMemory): object {
  return {
    ...run,
    startedAt: isoTime(startedAtMs),
    wrong: wrong.map(({ sinceMs, ...holder }) => ({
      ...holder,
      ...(sinceMs !== undefined && { since: isoTime(sinceMs) }),
    })),
  };
}

function datedHeal({ startedAtMs, end, ...heal }: HealMemory): object {
  const ended = end && { status: end.status, reason: end.reason, endedAt: isoTime(end.atMs) };
  return { ...heal, startedAt: isoTime(startedAtMs), ...ended };
}
