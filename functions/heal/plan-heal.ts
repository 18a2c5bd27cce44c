import { limits } from "../core/limits.ts";
import type { Observation } from "../core/observation.ts";
import type { Steps } from "../core/ports.ts";
import type { HealReport } from "../core/report.ts";
import { isQuiet } from "../core/wording.ts";
import { healService, reportsOf, type ServiceOrder } from "./heal.ts";
import type { World } from "./world.ts";

/**
 * Heals a whole plan. One service is the canary: no other is changed before it is proven. One that fails, or
 * proves nothing, yields to the next; after `limits.canaryFailuresMax` failures the rest is left alone. After the
 * proof the rest is healed side by side.
 */
export async function healPlan(
  world: World,
  services: readonly ServiceOrder[],
  steps: Steps,
  earlier?: Observation,
): Promise<readonly HealReport[]> {
  const heal = (own: Steps, service: ServiceOrder) => healService(world, service, own, earlier);
  const healRest = async (rest: readonly ServiceOrder[]) =>
    rest.length === 0 ? [] : (await steps.each("rest", rest, heal)).flat();
  const due = services.slice(0, limits.servicesPerPlanMax);
  const canary: Canary = { tried: 0, failures: 0, isProven: false };
  const reports: HealReport[] = [];
  while (canary.tried < due.length && !canary.isProven && canary.failures < limits.canaryFailuresMax) {
    const service = due.slice(canary.tried, canary.tried + 1);
    canary.tried += 1;
    const heals = (await steps.each(`canary-${canary.tried}`, service, heal)).flat();
    reports.push(...heals);
    canary.isProven = heals.some(isProof);
    if (heals.some(isFailed)) canary.failures += 1;
  }
  const rest = due.slice(canary.tried);
  const after = canary.isProven ? await healRest(rest) : leave(rest, "canary");
  return [...reports, ...after, ...leave(services.slice(limits.servicesPerPlanMax), "limit")];
}

interface Canary {
  tried: number;
  failures: number;
  isProven: boolean;
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
