import type { HealReport } from "../core/report.ts";
import { healPhrase } from "../core/wording.ts";

/** What was pushed is old already. */
export function isOutrun({ reason }: HealReport): boolean {
  return reason === "truth-changed";
}

/**
 * What two rounds of one repair come to. The second has the last word, but where it did nothing: then what the first
 * one did is told, for a deployment was started and counts.
 */
export function mergeRounds(
  first: readonly HealReport[],
  second: readonly HealReport[],
): readonly HealReport[] {
  const later = Map.groupBy(second, ({ environment }) => environment);
  return [...later].flatMap(([environment, again]) => {
    const deeds = first.filter((report) => report.environment === environment && report.redeployed);
    return deeds.length === 0 || again.some(hasDone) ? again : deeds.map((deed) => withSequel(deed, again));
  });
}

function hasDone({ status, redeployed }: HealReport): boolean {
  return redeployed === true || (status !== "withheld" && status !== "superseded");
}

function withSequel(deed: HealReport, again: readonly HealReport[]): HealReport {
  const [sequel] = again;
  if (!isOutrun(deed) || sequel === undefined) return deed;
  return { ...deed, detail: `${deed.detail}; then: ${healPhrase(sequel)}` };
}
