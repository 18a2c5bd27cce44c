import type { RailwayEntry } from "../../core/fleet.ts";
import type { ServiceState } from "../../core/observation.ts";
import type { VariableNames } from "../../core/ports.ts";
import type { DeploymentAnswer, ServiceInstance } from "./answers.ts";
import { isDeploying, newestOf, servingAmong } from "./deployments.ts";
import { operations } from "./operations.ts";
import type { Session } from "./sessions.ts";
import { type ServiceVariables, storedValues } from "./stored-values.ts";

type SeenService = Extract<ServiceState, { kind: "seen" }>;

/** One service as it is now, and its variables as they are written. */
export interface ServiceSight {
  readonly state: SeenService;
  readonly variables: ServiceVariables;
}

/** One service as one call shows it: nothing of where its variables come from. @throws TallystickError `railway-*` */
export async function readService(
  session: Session,
  railway: RailwayEntry,
  names: VariableNames,
): Promise<ServiceSight> {
  const answer = await session.ask(operations.service, serviceIds(railway));
  const { serviceInstance } = answer;
  const variables = { written: answer.variables, rendered: answer.rendered };
  const serving = servingAmong(serviceInstance.activeDeployments);
  const newest = newestOf(serviceInstance);
  const rest = restOf(serviceInstance);
  const quota = session.quota();
  const state: SeenService = {
    kind: "seen",
    stored: storedValues(names, variables),
    ...(serving !== undefined && { serving: servingSnapshot(serving) }),
    ...(newest !== undefined && { newestId: newest.id }),
    earlier: [],
    deploying: isDeploying(serviceInstance),
    ...(serviceInstance.numReplicas !== null && { replicas: serviceInstance.numReplicas }),
    ...(rest !== undefined && { rest }),
    ...(quota !== undefined && { quota }),
  };
  return { state, variables };
}

function restOf({ cronSchedule, sleepApplication }: ServiceInstance): SeenService["rest"] {
  if (cronSchedule !== null && cronSchedule !== "") return "cron";
  return sleepApplication === true ? "sleeps" : undefined;
}

/** A service's ids as Railway's operations take them. */
export function serviceIds({ project, environment, service }: RailwayEntry) {
  return { projectId: project, environmentId: environment, serviceId: service };
}

function servingSnapshot(serving: DeploymentAnswer): NonNullable<SeenService["serving"]> {
  return {
    deploymentId: serving.id,
    createdAtMs: serving.createdAt,
  };
}
