import type { HealReason, HealStatus } from "./heal-outcome.ts";
import type { RepairedHolder, Report } from "./report.ts";

/** What is remembered of one secret in one environment. */
export interface HolderMemory {
  /** What was last seen of it, as one text that tells two different verdicts of a kind apart. */
  readonly verdict: string;
  /** Since when it has been so, as far as we saw: epoch milliseconds. */
  readonly sinceMs: number;
}

/** One change of what is remembered of a holder; noted only where nobody has noted another since it was recalled. */
export interface HolderChange {
  readonly environment: string;
  readonly secret: string;
  /** Absent where nothing was remembered. */
  readonly before?: HolderMemory;
  readonly after: HolderMemory;
}

/** When a version was first seen to be current: the source itself does not say. */
export interface VersionMemory {
  readonly secret: string;
  readonly versionId: string;
  readonly firstSeenMs: number;
}

/** How a repair ended. */
export interface HealEnd {
  readonly atMs: number;
  readonly status: Exclude<HealStatus, "started">;
  readonly reason?: HealReason;
}

/** One secret that a repair was to put right. */
export interface HealTarget {
  readonly secret: string;
  readonly versionId: string;
  /** What was wrong; absent where it is too long to be kept, and in what an older version kept. */
  readonly was?: RepairedHolder;
}

/** One repair of one environment, from its start on. */
export interface HealMemory {
  /** The execution's name, or the run's id where the run itself repairs. */
  readonly id: string;
  readonly environment: string;
  /** What was to be put right, and with which version of it. */
  readonly targets: readonly HealTarget[];
  readonly startedAtMs: number;
  /** Absent as long as nobody has told its end. */
  readonly end?: HealEnd;
}

/** A claim to be the only one who repairs some services, until it ends or runs out. */
export interface HealClaim {
  readonly id: string;
  /** Keys of Railway services, as `serviceKey` makes them. */
  readonly services: readonly string[];
  readonly heals: readonly HealMemory[];
  readonly startedAtMs: number;
  /** After this the claim is void: who made it has died. */
  readonly untilMs: number;
}

/** What is remembered of one matter that people are told of, from its first sight on. */
export interface MatterMemory {
  /** Counts the changes, so that one is noted only where nobody has noted another since. */
  readonly revision: number;
  /** What is wrong; absent where it was right when it was last seen. */
  readonly what?: string;
  /** Why it is so, and why it is not mended, as far as was known when it was told. */
  readonly cause?: string;
  readonly why?: string;
  /** Since when it is so, epoch milliseconds. */
  readonly sinceMs: number;
  /** When people were told last; absent where they do not know of what is wrong. */
  readonly toldAtMs?: number;
  /** The repair whose good end was told last. */
  readonly mendedBy?: string;
  /** When it changed, as far as that matters for whether it flaps. */
  readonly changesMs: readonly number[];
  readonly flappingSinceMs?: number;
  /** What all messages of one incident have in common, for a thread. */
  readonly incident: string;
  /** Capabilities that were refused for it when it was noted, as people call them. */
  readonly broke: readonly string[];
}

/** One change of what is remembered of a matter; noted only where it still is as it was recalled. */
export interface MatterChange {
  readonly key: string;
  /** The revision that was recalled; 0 where nothing was. */
  readonly before: number;
  readonly after: MatterMemory;
}

/** Who tells people something, and until when nobody else does. */
export interface TellingClaim {
  readonly tellerId: string;
  readonly nowMs: number;
  readonly untilMs: number;
}

/** One run, kept for a while. */
export interface RunMemory {
  readonly id: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly trigger: string;
  readonly status: string;
  /** Those that were not right: all, or the first of them where they were very many. */
  readonly wrong: readonly WrongMemory[];
  /** How many were not right, where `wrong` has not all of them. */
  readonly wrongCount?: number;
  /** How many could not be seen. Absent, as the members below, in what an older version kept. */
  readonly unknownCount?: number;
  /** What became of its repairs by its own end; what it only started ended later. */
  readonly heals?: readonly RunHealMemory[];
}

/** One holder that was not right. */
export interface WrongMemory {
  readonly environment: string;
  readonly secret: string;
  /** The verdict's kind. */
  readonly verdict: string;
  /** Since when it had been so, epoch milliseconds. */
  readonly sinceMs?: number;
}

/** What a run told of one repair. */
export interface RunHealMemory {
  readonly environment: string;
  readonly secrets: readonly string[];
  readonly status: string;
  readonly reason?: string;
  readonly durationMs?: number;
}

/** The report of the last run that looked at the whole fleet. */
export interface LastReport {
  readonly report: Report;
  /** Whether some environments are not in it: it was too large to be kept whole. */
  readonly isCut: boolean;
}

/** Everything that is remembered of a fleet. */
export interface Remembered {
  /** Environment → secret → what it was. */
  readonly holders: ReadonlyMap<string, ReadonlyMap<string, HolderMemory>>;
  /** Secret → version id → when it was first seen to be current, epoch milliseconds. */
  readonly versions: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Repairs of the last days, oldest first. */
  readonly heals: readonly HealMemory[];
  /** Keys of services that somebody repairs now. */
  readonly claimed: ReadonlySet<string>;
}
