import type { RunMemory, WrongMemory } from "../core/memory.ts";

/** One stretch of time in which a holder was found wrong, run after run. */
export interface Spell {
  readonly fromMs: number;
  /** When a run first found it wrong no more; absent where the last run still did. */
  readonly untilMs?: number;
  /** The verdicts' kinds in their order, each once in a row. */
  readonly verdicts: readonly string[];
}

/** A holder that ever was wrong, with all its spells, oldest first. */
export interface WrongHolder {
  readonly environment: string;
  readonly secret: string;
  readonly spells: readonly Spell[];
}

export interface Timeline {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly runs: readonly RunMemory[];
  /** What is wrong now comes first, then what was wrong last. */
  readonly holders: readonly WrongHolder[];
}

/** Who was wrong, when and how long, as the last runs found it; undefined where no run is remembered. */
export function timelineOf(runs: readonly RunMemory[]): Timeline | undefined {
  const [first] = runs;
  const last = runs.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const holders = new Map<string, WrongHolder>();
  for (const run of runs) noteRun(holders, run);
  return {
    fromMs: first.startedAtMs,
    untilMs: endOf(last),
    runs,
    holders: [...holders.values()].toSorted((one, other) => lastWrongMs(other) - lastWrongMs(one)),
  };
}

function noteRun(holders: Map<string, WrongHolder>, run: RunMemory): void {
  const seen = new Set<string>();
  for (const { environment, secret, ...wrong } of run.wrong) {
    const key = JSON.stringify([environment, secret]);
    seen.add(key);
    const holder = holders.get(key) ?? { environment, secret, spells: [] };
    holders.set(key, { ...holder, spells: withVerdict(holder.spells, wrong, run) });
  }
  for (const [key, holder] of holders) {
    if (!seen.has(key)) holders.set(key, { ...holder, spells: withEnd(holder.spells, run) });
  }
}

function withVerdict(
  spells: readonly Spell[],
  { verdict, sinceMs }: Pick<WrongMemory, "verdict" | "sinceMs">,
  run: RunMemory,
): readonly Spell[] {
  const last = spells.at(-1);
  if (last === undefined || last.untilMs !== undefined) {
    // Where it began before the first of these runs, that is remembered.
    const fromMs = Math.min(sinceMs ?? run.startedAtMs, run.startedAtMs);
    return [...spells, { fromMs, verdicts: [verdict] }];
  }
  if (last.verdicts.at(-1) === verdict) return spells;
  return [...spells.slice(0, -1), { ...last, verdicts: [...last.verdicts, verdict] }];
}

function withEnd(spells: readonly Spell[], run: RunMemory): readonly Spell[] {
  const last = spells.at(-1);
  if (last === undefined || last.untilMs !== undefined) return spells;
  return [...spells.slice(0, -1), { ...last, untilMs: endOf(run) }];
}

function endOf({ startedAtMs, durationMs }: RunMemory): number {
  return startedAtMs + durationMs;
}

function lastWrongMs({ spells }: WrongHolder): number {
  return spells.at(-1)?.untilMs ?? Number.POSITIVE_INFINITY;
}
