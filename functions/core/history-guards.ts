import { durationWords } from "./duration.ts";
import type { Fleet } from "./fleet.ts";
import type { Withheld } from "./guards.ts";
import { limits } from "./limits.ts";
import type { HealMemory, Remembered } from "./memory.ts";
import { isoTime } from "./time.ts";

/** What a plan is told of the time before it. */
export interface History {
  readonly remembered: Remembered | "unreadable";
  readonly nowMs: number;
  /** Environments that a person has named, for which canary and cool-down are lifted. */
  readonly lifted: ReadonlySet<string>;
}

/** One repair that is about to be planned. */
export interface HistoryCase {
  readonly environment: string;
  readonly secret: string;
  /** The version that would be pushed. */
  readonly versionId: string;
  readonly serviceKey: string | undefined;
  readonly policy: Fleet["policy"];
}

/** The first guard that what happened before puts up against a repair, the gravest first. */
export function historyGuardOf(
  one: HistoryCase,
  { remembered, nowMs, lifted }: History,
): Withheld | undefined {
  if (remembered === "unreadable") return { reason: "no-memory" };
  if (one.serviceKey !== undefined && remembered.claimed.has(one.serviceKey)) return { reason: "in-flight" };
  const heals = remembered.heals.filter((heal) => heal.environment === one.environment && hasActed(heal));
  return (
    fightingOf(one, heals) ??
    dailyCapOf(one, heals, nowMs) ??
    (lifted.has(one.environment) ? undefined : cooldownOf(one, heals, nowMs))
  );
}

/** What was withheld, not needed or never started has changed nothing; what is under way, or was overtaken, may have. */
export function hasActed({ end }: HealMemory): boolean {
  if (end === undefined) return true;
  return end.status !== "withheld" && end.reason !== "already-right" && end.reason !== "heal-not-started";
}

/** Set right with this very version, more than once, and wrong again: somebody or something changes it back. */
function fightingOf(one: HistoryCase, heals: readonly HealMemory[]): Withheld | undefined {
  const won = heals.filter(
    ({ end, targets }) =>
      end?.status === "healed" &&
      targets.some(({ secret, versionId }) => secret === one.secret && versionId === one.versionId),
  );
  const [first] = won;
  if (first === undefined || won.length < limits.healsBeforeFightMax) return undefined;
  const since = isoTime(first.startedAtMs);
  return {
    reason: "fighting",
    detail: `repaired ${won.length} times since ${since} with the same version, and wrong again`,
  };
}

function dailyCapOf(
  { policy }: HistoryCase,
  heals: readonly HealMemory[],
  nowMs: number,
): Withheld | undefined {
  const today = heals.filter(({ startedAtMs }) => nowMs - startedAtMs < dayMs);
  if (today.length < policy.fixesPerDayMax) return undefined;
  return {
    reason: "daily-cap",
    detail: `${today.length} repairs in 24 h, and the policy allows ${policy.fixesPerDayMax}`,
  };
}

/** A version that nobody has pushed here yet is no repetition. */
function cooldownOf(one: HistoryCase, heals: readonly HealMemory[], nowMs: number): Withheld | undefined {
  const last = heals.findLast(({ targets }) =>
    targets.some(({ secret, versionId }) => secret === one.secret && versionId === one.versionId),
  );
  const untilMs = last === undefined ? nowMs : last.startedAtMs + one.policy.cooldown;
  return untilMs > nowMs
    ? {
        reason: "cooldown",
        detail: `the last repair was begun not long ago; again in ${durationWords(untilMs - nowMs)}`,
      }
    : undefined;
}

const dayMs = 86_400_000;
