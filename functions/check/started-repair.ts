import type { HealOrder, HealStarter } from "../core/ports.ts";
import type { HealReport } from "../core/report.ts";
import type { ServicePlan } from "../core/service-plans.ts";
import { dayOf, isoTime } from "../core/time.ts";
import { attempt, type Failure, isFailure } from "../heal/attempt.ts";
import { reportsOf, withFindings } from "../heal/heal.ts";
import type { Sight } from "../heal/observer.ts";
import { servicesAtOnce } from "../heal/plan-heal.ts";
import { repairUnderClaim } from "./claim.ts";
import { executionName } from "./execution-name.ts";
import { liftedBy, namesEnvironments, type Repair } from "./reconciler.ts";

/** Has a plan repaired by one execution of its own, which outlives the run and tells its own end. */
export function createStartedRepair(starter: HealStarter): Repair {
  return async function startRepair(world, services, sight, request) {
    const { id: runId, trigger } = request;
    const startedAtMs = world.clock.now();
    const due = services.slice(0, servicesAtOnce(services));
    const targets = due.flatMap((service) => orderedTargets(service, sight));
    const servingIds = servingIdsOf(due, sight);
    const attemptOf = trigger === "manual" ? runId : world.memory && String(startedAtMs);
    // Where nothing is remembered, what was started by itself is not started again on the same day (UTC).
    const id = executionName(targets, servingIds, attemptOf ?? dayOf(isoTime(startedAtMs)));
    const order: Omit<HealOrder, "targets"> = {
      run: { id: runId, trigger },
      claim: { id, startedAtMs },
      ...(namesEnvironments(request) && { withoutCanary: true }),
    };
    const work = { services: due, sight, id, startedAtMs, lifted: liftedBy(request) };
    const reports = await repairUnderClaim(world, work, async (kept) => {
      const ordered = kept.flatMap((service) => orderedTargets(service, sight));
      const start = await attempt(async () => ({
        kind: await starter.start(id, { ...order, targets: ordered }),
      }));
      const execution = starter.isNamed ? id : undefined;
      return kept.flatMap((service) => reportsOfStart(start, execution, service, sight));
    });
    const later = services.slice(due.length);
    const rest = later.flatMap(({ targets: left }) => reportsOf(left, "withheld", { reason: "limit" }));
    return [...reports, ...rest];
  };
}

function orderedTargets({ targets }: ServicePlan, { observation }: Sight): HealOrder["targets"] {
  return targets.flatMap(({ environment, secret }) => {
    const truth = observation.truths.get(secret);
    return truth?.kind === "read" ? [{ environment, secret, versionId: truth.current.id }] : [];
  });
}

/** What serves now: after it is replaced, the same repair is a new one. */
function servingIdsOf(services: readonly ServicePlan[], { observation }: Sight): readonly string[] {
  return services.flatMap(({ targets }) =>
    targets.flatMap(({ environment }) => {
      const service = observation.environments.get(environment)?.service;
      return service?.kind === "seen" && service.serving !== undefined ? [service.serving.deploymentId] : [];
    }),
  );
}

type Start = { readonly kind: "started" | "taken" } | Failure;

function reportsOfStart(
  start: Start,
  execution: string | undefined,
  { targets }: ServicePlan,
  { diagnosis }: Sight,
): readonly HealReport[] {
  const found = withFindings(targets, diagnosis);
  if (isFailure(start)) return reportsOf(found, "failed", start);
  const reports =
    start.kind === "started"
      ? reportsOf(found, "started", {})
      : reportsOf(found, "withheld", { reason: "in-flight" });
  return execution === undefined ? reports : reports.map((report) => ({ ...report, execution }));
}
