import type { RailwayEntry } from "../../core/fleet.ts";
import type { ServiceState } from "../../core/observation.ts";
import type { VariableNames } from "../../core/ports.ts";
import type { DeploymentAnswer } from "./answers.ts";
import { isDeploying, newestOf, servingAmong } from "./deployments.ts";
import { operations } from "./operations.ts";
import type { Session } from "./sessions.ts";
import { originsFor, storedValues, type VariableOrigins } from "./stored-values.ts";
import type { VariableRows } from "./variable-rows.ts";

type SeenService = Extract<ServiceState, { kind: "seen" }>;

/** One service as it is now, without snapshots. @throws TallystickError `railway-*` */
export async function readService(
  session: Session,
  railway: RailwayEntry,
  { names, rows }: { readonly names: VariableNames; readonly rows: VariableRows },
): Promise<SeenService> {
  const [{ variables, serviceInstance }, origins] = await Promise.all([
    session.ask(operations.service, serviceIds(railway)),
    // The values are of use without their origins; before a write these are asked for again.
    readOrigins(session, railway, rows).catch(() => undefined),
  ]);
  const serving = servingAmong(serviceInstance.activeDeployments);
  const newest = newestOf(serviceInstance);
  return {
    kind: "seen",
    stored: storedValues(names, variables, origins),
    ...(serving !== undefined && { serving: servingSnapshot(serving) }),
    ...(newest !== undefined && { newestId: newest.id }),
    earlier: [],
    deploying: isDeploying(serviceInstance),
  };
}

/** Undefined where the token may not see them. @throws TallystickError `railway-*` for what may pass */
export async function readOrigins(
  session: Session,
  railway: RailwayEntry,
  rows: VariableRows,
): Promise<VariableOrigins | undefined> {
  const known = await rows.read(session, railway);
  return known && originsFor(railway.service, known);
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
