import type { ServicePlan } from "../core/plan.ts";
import type { Steps } from "../core/ports.ts";
import type { HealReport } from "../core/report.ts";
import type { Sight } from "./observer.ts";
import { healPlan } from "./plan-heal.ts";
import { createSightOfAll } from "./sight-of-all.ts";
import type { World } from "./world.ts";

/** Repairs within the run itself, which waits for the end of it: on the command line and in the sandbox. */
export function createInProcessRepair(steps: Steps) {
  return (
    world: World,
    services: readonly ServicePlan[],
    { observation }: Sight,
  ): Promise<readonly HealReport[]> =>
    // That anything was planned says that this run may repair.
    healPlan(world, services, { steps, mode: "fix", sightOfAll: createSightOfAll(world, observation) });
}
