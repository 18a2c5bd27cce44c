import type { Remembered } from "../core/memory.ts";
import type { Plan } from "../core/plan.ts";
import type { Remedy } from "../core/remedy.ts";
import { serviceKey } from "../core/service-plans.ts";
import { attempt, isFailure } from "../heal/attempt.ts";
import type { Sight } from "../heal/observer.ts";
import type { World } from "../heal/world.ts";

/** Says of each fight who the other writer may be, as far as Railway tells who began what serves now. */
export async function withLikelyWriters(
  world: World,
  plan: Plan,
  sight: Sight,
  remembered: Remembered | "unreadable" | undefined,
): Promise<Plan> {
  if (remembered === undefined || remembered === "unreadable") return plan;
  const remedies = new Map(plan.remedies);
  for (const [environment, own] of plan.remedies) {
    if (![...own.values()].some(isFight)) continue;
    const origin = await originOf(world, environment, sight, remembered);
    if (origin === undefined) continue;
    const told = [...own].map(([secret, remedy]) => [secret, withOrigin(remedy, origin)] as const);
    remedies.set(environment, new Map(told));
  }
  return { ...plan, remedies };
}

type Fight = Extract<Remedy, { kind: "withheld" }>;

function isFight(remedy: Remedy): remedy is Fight {
  return remedy.kind === "withheld" && remedy.reason === "fighting";
}

function withOrigin(remedy: Remedy, origin: string): Remedy {
  if (!isFight(remedy)) return remedy;
  return { ...remedy, detail: `${remedy.detail}; what serves since is ${origin}` };
}

/** A deployment that our own last repair began says nothing of anybody else. */
async function originOf(
  { fleet, railway }: World,
  environment: string,
  { observation }: Sight,
  { heals }: Remembered,
): Promise<string | undefined> {
  const entry = fleet.environments[environment]?.railway;
  const service = observation.environments.get(environment)?.service;
  if (entry === undefined || service?.kind !== "seen" || service.serving === undefined) return undefined;
  const key = serviceKey(entry);
  const last = heals.findLast((heal) => serviceKey(fleet.environments[heal.environment]?.railway) === key);
  const { deploymentId, createdAtMs } = service.serving;
  if (last !== undefined && createdAtMs < (last.end?.atMs ?? last.startedAtMs)) return undefined;
  const origin = await attempt(async () => ({ words: await railway.originOf(entry, deploymentId) }));
  return isFailure(origin) ? undefined : origin.words;
}
