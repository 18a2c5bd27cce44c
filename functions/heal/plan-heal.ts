import { limits } from "../core/limits.ts";
import type { Steps } from "../core/ports.ts";
import type { HealReport } from "../core/report.ts";
import { isQuiet } from "../core/wording.ts";
import { type HealCourse, healService, reportsOf, type ServiceOrder } from "./heal.ts";
import type { World } from "./world.ts";

/**
 * Heals a whole plan. One service is the canary: no other is changed before it is proven. One that fails, or
 * proves nothing, yields to the next; after `limits.canaryFailuresMax` failures the rest is left alone. After the
 * proof the rest is healed side by side.
 */
export async function healPlan(
  world: World,
  services: readonly ServiceOrder[],
  course: HealCourse,
): Promise<readonly HealReport[]> {
  const { steps } = course;
  const heal = (own: Steps, service: ServiceOrder) => healService(world, service, { ...course, steps: own });
  const healRest = async (rest: readonly ServiceOrder[]) =>
    rest.length === 0 ? [] : (await steps.each("rest", rest, heal)).flat();
  const due = services.slice(0, servicesAtOnce(services));
  const canary: Canary = { tried: 0, failures: 0, isProven: course.withoutCanary === true };
  const reports: HealReport[] = [];
  while (canary.tried < due.length && !canary.isProven && canary.failures < limits.canaryFailuresMax) {
    const service = due.slice(canary.tried, canary.tried + 1);
    canary.tried += 1;
    const heals = (await steps.each(`canary-${canary.tried}`, service, heal)).flat();
    reports.push(...heals);
    if (heals.some(isFailed)) canary.failures += 1;
    else canary.isProven = heals.some(isProof);
  }
  const rest = due.slice(canary.tried);
  const after = canary.isProven ? await healRest(rest) : leave(rest, "canary");
  return [...reports, ...after, ...leave(services.slice(due.length), "limit")];
}

interface Canary {
  tried: number;
  failures: number;
  isProven: boolean;
}

/** How many of a plan's services, from the first on, fit into one execution. */
export function servicesAtOnce(services: readonly Pick<ServiceOrder, "targets">[]): number {
  let targets = 0;
  let environments = 0;
  const beyond = services.findIndex((service, index) => {
    targets += service.targets.length;
    environments += new Set(service.targets.map(({ environment }) => environment)).size;
    return (
      index >= limits.servicesPerPlanMax ||
      environments > limits.environmentsPerPlanMax ||
      targets > limits.targetsPerPlanMax
    );
  });
  return beyond === -1 ? services.length : beyond;
}

/** What was only stored for the next start has no process that could prove it. */
function isProof({ status, was }: HealReport): boolean {
  return status === "healed" && !isQuiet(was);
}

function isFailed({ status }: HealReport): boolean {
  return status === "failed" || status === "timed-out";
}

function leave(services: readonly ServiceOrder[], reason: "canary" | "limit"): readonly HealReport[] {
  return services.flatMap(({ targets }) => reportsOf(targets, "withheld", { reason }));
}
