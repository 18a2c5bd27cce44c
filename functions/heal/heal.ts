import type { HealOutcome, HealReason } from "../core/heal-outcome.ts";
import type { Observation } from "../core/observation.ts";
import { type Plan, planRemedies, type ServicePlan, type ServiceTarget } from "../core/plan.ts";
import type { DeploymentState, Steps } from "../core/ports.ts";
import { narrowFleet } from "../core/scope.ts";
import { attempt, isFailure } from "./attempt.ts";
import type { ConfirmedTarget, ConfirmedWork } from "./confirmed-work.ts";
import { awaitDeployment } from "./deployment-wait.ts";
import { look, type Sight } from "./observer.ts";
import { writeVariables } from "./variable-write.ts";
import { awaitVerification, type Claim } from "./verification.ts";
import type { World } from "./world.ts";

/**
 * Heals one Railway service: judges again, writes, redeploys once, waits for that deployment, and believes only
 * the fingerprints of its instances. What goes wrong is an outcome; only what `steps` itself throws comes through.
 * With an `earlier` observation of the same run only the plan's own environments are asked once more; without
 * one the whole fleet is.
 */
export async function healService(
  world: World,
  plan: ServicePlan,
  steps: Steps,
  earlier?: Observation,
): Promise<readonly HealOutcome[]> {
  const environments = [...new Set(plan.targets.map(({ environment }) => environment))];
  const tell = (step: string): void => world.onProgress({ kind: "healing", environments, step });
  tell("judging once more");
  const work = await steps.run("judge-again", () => attempt(() => confirm(world, plan, earlier)));
  if (isFailure(work)) return outcomesOf(plan.targets, "failed", work);
  const done = work.targets.length === 0 ? [] : await carryOut(world, plan, work, steps, tell);
  return [...work.outcomes, ...done];
}

/** The plan as it would be made now: nothing is done that the present sight does not ask for. */
async function confirm(
  world: World,
  plan: ServicePlan,
  earlier: Observation | undefined,
): Promise<ConfirmedWork> {
  const own = new Set(plan.targets.map(({ environment }) => environment));
  const again = earlier === undefined ? {} : { earlier, again: own };
  const sight = await look(world, { fleet: world.fleet, probe: false, ...again });
  const present = planRemedies(
    world.fleet,
    sight.diagnosis,
    sight.observation,
    "fix",
    (environment, secret) => plan.targets.some((target) => sameTarget(target, { environment, secret })),
  );
  const wanted = present.services.flatMap((service) => service.targets);
  const targets = plan.targets.flatMap((target) => confirmTarget(target, wanted, sight));
  const dropped = plan.targets.filter((target) => !targets.some((kept) => sameTarget(kept, target)));
  const [first] = targets;
  return {
    targets,
    servingId: first === undefined ? null : servingIdOf(sight, first.environment),
    outcomes: dropped.map((target) => droppedOutcome(target, present, sight)),
  };
}

function confirmTarget(
  target: ServiceTarget,
  wanted: readonly ServiceTarget[],
  sight: Sight,
): ConfirmedTarget[] {
  const now = wanted.find((each) => sameTarget(each, target));
  const truth = sight.observation.truths.get(target.secret);
  return now === undefined || truth?.kind !== "read" ? [] : [{ ...now, versionId: truth.current.id }];
}

type TargetName = Pick<ServiceTarget, "environment" | "secret">;

function sameTarget(a: TargetName, b: TargetName): boolean {
  return a.environment === b.environment && a.secret === b.secret;
}

function servingIdOf({ observation }: Sight, environment: string): string | null {
  const service = observation.environments.get(environment)?.service;
  const serving = service?.kind === "seen" ? service.serving : undefined;
  return serving?.redeployable ? serving.deploymentId : null;
}

/** Why a target is left alone. That it could not be seen any more does not make it right. */
function droppedOutcome(
  { environment, secret }: ServiceTarget,
  present: Plan,
  { diagnosis }: Sight,
): HealOutcome {
  const remedy = present.remedies.get(environment)?.get(secret);
  const verdict = diagnosis.environments.get(environment)?.holders.get(secret)?.verdict;
  const base = { environment, secrets: [secret] };
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
  { railway }: ServicePlan,
  { targets, servingId }: ConfirmedWork,
  steps: Steps,
  tell: (step: string) => void,
): Promise<readonly HealOutcome[]> {
  const redeploys = targets.some(({ action }) => action !== "set-quietly");
  if (redeploys && servingId === null) {
    return outcomesOf(targets, "failed", {
      reason: "not-redeployable",
      detail: "no deployment of the service can be started again; nothing was written",
    });
  }
  const writes = targets.filter(({ action }) => action !== "redeploy");
  if (writes.length > 0) {
    tell(`writing ${writes.map(({ variable }) => variable).join(", ")} in Railway`);
    const written = await steps.run("write", () => attempt(() => writeVariables(world, railway, writes)));
    if (isFailure(written)) return outcomesOf(targets, "failed", written);
    if (written.kind === "not-written") return outcomesOf(targets, written.status, written);
  }
  if (!redeploys || servingId === null) return outcomesOf(targets, "healed", {});
  tell("redeploying");
  const deployment = await steps.run("redeploy", () =>
    attempt(async () => plainDeployment(await world.railway.redeploy(railway, servingId))),
  );
  if (isFailure(deployment)) return outcomesOf(targets, "failed", deployment);
  const end = await awaitDeployment(world, railway, deployment, steps, tell);
  if (end.kind === "not-serving") return outcomesOf(targets, end.status, end);
  return await verifyAll(
    world,
    targets,
    { deployment, predecessor: { railway, id: servingId } },
    steps,
    tell,
  );
}

function plainDeployment({
  id,
  status,
  word,
  createdAtMs,
}: DeploymentState): DeploymentState & { readonly [key: string]: string | number } {
  return { id, status, word, createdAtMs };
}

async function verifyAll(
  world: World,
  targets: readonly ConfirmedTarget[],
  deployed: Pick<Claim, "deployment" | "predecessor">,
  steps: Steps,
  tell: (step: string) => void,
): Promise<readonly HealOutcome[]> {
  const groups = [...Map.groupBy(targets, ({ environment }) => environment)];
  const outcomes: HealOutcome[] = [];
  for (const [environment, group] of groups) {
    tell("verifying by fingerprint");
    const secrets = group.map(({ secret }) => secret);
    const fleet = narrowFleet(world.fleet, { environments: [environment], secrets });
    const proof = await awaitVerification(world, { environment, secrets, fleet, ...deployed }, steps);
    outcomes.push({ environment, secrets, ...proof });
  }
  return outcomes;
}

interface OutcomeWords {
  readonly reason?: HealReason;
  readonly detail?: string;
}

/** One outcome for each environment of the targets. */
function outcomesOf(
  targets: readonly ServiceTarget[],
  status: HealOutcome["status"],
  { reason, detail }: OutcomeWords,
): readonly HealOutcome[] {
  return [...Map.groupBy(targets, ({ environment }) => environment)].map(([environment, group]) => ({
    environment,
    secrets: group.map(({ secret }) => secret),
    status,
    ...(reason !== undefined && { reason }),
    ...(detail !== undefined && { detail }),
  }));
}
