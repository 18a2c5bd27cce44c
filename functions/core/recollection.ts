import type { Diagnosis } from "./diagnosis.ts";
import type { HolderChange, Remembered, VersionMemory } from "./memory.ts";
import type { Verdict } from "./verdict.ts";

/** What a run adds to what is remembered. */
export interface Recollection {
  readonly holders: readonly HolderChange[];
  readonly versions: readonly VersionMemory[];
  /** Since when each holder has been as it is: environment → secret → epoch milliseconds. */
  readonly since: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Until when what has just been found wrong was known to be right; see `lastKnownRight`. */
  readonly rightUntil?: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** When the current version of a secret was first seen to be it, where another was seen before. */
  readonly activated: ReadonlyMap<string, number>;
}

/**
 * Compares what is seen with what was remembered. Silence changes nothing: what could not be seen is remembered as
 * it was seen last.
 */
export function recollect(remembered: Remembered, diagnosis: Diagnosis, nowMs: number): Recollection {
  const holders: HolderChange[] = [];
  const since = [...diagnosis.environments].map(([environment, { holders: seen }]) => {
    const times = [...seen].flatMap(([secret, { verdict }]) => {
      if (verdict.kind === "unknown") return [];
      const before = remembered.holders.get(environment)?.get(secret);
      const text = verdictText(verdict);
      if (before?.verdict === text) return [[secret, before.sinceMs] as const];
      const after = { verdict: text, sinceMs: nowMs };
      holders.push({ environment, secret, ...(before !== undefined && { before }), after });
      return [[secret, nowMs] as const];
    });
    return [environment, new Map(times)] as const;
  });
  return { holders, since: new Map(since), ...recollectVersions(remembered, diagnosis, nowMs) };
}

function recollectVersions(
  remembered: Remembered,
  { secrets }: Diagnosis,
  nowMs: number,
): Pick<Recollection, "versions" | "activated"> {
  const versions: VersionMemory[] = [];
  const activated = new Map<string, number>();
  for (const [secret, { version }] of secrets) {
    if (version === undefined) continue;
    const known = remembered.versions.get(secret);
    const firstSeenMs = known?.get(version.id) ?? nowMs;
    if (!known?.has(version.id)) versions.push({ secret, versionId: version.id, firstSeenMs });
    const others = [...(known?.keys() ?? [])].filter((id) => id !== version.id);
    if (others.length > 0) activated.set(secret, firstSeenMs);
  }
  return { versions, activated };
}

/** The verdict without what changes while it stays the same: which instances there are. */
function verdictText(verdict: Verdict): string {
  if (verdict.kind !== "split") return JSON.stringify(verdict);
  const kinds = verdict.instances.map((each) => each.verdict.kind);
  return JSON.stringify({ kind: verdict.kind, kinds: [...new Set(kinds)].sort() });
}
