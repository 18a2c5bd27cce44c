import { TallystickError } from "../../core/errors.ts";
import type { RailwayEntry } from "../../core/fleet.ts";
import type { DeploymentState } from "../../core/ports.ts";
import type { DeploymentAnswer, ServiceDeployments, VariablesAnswer } from "./answers.ts";
import { deploymentState, isDeploying, isRedeployable, newestOf, servingAmong } from "./deployments.ts";
import { operations } from "./operations.ts";
import { serviceIds } from "./service-reading.ts";
import type { Session } from "./sessions.ts";
import { originsFor, type VariableOrigins } from "./stored-values.ts";
import { readFurther, rowsPageSize, type VariableRows } from "./variable-rows.ts";
import { type NewValues, refusal, requireNoLinkCut, requireThere } from "./write-guards.ts";

/**
 * Sets all values with one mutation: a service's own, another service's, or those that the environment shares (null).
 * Minutes may lie between looking and writing, so that all is read again first: a person may have made a reference of
 * it since.
 * @throws TallystickError `railway-*`
 */
export async function writeVariables(
  session: Session,
  railway: RailwayEntry,
  { values, ownerId, rows }: VariableWrite,
): Promise<void> {
  const place = placeOf(railway, ownerId);
  const { variables, origins } = await readBeforeWrite(session, railway, place);
  requireNoLinkCut(values, variables, origins);
  if (ownerId !== railway.service) requireThere(values, origins);
  try {
    await session.ask(operations.setVariables, { input: upsertInput(place, values) });
  } finally {
    rows.forget(session, railway);
  }
}

export interface VariableWrite {
  readonly values: NewValues;
  readonly ownerId: string | null;
  readonly rows: VariableRows;
}

/** Railway takes a write without a service for one of the shared variables. */
function placeOf(railway: RailwayEntry, ownerId: string | null) {
  const { projectId, environmentId } = serviceIds(railway);
  const owner = ownerId === null ? {} : { serviceId: ownerId };
  return { projectId, environmentId, ...owner };
}

async function readBeforeWrite(
  session: Session,
  railway: RailwayEntry,
  place: ReturnType<typeof placeOf>,
): Promise<{ readonly variables: VariablesAnswer; readonly origins: VariableOrigins }> {
  const found = await session
    .ask(operations.writtenVariables, { ...place, first: rowsPageSize })
    .catch((error: unknown) => {
      if (error instanceof TallystickError && error.code === "railway-not-authorized") throw originsRefused();
      throw error;
    });
  const rows = await readFurther(session, railway, found.rows);
  if (rows === undefined) throw originsRefused();
  return { variables: found.variables, origins: originsFor(place.serviceId ?? null, rows) };
}

function originsRefused(): TallystickError {
  return refusal(
    "where its variables come from could not be read, and a literal over an inherited one would cut a link; give the token access to the environment's variables",
  );
}

/**
 * Starts the serving deployment again, with the stored variables; one that has no snapshot to start from is deployed
 * anew from the commit that it has (railwayapp/cli PR 734). The mutation has no idempotency key, so that it is
 * looked first whether it was made already: a deployment newer than `newestId` is what an earlier call began whose
 * answer was lost, or what somebody else began with the same stored variables; either is waited for, none is added.
 * @throws TallystickError `railway-*`
 */
export async function redeployServing(
  session: Session,
  railway: RailwayEntry,
  { servingId, newestId }: { readonly servingId: string; readonly newestId?: string | undefined },
): Promise<DeploymentState> {
  const { environmentId, serviceId } = serviceIds(railway);
  const found = await session.ask(operations.serviceDeployments, { environmentId, serviceId });
  const newest = newestOf(found);
  if (newest !== undefined && newestId !== undefined && newest.id !== newestId)
    return deploymentState(newest);
  const serving = requireServing(servingId, found);
  if (isRedeployable(serving))
    return deploymentState(await session.ask(operations.redeploy, { id: servingId }));
  const id = await session.ask(operations.deploy, { environmentId, serviceId });
  return deploymentState(await session.ask(operations.deployment, { id }));
}

/** `replace` would delete every variable that is not in the map, references and sealed ones included. */
function upsertInput(place: ReturnType<typeof placeOf>, values: NewValues): object {
  return {
    ...place,
    variables: Object.fromEntries([...values].map(([name, value]) => [name, value.reveal()])),
    replace: false,
    skipDeploys: true,
  };
}

/**
 * A removed deployment would come back with its old variables (Railway's docs, pricing/plans.md), and a second one
 * would race with one under way: the mutation has no idempotency key.
 */
function requireServing(deploymentId: string, found: ServiceDeployments): DeploymentAnswer {
  const serving = servingAmong(found.activeDeployments);
  if (serving === undefined) throw refusal("no deployment serves now");
  if (serving.id !== deploymentId) throw refusal("another deployment serves now: look again");
  if (isDeploying(found)) throw refusal("a deployment is under way: wait for its end", { retryable: true });
  return serving;
}
