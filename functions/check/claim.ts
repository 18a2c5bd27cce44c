import { limits } from "../core/limits.ts";
import type { HealClaim, HealMemory } from "../core/memory.ts";
import { type ServicePlan, serviceKey } from "../core/plan.ts";
import type { HealReport } from "../core/report.ts";
import { attempt, isFailure } from "../heal/attempt.ts";
import { reportsOf, withFindings } from "../heal/heal.ts";
import { rememberEnds } from "../heal/heal-memory.ts";
import type { Sight } from "../heal/observer.ts";
import type { World } from "../heal/world.ts";

export interface ClaimedWork {
  readonly services: readonly ServicePlan[];
  readonly sight: Sight;
  /** The execution's name, or the run's id where the run itself repairs. */
  readonly id: string;
  readonly startedAtMs: number;
}

/**
 * Repairs under a claim, so that two runs at once never begin the same repair; it is remembered from its start on.
 * What is only started keeps the claim until it ends, or until the claim runs out.
 */
export async function repairUnderClaim(
  world: World,
  { services, sight, id, startedAtMs }: ClaimedWork,
  repair: () => Promise<readonly HealReport[]>,
): Promise<readonly HealReport[]> {
  const { memory } = world;
  if (memory === undefined) return repair();
  const claim = claimOf(services, sight, { id, startedAtMs });
  const claimed = await attempt(async () => ({ kind: await memory.claimHeal(claim) }));
  if (isFailure(claimed)) return withheldAll(services, sight, "no-memory");
  if (claimed.kind === "taken") return withheldAll(services, sight, "in-flight");
  const reports = await repair();
  await rememberEnds(world, claim, reports);
  return reports;
}

function claimOf(
  services: readonly ServicePlan[],
  sight: Sight,
  { id, startedAtMs }: Pick<ClaimedWork, "id" | "startedAtMs">,
): HealClaim {
  const targets = services.flatMap((service) => service.targets);
  const byEnvironment = Map.groupBy(targets, ({ environment }) => environment);
  const heals = [...byEnvironment].map(([environment, group]): HealMemory => {
    const versioned = group.flatMap(({ secret }) => {
      const truth = sight.observation.truths.get(secret);
      return truth?.kind === "read" ? [{ secret, versionId: truth.current.id }] : [];
    });
    return { id, environment, targets: versioned, startedAtMs };
  });
  return {
    ...{ id, heals, startedAtMs },
    services: services.flatMap(({ railway }) => serviceKey(railway) ?? []),
    untilMs: startedAtMs + limits.healClaimMs,
  };
}

function withheldAll(
  services: readonly ServicePlan[],
  { diagnosis }: Sight,
  reason: "no-memory" | "in-flight",
): readonly HealReport[] {
  return services.flatMap(({ targets }) =>
    reportsOf(withFindings(targets, diagnosis), "withheld", { reason }),
  );
}
