import type { Diagnosis } from "../core/diagnosis.ts";
import type { PolicyMode, RailwayEntry } from "../core/fleet.ts";
import type { HealReason, HealStatus } from "../core/heal-outcome.ts";
import { type Plan, planRemedies } from "../core/plan.ts";
import type { DeploymentState, Steps } from "../core/ports.ts";
import { type HealReport, type RepairedHolder, verdictReport } from "../core/report.ts";
import { narrowFleet } from "../core/scope.ts";
import type { ServiceTarget } from "../core/service-plans.ts";
import { attempt, isFailure } from "./attempt.ts";
import type { ConfirmedTarget, ConfirmedWork } from "./confirmed-work.ts";
import type { Course } from "./course.ts";
import { awaitDeployment } from "./deployment-wait.ts";
import { type HeldClaim, lossOf, unclaimed } from "./held-claim.ts";
import { look, type Sight } from "./observer.ts";
import { isOutrun, mergeRounds } from "./rounds.ts";
import type { SightOfAll } from "./sight-of-all.ts";
import { writeVariables } from "./variable-write.ts";
import { awaitVerification, type Claim } from "./verification.ts";
import type { World } from "./world.ts";

/** What is to be mended in one Railway service; how is judged again. A `ServicePlan` is one. */
export interface ServiceOrder {
  readonly railway: RailwayEntry;
  readonly targets: readonly TargetName[];
}

/** What the services of one plan have in common. */
export interface HealCourse {
  readonly steps: Steps;
  /** What this run may do: the order does not decide that. */
  readonly mode: PolicyMode;
  /** A person has named what is to be repaired, and takes the place of the canary. */
  readonly withoutCanary?: boolean;
  /** @default nobody else could repair the same */
  readonly claim?: HeldClaim;
  /** What of the whole fleet was seen not long ago; an order's own environments are asked once more in any case. */
  readonly sightOfAll: () => Promise<SightOfAll>;
}

export type TargetName = Pick<ServiceTarget, "environment" | "secret">;

/**
 * Heals one Railway service: judges again, writes, redeploys once, waits for that deployment, and believes only
 * the fingerprints of its instances. What goes wrong is told in the reports; only what `steps` itself throws comes
 * through.
 */
export async function healService(
  world: World,
  order: ServiceOrder,
  { steps, mode, sightOfAll, claim = unclaimed }: HealCourse,
): Promise<readonly HealReport[]> {
  if (!steps.mayBegin()) {
    const detail = "the time of this run is used up; the next check goes on";
    return reportsOf(order.targets, "withheld", { reason: "limit", detail });
  }
  const environments = [...new Set(order.targets.map(({ environment }) => environment))];
  const tell = (step: string): void => world.onProgress({ kind: "healing", environments, step });
  const start = await steps.run("start", async () => ({
    atMs: world.clock.now(),
    loss: await lossOf(claim),
  }));
  if (start.loss !== undefined) return reportsOf(order.targets, "withheld", start.loss);
  const course = { steps, tell, mode, sightOfAll, claim };
  let reports = await healOnce(world, order, { ...course, round: "" });
  // Once more, to the newest; a truth that keeps changing is left to the next check.
  if (reports.some(isOutrun))
    reports = mergeRounds(reports, await healOnce(world, order, { ...course, round: "-2" }));
  const endedAtMs = await steps.run("end", async () => world.clock.now());
  const timed = reports.map((report) => ({ ...report, durationMs: endedAtMs - start.atMs }));
  world.onProgress({ kind: "healed", environments, status: timed.map(({ status }) => status).join(", ") });
  return timed;
}

/** One round of a repair; its steps are told from those of another by what stands after their names. */
async function healOnce(
  world: World,
  order: ServiceOrder,
  course: HealCourse & Course,
): Promise<readonly HealReport[]> {
  const work = await course.steps.run(`judge-again${course.round}`, () => {
    course.tell("judging once more");
    return attempt(() => confirm(world, order, course));
  });
  if (isFailure(work)) return reportsOf(order.targets, "failed", work);
  const done = work.targets.length === 0 ? [] : await carryOut(world, order.railway, work, course);
  return [...work.left, ...done];
}

/** The plan as it would be made now: nothing is done that the present sight does not ask for. */
async function confirm(
  world: World,
  { targets: ordered }: ServiceOrder,
  { mode, sightOfAll }: Pick<HealCourse, "mode" | "sightOfAll">,
): Promise<ConfirmedWork> {
  const { observation: earlier, isFresh } = await sightOfAll();
  const again = new Set(isFresh ? [] : ordered.map(({ environment }) => environment));
  const sight = await look(world, { fleet: world.fleet, probe: false, earlier, again });
  // What happened before was weighed when it was ordered; now its own beginning would stand in its way.
  const present = planRemedies(world.fleet, sight.diagnosis, sight.observation, mode, {
    mayRepair: (environment, secret) => ordered.some((target) => sameTarget(target, { environment, secret })),
  });
  const wanted = present.services.flatMap((service) => service.targets);
  const targets = ordered.flatMap((target) => confirmTarget(target, wanted, sight));
  const dropped = ordered.filter((target) => !targets.some((kept) => sameTarget(kept, target)));
  const [first] = targets;
  return {
    targets,
    ...(first === undefined ? { servingId: null, newestId: null } : deploymentIds(sight, first.environment)),
    left: dropped.map((target) => leftAlone(target, present, sight)),
  };
}

function confirmTarget(
  target: TargetName,
  wanted: readonly ServiceTarget[],
  { observation, diagnosis }: Sight,
): ConfirmedTarget[] {
  const now = wanted.find((each) => sameTarget(each, target));
  const truth = observation.truths.get(target.secret);
  const was = now && foundWrong(now, diagnosis);
  return now === undefined || was === undefined || truth?.kind !== "read"
    ? []
    : [{ ...now, versionId: truth.current.id, was }];
}

/** What a repair is for, as the report tells it. */
function foundWrong(
  { environment, secret, action }: ServiceTarget,
  { environments }: Diagnosis,
): RepairedHolder | undefined {
  const holder = environments.get(environment)?.holders.get(secret);
  if (holder === undefined) return undefined;
  const { verdict, cause } = holder;
  return { secret, verdict: verdictReport(verdict), ...(cause !== undefined && { cause }), action };
}

/** Targets with what was found wrong of each. */
export function withFindings(
  targets: readonly ServiceTarget[],
  diagnosis: Diagnosis,
): readonly (ServiceTarget & { readonly was?: RepairedHolder })[] {
  return targets.map((target) => {
    const was = foundWrong(target, diagnosis);
    return { ...target, ...(was !== undefined && { was }) };
  });
}

function sameTarget(a: TargetName, b: TargetName): boolean {
  return a.environment === b.environment && a.secret === b.secret;
}

function deploymentIds(
  { observation }: Sight,
  environment: string,
): Pick<ConfirmedWork, "servingId" | "newestId"> {
  const service = observation.environments.get(environment)?.service;
  if (service?.kind !== "seen") return { servingId: null, newestId: null };
  const { serving, newestId = null } = service;
  return { servingId: serving?.deploymentId ?? null, newestId };
}

/** Why a target is left alone. That it could not be seen any more does not make it right. */
function leftAlone({ environment, secret }: TargetName, present: Plan, { diagnosis }: Sight): HealReport {
  const remedy = present.remedies.get(environment)?.get(secret);
  const verdict = diagnosis.environments.get(environment)?.holders.get(secret)?.verdict;
  const base = { environment, secrets: [secret], was: [] };
  if (remedy?.kind === "withheld") {
    return {
      ...base,
      status: "withheld",
      reason: remedy.reason,
      ...(remedy.detail !== undefined && { detail: remedy.detail }),
    };
  }
  if (remedy?.kind === "by-hand") {
    const detail = "when judged again only a person could repair it: see what is to be done there";
    return { ...base, status: "withheld", reason: "only-by-hand", detail };
  }
  if (verdict === undefined || verdict.kind === "unknown") {
    const detail = "when judged again it could not be seen, so nothing was done";
    return { ...base, status: "withheld", reason: "unseen", detail };
  }
  return {
    ...base,
    status: "superseded",
    reason: "already-right",
    detail: "when judged again it needed no repair",
  };
}

async function carryOut(
  world: World,
  railway: RailwayEntry,
  { targets, servingId, newestId }: ConfirmedWork,
  course: Course,
): Promise<readonly HealReport[]> {
  const { steps, tell, claim, round } = course;
  const redeploys = targets.some(({ action }) => action !== "set-quietly");
  if (redeploys && servingId === null) {
    return reportsOf(targets, "failed", {
      reason: "not-redeployable",
      detail:
        "no deployment of the service takes requests, so that none can be started again; nothing was written",
    });
  }
  const writes = targets.filter(({ action }) => action !== "redeploy");
  if (writes.length > 0) {
    const written = await steps.run(`write${round}`, () =>
      attempt(async () => {
        const loss = await lossOf(claim);
        if (loss !== undefined) return { kind: "not-written", status: "withheld", ...loss } as const;
        tell(`writing ${writes.map(({ variable }) => variable).join(", ")} in Railway`);
        return writeVariables(world, railway, writes);
      }),
    );
    if (isFailure(written)) return reportsOf(targets, "failed", written);
    if (written.kind === "not-written") return reportsOf(targets, written.status, written);
  }
  if (!redeploys || servingId === null) return reportsOf(targets, "healed", {});
  const deployment = await steps.run(`redeploy${round}`, () =>
    attempt(async () => {
      const loss = await lossOf(claim);
      if (loss !== undefined) return { kind: "lost", ...loss } as const;
      tell("redeploying");
      return deployed(await world.railway.redeploy(railway, servingId, newestId ?? undefined));
    }),
  );
  if (deployment.kind !== "deployed") {
    // What was written stays: the run that has the claim now begins with it.
    const lost = writes.length > 0 ? "superseded" : "withheld";
    return reportsOf(targets, deployment.kind === "lost" ? lost : "failed", deployment);
  }
  const end = await awaitDeployment(world, railway, deployment, course);
  if (end.kind === "not-serving") return reportsOf(targets, end.status, { ...end, redeployed: true });
  const { running } = end;
  const claimed = { deployment, running, predecessor: { railway, id: servingId } };
  return await verifyAll(world, targets, claimed, course);
}

type Deployed = { readonly kind: "deployed" } & Pick<
  DeploymentState,
  "id" | "status" | "word" | "createdAtMs"
>;

function deployed({ id, status, word, createdAtMs }: DeploymentState): Deployed {
  return { kind: "deployed", id, status, word, createdAtMs };
}

async function verifyAll(
  world: World,
  targets: readonly ConfirmedTarget[],
  deployed: Pick<Claim, "deployment" | "running" | "predecessor">,
  course: Course,
): Promise<readonly HealReport[]> {
  const groups = [...Map.groupBy(targets, ({ environment }) => environment)];
  const reports: HealReport[] = [];
  for (const [environment, group] of groups) {
    const secrets = group.map(({ secret }) => secret);
    const fleet = narrowFleet(world.fleet, { environments: [environment], secrets });
    const versions = new Map(group.map(({ secret, versionId }) => [secret, versionId]));
    const claim = { environment, secrets, versions, fleet, ...deployed };
    const proof = await awaitVerification(world, claim, course);
    reports.push({ environment, secrets, ...proof, redeployed: true, was: group.map(({ was }) => was) });
  }
  return reports;
}

interface Ending {
  readonly reason?: HealReason;
  readonly detail?: string;
  readonly redeployed?: true;
}

/** One report for each environment of the targets. */
export function reportsOf(
  targets: readonly (TargetName & { readonly was?: RepairedHolder })[],
  status: HealStatus,
  { reason, detail, redeployed }: Ending,
): readonly HealReport[] {
  return [...Map.groupBy(targets, ({ environment }) => environment)].map(([environment, group]) => ({
    environment,
    secrets: group.map(({ secret }) => secret),
    status,
    ...(reason !== undefined && { reason }),
    ...(detail !== undefined && { detail }),
    ...(redeployed && { redeployed }),
    was: group.flatMap(({ was }) => (was === undefined ? [] : [was])),
  }));
}
