import type { HolderChange, HolderMemory, Remembered, RunMemory } from "./memory.ts";
import type { HealReport } from "./report.ts";
import { isoTime } from "./time.ts";

/** Environment → secret → epoch milliseconds. */
type Times = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * Until when each holder that has just been found wrong was known to be right: the later of the last run that saw the
 * whole fleet and did not find it wrong, and the replacement of the version that it holds. Conservative, for it may
 * have been right for longer; nothing is said of what neither is known of.
 */
export function lastKnownRight(
  changes: readonly HolderChange[],
  runs: readonly RunMemory[],
  replacedAtMs: (change: HolderChange) => number | undefined,
): Times {
  const known = changes.flatMap(({ environment, secret, before, after }) => {
    if (before === undefined || !wasRight(before) || wasRight(after)) return [];
    const change = { environment, secret, before, after };
    const seenMs = runs.findLast((run) => sawRight(run, change))?.startedAtMs;
    const times = [seenMs, replacedAtMs(change)].flatMap((time) =>
      time === undefined || time < before.sinceMs ? [] : [time],
    );
    return times.length === 0 ? [] : [{ environment, secret, untilMs: Math.max(...times) }];
  });
  const byEnvironment = Map.groupBy(known, ({ environment }) => environment);
  return new Map(
    [...byEnvironment].map(([environment, group]) => [
      environment,
      new Map(group.map(({ secret, untilMs }) => [secret, untilMs])),
    ]),
  );
}

/** A run that was asked for by a person may have looked at a part only. */
function sawRight(
  { trigger, status, unknownCount, wrong, wrongCount }: RunMemory,
  { environment, secret }: HolderChange,
): boolean {
  const sawAll = (trigger === "schedule" || trigger === "label") && status !== "failed" && unknownCount === 0;
  const isNamed = wrong.some((each) => each.environment === environment && each.secret === secret);
  return sawAll && wrongCount === undefined && !isNamed;
}

/** Since when what was repaired had been wrong: as is remembered, else as the run that repaired it found it. */
export function withWrongSince(
  heal: HealReport,
  { holders }: Pick<Remembered, "holders">,
  foundMs: number | undefined,
): HealReport {
  if (heal.status !== "healed") return heal;
  const times = heal.secrets.flatMap((secret) => {
    const before = holders.get(heal.environment)?.get(secret);
    return before === undefined || wasRight(before) ? (foundMs ?? []) : before.sinceMs;
  });
  return times.length === 0 ? heal : { ...heal, wrongSince: isoTime(Math.min(...times)) };
}

/** By the text that is remembered of a verdict. */
function wasRight({ verdict }: HolderMemory): boolean {
  return /^\{"kind":"(in-sync|ahead)"/.test(verdict);
}
