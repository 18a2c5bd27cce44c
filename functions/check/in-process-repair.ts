import type { Steps } from "../core/ports.ts";
import { healPlan } from "../heal/plan-heal.ts";
import { createSightOfAll } from "../heal/sight-of-all.ts";
import { repairUnderClaim } from "./claim.ts";
import { liftedBy, namesEnvironments, type Repair } from "./reconciler.ts";

/** Repairs within the run itself, which waits for the end of it: on the command line and in the sandbox. */
export function createInProcessRepair(steps: Steps): Repair {
  return (world, services, sight, request) => {
    const lifted = liftedBy(request);
    const work = { services, sight, id: request.id, startedAtMs: world.clock.now(), lifted };
    // That anything was planned says that this run may repair.
    const course = { steps, mode: "fix", sightOfAll: createSightOfAll(world, sight.observation) } as const;
    const withoutCanary = namesEnvironments(request);
    return repairUnderClaim(world, work, (kept, claim) =>
      healPlan(world, kept, { ...course, withoutCanary, claim }),
    );
  };
}
