import type { Secret } from "../protocol/secret.ts";
import type { Cause } from "./cause.ts";
import type { Diagnosis, HolderDiagnosis } from "./diagnosis.ts";
import { type EnvironmentEntry, type Fleet, type PolicyMode, secretsOf, variableOf } from "./fleet.ts";
import { guardOf, type Withheld } from "./guards.ts";
import { type HandWork, handSteps, templateSteps } from "./hand-steps.ts";
import { type History, historyGuardOf } from "./history-guards.ts";
import { judgeLink, type LinkJudgement } from "./linked-variable.ts";
import type { Observation, ServiceState } from "./observation.ts";
import { type ActionKind, isAction, type Remedies, type Remedy } from "./remedy.ts";
import { type ServicePlan, type ServiceTarget, serviceKey, servicePlans } from "./service-plans.ts";
import { isStoredWrong, type StoredVerdict, storedValueVerdict } from "./stored-verdict.ts";
import { isUnstorableInRailway, type TruthDiagnosis } from "./truth.ts";

export interface Plan {
  readonly remedies: Remedies;
  readonly services: readonly ServicePlan[];
}

/**
 * Decides what is to be done about a diagnosis, and what of it is withheld. Pure; nothing is done here.
 * What `mayRepair` leaves out is only looked at, yet it still counts: a redeploy for one secret ships all.
 */
export function planRemedies(
  fleet: Fleet,
  diagnosis: Diagnosis,
  observation: Observation,
  mode: PolicyMode,
  { mayRepair = () => true, history }: PlanOptions = {},
): Plan {
  const guarded = new Map(
    [...diagnosis.environments].flatMap(([environment, { holders }]) => {
      const entry = fleet.environments[environment];
      if (entry === undefined) return [];
      const remedies = [...holders].map(([secret, holder]) => {
        const modeHere = mayRepair(environment, secret) ? mode : "observe";
        const one = {
          fleet,
          diagnosis,
          observation,
          mode: modeHere,
          environment,
          entry,
          secret,
          holder,
          history,
        } as const;
        return [secret, remedyOf(one)] as const;
      });
      return [[environment, new Map(remedies)] as const];
    }),
  );
  const remedies = withholdRedeploysBesideWrong(fleet, { diagnosis, observation }, guarded);
  return limitedPlan(fleet, { remedies, services: servicePlans(fleet, observation, remedies) });
}

export interface PlanOptions {
  /** What may be repaired at all. @default everything */
  readonly mayRepair?: (environment: string, secret: string) => boolean;
  /** What happened before. @default nothing is known to have, and nothing is guarded by it */
  readonly history?: History | undefined;
}

/** Cuts a plan between services where the policy's bound is reached; what is beyond it says so. */
function limitedPlan(fleet: Fleet, { remedies, services }: Plan): Plan {
  const most = fleet.policy.environmentsPerRunMax;
  let environments = 0;
  const beyond = services.findIndex(({ targets }, index) => {
    environments += new Set(targets.map(({ environment }) => environment)).size;
    return environments > most && index > 0;
  });
  if (beyond === -1) return { remedies, services };
  const left = services.slice(beyond).flatMap(({ targets }) => targets);
  const detail = `the policy allows ${most} environments in a run`;
  return {
    remedies: withheldFor(remedies, left, { reason: "limit", detail }),
    services: services.slice(0, beyond),
  };
}

function withheldFor(remedies: Remedies, targets: readonly ServiceTarget[], guard: Withheld): Remedies {
  const changed = new Map([...remedies].map(([environment, own]) => [environment, new Map(own)]));
  for (const { environment, secret, action } of targets)
    changed.get(environment)?.set(secret, { kind: "withheld", ...guard, wouldBe: action });
  return changed;
}

interface Case {
  readonly fleet: Fleet;
  readonly diagnosis: Diagnosis;
  readonly observation: Observation;
  readonly mode: PolicyMode;
  readonly environment: string;
  readonly entry: EnvironmentEntry;
  readonly secret: string;
  readonly holder: HolderDiagnosis;
  readonly history: History | undefined;
}

function remedyOf(one: Case): Remedy {
  const remedy = unguardedRemedy(one);
  if (remedy.kind === "none" || remedy.kind === "withheld") return remedy;
  const truth: TruthDiagnosis | undefined = one.diagnosis.secrets.get(one.secret);
  const service = one.observation.environments.get(one.environment)?.service;
  const guard = guardOf({
    remedy: remedy.kind,
    ...(truth !== undefined && { truth }),
    ...(service !== undefined && { service }),
    otherChanges: otherChangesOf(one, service),
    mode: one.mode,
    isRejected: one.holder.cause === "rejected",
  });
  const withheld = guard ?? (isAction(remedy) ? historyGuard(one) : undefined);
  return withheld === undefined ? remedy : { kind: "withheld", ...withheld, wouldBe: remedy.kind };
}

/** What a redeploy would ship beside the fleet's own secrets, unless the fleet allows it. */
function otherChangesOf({ fleet, entry }: Case, service: ServiceState | undefined): readonly string[] {
  const { railway } = entry;
  if (service?.kind !== "seen" || railway === undefined || railway.allowOthersPending) return [];
  const key = serviceKey(railway);
  const own = new Set(
    Object.values(fleet.environments)
      .filter((each) => serviceKey(each.railway) === key)
      .flatMap((each) => secretsOf(fleet, each).map((secret) => variableOf(each, secret))),
  );
  return (service.changedSince ?? []).filter((name) => !own.has(name));
}

function historyGuard({
  fleet,
  observation,
  environment,
  entry,
  secret,
  history,
}: Case): Withheld | undefined {
  const truth = observation.truths.get(secret);
  if (history === undefined || truth?.kind !== "read") return undefined;
  const { policy } = fleet;
  const versionId = truth.current.id;
  return historyGuardOf(
    { environment, secret, versionId, serviceKey: serviceKey(entry.railway), policy },
    history,
  );
}

/** The remedy by cause alone, before any guard. */
function unguardedRemedy(one: Case): Remedy {
  const { cause, verdict } = one.holder;
  const truth = one.observation.truths.get(one.secret);
  const source = one.fleet.secrets[one.secret]?.source;
  if (cause === undefined || verdict.kind === "unknown" || truth?.kind !== "read" || source === undefined)
    return { kind: "none" };
  const work: HandWork = {
    environment: one.environment,
    secret: one.secret,
    variable: variableOf(one.entry, one.secret),
    entry: one.entry,
    source,
    ...(one.holder.stored !== undefined && { stored: one.holder.stored }),
  };
  const onRailway = one.entry.railway !== undefined;
  const link = onRailway ? judgeLink(one.fleet, one.diagnosis, one.observation, one) : undefined;
  if (link !== undefined && (cause === "shared" || cause === "latent"))
    return linkRemedy(link, cause, { work, value: truth.current.value });
  const action = onRailway ? actionOf(cause, one.holder.stored) : undefined;
  if (action === undefined) return { kind: "by-hand", steps: handSteps(cause, work) };
  if (action !== "redeploy" && isUnstorableInRailway(truth.current.value))
    return { kind: "by-hand", steps: templateSteps(work) };
  return { kind: action };
}

/** What is done about a wrong variable that others may take their value from too. */
function linkRemedy(
  link: LinkJudgement,
  cause: "shared" | "latent",
  { work, value }: { readonly work: HandWork; readonly value: Secret },
): Remedy {
  const wouldBe = cause === "latent" ? "set-quietly" : "set-and-redeploy";
  if (link.kind === "by-hand")
    return { kind: "by-hand", steps: handSteps(cause, { ...work, obstacle: link.obstacle }) };
  if (link.kind === "unseen") return { kind: "withheld", reason: "unseen", wouldBe, detail: link.detail };
  if (isUnstorableInRailway(value)) return { kind: "by-hand", steps: templateSteps(work) };
  return { kind: wouldBe };
}

/** What the tool itself can do about a cause in Railway; undefined where only a person can. */
function actionOf(cause: Cause, stored: StoredVerdict | undefined): ActionKind | undefined {
  // With the right value stored, a redeploy that changes nothing would be repeated at every tick.
  if (cause === "undetermined" && storedValueVerdict(stored)?.kind === "in-sync") return undefined;
  return actions[cause];
}

const actions: Readonly<Record<Cause, ActionKind | undefined>> = {
  process: "redeploy",
  variable: "set-and-redeploy",
  rollback: "set-and-redeploy",
  undetermined: "set-and-redeploy",
  latent: "set-quietly",
  override: undefined,
  shared: undefined,
  rejected: undefined,
};

/**
 * A redeploy ships every stored variable. Where another secret of the service is stored wrong and may not be
 * mended now, a redeploy for the sake of one would break the other.
 */
function withholdRedeploysBesideWrong(
  fleet: Fleet,
  { diagnosis, observation }: { readonly diagnosis: Diagnosis; readonly observation: Observation },
  guarded: Remedies,
): Remedies {
  const endangered = new Set(
    [...guarded].flatMap(([environment, remedies]) => {
      const holders = diagnosis.environments.get(environment)?.holders;
      const service = observation.environments.get(environment)?.service;
      const stays = [...remedies].some(
        ([secret, remedy]) => !isAction(remedy) && wouldChangeForWorse(secret, holders?.get(secret), service),
      );
      const key = serviceKey(fleet.environments[environment]?.railway);
      return stays && key !== undefined ? [key] : [];
    }),
  );
  return new Map(
    [...guarded].map(([environment, remedies]) => {
      const key = serviceKey(fleet.environments[environment]?.railway);
      return [environment, key !== undefined && endangered.has(key) ? withholdRedeploys(remedies) : remedies];
    }),
  );
}

/** A wrong stored value that the process does not hold already; what cannot be seen to be so is taken to be. */
function wouldChangeForWorse(
  secret: string,
  holder: HolderDiagnosis | undefined,
  service: ServiceState | undefined,
): boolean {
  if (holder?.stored === undefined) return !isServedAlready(secret, service);
  const stored = storedValueVerdict(holder.stored);
  return isStoredWrong(holder.stored) && JSON.stringify(holder.verdict) !== JSON.stringify(stored);
}

/** Whether what is stored is what the serving deployment was started with; of a value that cannot be judged no more is needed. */
function isServedAlready(secret: string, service: ServiceState | undefined): boolean {
  const stored = service?.kind === "seen" ? service.stored.get(secret) : undefined;
  const served = service?.kind === "seen" ? service.serving?.variables?.get(secret) : undefined;
  return stored?.kind === "value" && served?.kind === "value" && stored.value.equals(served.value);
}

function withholdRedeploys(remedies: ReadonlyMap<string, Remedy>): ReadonlyMap<string, Remedy> {
  return new Map(
    [...remedies].map(([secret, remedy]) =>
      isAction(remedy) && remedy.kind !== "set-quietly"
        ? [
            secret,
            {
              kind: "withheld",
              reason: "others-pending",
              wouldBe: remedy.kind,
              detail: "a redeploy would start the process with another secret's wrong stored value",
            },
          ]
        : [secret, remedy],
    ),
  );
}
