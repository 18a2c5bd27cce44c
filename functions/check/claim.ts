import type { Fleet } from "../core/fleet.ts";
import type { Withheld } from "../core/guards.ts";
import { type History, historyGuardOf } from "../core/history-guards.ts";
import { limits } from "../core/limits.ts";
import type { HealClaim, HealMemory } from "../core/memory.ts";
import type { Memory } from "../core/ports.ts";
import type { HealReport, RepairedHolder } from "../core/report.ts";
import { type ServicePlan, type ServiceTarget, serviceKey } from "../core/service-plans.ts";
import { attempt, isFailure } from "../heal/attempt.ts";
import { reportsOf, withFindings } from "../heal/heal.ts";
import { rememberEnds } from "../heal/heal-memory.ts";
import { createHeldClaim, type HeldClaim, unclaimed } from "../heal/held-claim.ts";
import type { Sight } from "../heal/observer.ts";
import type { World } from "../heal/world.ts";

export interface ClaimedWork {
  readonly services: readonly ServicePlan[];
  readonly sight: Sight;
  /** The execution's name, or the run's id where the run itself repairs. */
  readonly id: string;
  readonly startedAtMs: number;
  /** Environments that a person has named, for which the cool-down is lifted. */
  readonly lifted: ReadonlySet<string>;
}

/** Repairs what of a plan may still be repaired once it is claimed. */
type RepairClaimed = (services: readonly ServicePlan[], claim: HeldClaim) => Promise<readonly HealReport[]>;

/**
 * Repairs under a claim, so that two runs at once never begin the same repair; it is remembered from its start on.
 * What is only started keeps the claim until it ends, or until nobody renews it any more.
 */
export async function repairUnderClaim(
  world: World,
  work: ClaimedWork,
  repair: RepairClaimed,
): Promise<readonly HealReport[]> {
  const { memory } = world;
  const { services, sight } = work;
  if (memory === undefined) return repair(services, unclaimed);
  const claim = claimOf(services, sight, work);
  const claimed = await attempt(async () => ({ kind: await memory.claimHeal(claim) }));
  if (isFailure(claimed)) return withheldAll(services, sight, { reason: "no-memory" });
  if (claimed.kind === "taken") return withheldAll(services, sight, { reason: "in-flight" });
  const { kept, left } = await judgeUnderClaim(world, memory, work);
  const held = createHeldClaim(world, { ...claim, services: keysOf(kept) });
  const heals = kept.length === 0 ? [] : await repair(kept, held);
  await rememberEnds(world, claim, [...left, ...heals]);
  return [...left, ...heals];
}

/**
 * Another run may have repaired the same after this one had recalled, and given its claim back before this one
 * claimed: what has happened is looked at once more. A redeploy ships all of a service, so one guard stops it whole.
 */
async function judgeUnderClaim(
  world: World,
  memory: Memory,
  { services, sight, id, startedAtMs, lifted }: ClaimedWork,
): Promise<{ readonly kept: readonly ServicePlan[]; readonly left: readonly HealReport[] }> {
  const nowMs = world.clock.now();
  const recalled = await attempt(() => memory.recall(nowMs));
  if (isFailure(recalled)) return { kept: [], left: withheldAll(services, sight, { reason: "no-memory" }) };
  const others = recalled.heals.filter((heal) => heal.id !== id || heal.startedAtMs !== startedAtMs);
  const remembered = { ...recalled, heals: others, claimed: new Set<string>() };
  const judged = services.map((service) => ({
    service,
    guard: service.targets
      .map((target) => guardOf(world.fleet, target, sight, { remembered, nowMs, lifted }))
      .find((guard) => guard !== undefined),
  }));
  const kept = judged.flatMap(({ service, guard }) => (guard === undefined ? [service] : []));
  const left = judged.flatMap(({ service, guard }) =>
    guard === undefined ? [] : withheldAll([service], sight, guard),
  );
  const dropped = services.filter((service) => !kept.includes(service));
  if (dropped.length > 0) await attempt(() => memory.releaseHeal({ id, services: keysOf(dropped) }));
  return { kept, left };
}

function guardOf(
  { policy }: Fleet,
  { environment, secret }: ServiceTarget,
  { observation }: Sight,
  history: History,
): Withheld | undefined {
  const truth = observation.truths.get(secret);
  if (truth?.kind !== "read") return undefined;
  const versionId = truth.current.id;
  return historyGuardOf({ environment, secret, versionId, serviceKey: undefined, policy }, history);
}

function claimOf(
  services: readonly ServicePlan[],
  sight: Sight,
  { id, startedAtMs }: Pick<ClaimedWork, "id" | "startedAtMs">,
): HealClaim {
  const targets = withFindings(
    services.flatMap((service) => service.targets),
    sight.diagnosis,
  );
  const byEnvironment = Map.groupBy(targets, ({ environment }) => environment);
  const heals = [...byEnvironment].map(([environment, group]): HealMemory => {
    const versioned = group.flatMap(({ secret, was }) => {
      const truth = sight.observation.truths.get(secret);
      return truth?.kind === "read" ? [{ secret, versionId: truth.current.id, ...keptWas(was) }] : [];
    });
    return { id, environment, targets: versioned, startedAtMs };
  });
  return {
    ...{ id, heals, startedAtMs },
    services: keysOf(services),
    untilMs: startedAtMs + limits.healClaimMs,
  };
}

function keptWas(was: RepairedHolder | undefined): { readonly was?: RepairedHolder } {
  return was !== undefined && JSON.stringify(was).length <= limits.wasCharactersMax ? { was } : {};
}

function keysOf(services: readonly ServicePlan[]): readonly string[] {
  return services.flatMap(({ railway }) => serviceKey(railway) ?? []);
}

function withheldAll(
  services: readonly ServicePlan[],
  { diagnosis }: Sight,
  guard: Withheld,
): readonly HealReport[] {
  return services.flatMap(({ targets }) => reportsOf(withFindings(targets, diagnosis), "withheld", guard));
}
