import { limits } from "../core/limits.ts";
import type {
  HealClaim,
  HealMemory,
  HolderMemory,
  Remembered,
  RunMemory,
  VersionMemory,
} from "../core/memory.ts";

export interface HolderRecord extends HolderMemory {
  readonly environment: string;
  readonly secret: string;
}

/** Who repairs a service, and until when at most. */
export interface ServiceClaim {
  readonly id: string;
  readonly untilMs: number;
}

/** Everything remembered, as it is stored: one by one, in no order. */
export interface MemoryRecords {
  readonly holders: readonly HolderRecord[];
  readonly versions: readonly VersionMemory[];
  readonly heals: readonly HealMemory[];
  readonly claims: readonly (readonly [service: string, claim: ServiceClaim])[];
}

/** Orders and groups records as those read them who judge. */
export function rememberedOf(records: MemoryRecords, nowMs: number): Remembered {
  return {
    holders: nested(
      records.holders.map(({ environment, secret, verdict, sinceMs }) => {
        const memory: HolderMemory = { verdict, sinceMs };
        return [environment, secret, memory];
      }),
    ),
    versions: nested(
      records.versions.map(({ secret, versionId, firstSeenMs }) => [secret, versionId, firstSeenMs]),
    ),
    heals: records.heals.toSorted(byStart),
    claimed: new Set(records.claims.flatMap(([service, claim]) => (isVoid(claim, nowMs) ? [] : [service]))),
  };
}

/** Whoever made it has died. */
export function isVoid({ untilMs }: { readonly untilMs: number }, nowMs: number): boolean {
  return untilMs <= nowMs;
}

/** The repairs of one claim that are stored as one: those of one id and one start. */
export interface HealGroup {
  readonly id: string;
  readonly startedAtMs: number;
  readonly heals: readonly HealMemory[];
}

export function healGroupsOf({ heals }: HealClaim): readonly HealGroup[] {
  return [...Map.groupBy(heals, startKey).values()].flatMap((group) =>
    group.slice(0, 1).map(({ id, startedAtMs }) => ({ id, startedAtMs, heals: group })),
  );
}

/** A run as it is kept: bounded, however much was wrong. */
export function keptRun({ wrong, heals, ...run }: RunMemory): RunMemory {
  return {
    ...run,
    wrong: wrong.slice(0, limits.wrongPerRunMax),
    ...(wrong.length > limits.wrongPerRunMax && { wrongCount: wrong.length }),
    ...(heals !== undefined && { heals: heals.slice(0, limits.healsPerRunMax) }),
  };
}

/** Sorts by the start; the time's length is always the same, so that the id needs no mark. */
export function startKey({ id, startedAtMs }: Pick<HealMemory, "id" | "startedAtMs">): string {
  return `${new Date(startedAtMs).toISOString()} ${id}`;
}

function byStart(one: HealMemory, other: HealMemory): number {
  return (
    one.startedAtMs - other.startedAtMs ||
    compare(one.id, other.id) ||
    compare(one.environment, other.environment)
  );
}

function compare(one: string, other: string): number {
  return Number(one > other) - Number(one < other);
}

function nested<Value>(
  entries: readonly (readonly [outer: string, inner: string, value: Value])[],
): ReadonlyMap<string, ReadonlyMap<string, Value>> {
  const all = new Map<string, Map<string, Value>>();
  for (const [outer, inner, value] of entries) {
    const group = all.get(outer) ?? new Map<string, Value>();
    all.set(outer, group.set(inner, value));
  }
  return all;
}
