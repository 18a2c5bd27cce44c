import { limits } from "../core/limits.ts";
import type {
  HealEnd,
  HealMemory,
  HolderChange,
  LastReport,
  MatterChange,
  MatterMemory,
  RunMemory,
  TellingClaim,
  VersionMemory,
} from "../core/memory.ts";
import type { Memory } from "../core/ports.ts";
import type { Report } from "../core/report.ts";
import {
  type HealGroup,
  type HolderRecord,
  healGroupsOf,
  isVoid,
  keptRun,
  rememberedOf,
  type ServiceClaim,
  startKey,
} from "./memory-records.ts";

interface Store {
  readonly holders: Map<string, HolderRecord>;
  readonly versions: Map<string, VersionMemory>;
  readonly heals: Map<string, HealGroup>;
  readonly claims: Map<string, ServiceClaim>;
  readonly matters: Map<string, MatterMemory>;
  readonly tellings: Map<string, TellingClaim>;
  readonly runs: Map<string, RunMemory>;
  lastReport?: LastReport;
}

/** The memory of one process: for the command line and the sandbox, where no table is. */
export function createInProcessMemory(): Memory {
  const store: Store = {
    ...{ holders: new Map(), versions: new Map(), heals: new Map(), claims: new Map() },
    ...{ matters: new Map(), tellings: new Map(), runs: new Map() },
  };
  return {
    recall: async (nowMs) => rememberedOf(recordsOf(store, nowMs), nowMs),
    noteHolders: async (changes) => changes.filter((change) => !noteHolder(store, change)),
    noteVersions: async (versions) => noteVersions(store, versions),
    claimHeal: async (claim) => {
      if (claim.services.some((service) => isTaken(store, service, claim.startedAtMs))) return "taken";
      for (const service of claim.services) store.claims.set(service, claim);
      for (const group of healGroupsOf(claim)) {
        if (!store.heals.has(startKey(group))) store.heals.set(startKey(group), group);
      }
      return "claimed";
    },
    renewHeal: async ({ id, services, untilMs }) => {
      if (services.some((service) => store.claims.get(service)?.id !== id)) return "lost";
      for (const service of services) store.claims.set(service, { id, untilMs });
      return "renewed";
    },
    endHeal: async (heal, end) => endHeal(store, heal, end),
    proveHeal: async (heal, atMs) => proveHeal(store, heal, atMs),
    releaseHeal: async ({ id, services }) => {
      for (const service of services) {
        if (store.claims.get(service)?.id === id) store.claims.delete(service);
      }
    },
    noteRun: async (run) => noteRun(store, run),
    recallRuns: async (sinceMs) =>
      [...store.runs]
        .filter(([, { startedAtMs }]) => startedAtMs >= sinceMs)
        .toSorted(([one], [other]) => Number(one > other) - Number(one < other))
        .slice(-limits.runsRecalledMax)
        .map(([, run]) => run),
    noteReport: async (report) => noteReport(store, report),
    lastReport: async () => store.lastReport,
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
  const group = heals.get(startKey(heal));
  if (group === undefined) return;
  const ended = group.heals.map((one) =>
    one.environment === heal.environment && one.end === undefined ? { ...one, end } : one,
  );
  heals.set(startKey(heal), { ...group, heals: ended });
}

function noteReport(store: Store, report: Report): void {
  const startedAt = store.lastReport?.report.run.startedAt ?? "";
  if (startedAt <= report.run.startedAt) store.lastReport = { report, isCut: false };
}

function proveHeal(
  { heals }: Store,
  { environment, ...heal }: Pick<HealMemory, "id" | "environment" | "startedAtMs">,
  atMs: number,
): boolean {
  const group = heals.get(startKey(heal));
  const index = group?.heals.findIndex((one) => one.environment === environment) ?? -1;
  const open = group?.heals[index];
  if (group === undefined || open === undefined) return false;
  if (open.end !== undefined && open.end.status !== "timed-out") return false;
  const end = { atMs, status: "healed", reason: "verified-later" } as const;
  heals.set(startKey(heal), { ...group, heals: group.heals.with(index, { ...open, end }) });
  return true;
}

/** A process that lives long forgets its first runs. */
function noteRun({ runs }: Store, run: RunMemory): void {
  runs.set(startKey(run), keptRun(run));
  const [first] = runs.keys();
  if (runs.size > limits.runsRecalledMax && first !== undefined) runs.delete(first);
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
