import { limits } from "../core/limits.ts";
import type {
  HealEnd,
  HealMemory,
  HolderChange,
  MatterChange,
  MatterMemory,
  TellingClaim,
  VersionMemory,
} from "../core/memory.ts";
import type { Memory } from "../core/ports.ts";
import {
  type HealGroup,
  type HolderRecord,
  healGroupsOf,
  healKey,
  isVoid,
  rememberedOf,
  type ServiceClaim,
} from "./memory-records.ts";

interface Store {
  readonly holders: Map<string, HolderRecord>;
  readonly versions: Map<string, VersionMemory>;
  readonly heals: Map<string, HealGroup>;
  readonly claims: Map<string, ServiceClaim>;
  readonly matters: Map<string, MatterMemory>;
  readonly tellings: Map<string, TellingClaim>;
}

/** The memory of one process: for the command line and the sandbox, where no table is. */
export function createInProcessMemory(): Memory {
  const store: Store = {
    ...{ holders: new Map(), versions: new Map(), heals: new Map(), claims: new Map() },
    ...{ matters: new Map(), tellings: new Map() },
  };
  return {
    recall: async (nowMs) => rememberedOf(recordsOf(store, nowMs), nowMs),
    noteHolders: async (changes) => changes.filter((change) => !noteHolder(store, change)),
    noteVersions: async (versions) => noteVersions(store, versions),
    claimHeal: async (claim) => {
      if (claim.services.some((service) => isTaken(store, service, claim.startedAtMs))) return "taken";
      for (const service of claim.services) store.claims.set(service, claim);
      for (const group of healGroupsOf(claim)) {
        if (!store.heals.has(healKey(group))) store.heals.set(healKey(group), group);
      }
      return "claimed";
    },
    endHeal: async (heal, end) => endHeal(store, heal, end),
    releaseHeal: async ({ id, services }) => {
      for (const service of services) {
        if (store.claims.get(service)?.id === id) store.claims.delete(service);
      }
    },
    // Nobody asks this port for runs: a table keeps them for people.
    noteRun: async () => {},
    recallMatters: async () => new Map(store.matters),
    claimMatters: async (changes, claim) => {
      const mine = changes.filter((change) => isOpenTo(store, change, claim)).map(({ key }) => key);
      for (const key of mine) store.tellings.set(key, claim);
      return [...new Set(mine)];
    },
    noteMatters: async (changes, claim) =>
      changes.filter((change) => noteMatter(store, change, claim)).map(({ key }) => key),
  };
}

function recordsOf({ holders, versions, heals, claims }: Store, nowMs: number) {
  const recent = [...heals.values()].filter(
    ({ startedAtMs }) => startedAtMs >= nowMs - limits.healsRecalledMs,
  );
  return {
    ...{ holders: [...holders.values()], versions: [...versions.values()], claims: [...claims] },
    heals: recent.flatMap((group) => group.heals),
  };
}

function noteHolder({ holders }: Store, { environment, secret, before, after }: HolderChange): boolean {
  const key = JSON.stringify([environment, secret]);
  const held = holders.get(key);
  if (held?.verdict !== before?.verdict || held?.sinceMs !== before?.sinceMs) return false;
  const { verdict, sinceMs } = after;
  holders.set(key, { environment, secret, verdict, sinceMs });
  return true;
}

function noteVersions(store: Store, versions: readonly VersionMemory[]): void {
  for (const version of versions) {
    const key = JSON.stringify([version.secret, version.versionId]);
    if (!store.versions.has(key)) store.versions.set(key, version);
  }
}

function endHeal(
  { heals }: Store,
  heal: Pick<HealMemory, "id" | "environment" | "startedAtMs">,
  end: HealEnd,
): void {
  const group = heals.get(healKey(heal));
  if (group === undefined) return;
  const ended = group.heals.map((one) =>
    one.environment === heal.environment && one.end === undefined ? { ...one, end } : one,
  );
  heals.set(healKey(heal), { ...group, heals: ended });
}

function isTaken({ claims }: Store, service: string, nowMs: number): boolean {
  const claim = claims.get(service);
  return claim !== undefined && !isVoid(claim, nowMs);
}

function isOpenTo(
  { matters, tellings }: Store,
  { key, before }: Pick<MatterChange, "key" | "before">,
  { tellerId, nowMs }: TellingClaim,
): boolean {
  const telling = tellings.get(key);
  const isFree = telling === undefined || telling.tellerId === tellerId || isVoid(telling, nowMs);
  return isFree && (matters.get(key)?.revision ?? 0) === before;
}

function noteMatter(store: Store, change: MatterChange, claim: TellingClaim): boolean {
  if (!isOpenTo(store, change, claim)) return false;
  store.matters.set(change.key, change.after);
  store.tellings.delete(change.key);
  return true;
}
