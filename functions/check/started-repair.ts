import type { ServicePlan } from "../core/plan.ts";
import type { HealOrder, HealStarter } from "../core/ports.ts";
import type { HealReport } from "../core/report.ts";
import { attempt, type Failure, isFailure } from "../heal/attempt.ts";
import { foundWrong, reportsOf } from "../heal/heal.ts";
import type { Sight } from "../heal/observer.ts";
import { servicesAtOnce } from "../heal/plan-heal.ts";
import { executionName } from "./execution-name.ts";
import type { Repair } from "./reconciler.ts";

/** Has a plan repaired by one execution of its own, which outlives the run and tells its own end. */
export function createStartedRepair(starter: HealStarter): Repair {
  return async function startRepair({ clock }, services, sight, { id, trigger }) {
    const due = services.slice(0, servicesAtOnce(services));
    const order: HealOrder = {
      run: { id, trigger },
      targets: due.flatMap((service) => orderedTargets(service, sight)),
    };
    const name = executionName(order, servingIdsOf(due, sight), clock.now());
    const start = await attempt(async () => ({ kind: await starter.start(name, order) }));
    const later = services.slice(due.length);
    return [
      ...due.flatMap((service) => reportsOfStart(start, starter.isNamed ? name : undefined, service, sight)),
      ...later.flatMap(({ targets }) => reportsOf(targets, "withheld", { reason: "limit" })),
    ];
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
  const found = targets.map((target) => {
    const was = foundWrong(target, diagnosis);
    return { ...target, ...(was !== undefined && { was }) };
  });
  if (isFailure(start)) return reportsOf(found, "failed", start);
  const reports =
    start.kind === "started"
      ? reportsOf(found, "started", {})
      : reportsOf(found, "withheld", { reason: "in-flight" });
  return execution === undefined ? reports : reports.map((report) => ({ ...report, execution }));
}
