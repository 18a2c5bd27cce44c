import { type Fleet, type RailwayEntry, variableOf } from "./fleet.ts";
import type { Observation, ServiceState } from "./observation.ts";
import { type ActionKind, isAction, type Remedies, type Remedy } from "./remedy.ts";

/** One repair of one Railway service: all its variables in one write, and at most one redeploy. */
export interface ServicePlan {
  readonly railway: RailwayEntry;
  /** The fleet's environments behind this service, and what is mended in each. */
  readonly targets: readonly ServiceTarget[];
  readonly redeploy: boolean;
}

/** Plain data, so that it can be part of a step's result. */
export type ServiceTarget = {
  readonly environment: string;
  readonly secret: string;
  /** By Railway's name, and where it is set: absent for the service's own, else what it takes its value from. */
  readonly variable: string;
  readonly ownerId?: string | null;
  readonly action: ActionKind;
};

/** What is repaired, service by service; what is redeployed comes first, for only a new process can prove that the rest may follow. */
export function servicePlans(fleet: Fleet, observation: Observation, remedies: Remedies): ServicePlan[] {
  const targets = [...remedies].flatMap(([environment, ofEnvironment]) =>
    targetsOf(fleet, observation, environment, ofEnvironment),
  );
  const byService = Map.groupBy(targets, ({ railway }) => serviceKey(railway));
  const services = [...byService.values()].flatMap((group) => {
    const own = group.map(({ target }) => target);
    const redeploy = own.some(({ action }) => action !== "set-quietly");
    return group.slice(0, 1).map(({ railway }) => ({ railway, targets: own, redeploy }));
  });
  return services.toSorted((a, b) => Number(b.redeploy) - Number(a.redeploy));
}

function targetsOf(
  fleet: Fleet,
  observation: Observation,
  environment: string,
  remedies: ReadonlyMap<string, Remedy>,
): { railway: RailwayEntry; target: ServiceTarget }[] {
  const entry = fleet.environments[environment];
  const railway = entry?.railway;
  if (entry === undefined || railway === undefined) return [];
  const service = observation.environments.get(environment)?.service;
  return [...remedies].flatMap(([secret, remedy]) => {
    if (!isAction(remedy)) return [];
    const place = placeOf(service, secret) ?? { variable: variableOf(entry, secret) };
    return [{ railway, target: { environment, secret, ...place, action: remedy.kind } }];
  });
}

/** Where a linked variable is set; undefined where the service has one of its own. */
function placeOf(
  service: ServiceState | undefined,
  secret: string,
): Pick<ServiceTarget, "variable" | "ownerId"> | undefined {
  const stored = service?.kind === "seen" ? service.stored.get(secret) : undefined;
  const link = stored?.kind === "reference" || stored?.kind === "inherited" ? stored.link : undefined;
  return link && { variable: link.variable, ownerId: link.serviceId };
}

/** What tells Railway services apart; undefined for what is not on Railway. */
export function serviceKey(railway: RailwayEntry | undefined): string | undefined {
  return railway === undefined
    ? undefined
    : JSON.stringify([railway.project, railway.environment, railway.service]);
}
