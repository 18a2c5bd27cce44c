import type { RailwayEntry } from "../../core/fleet.ts";
import type { DeploymentState } from "../../core/ports.ts";
import type { DeploymentAnswer, ServiceDeployments } from "./answers.ts";
import { deploymentState, isDeploying, isRedeployable, newestOf, servingAmong } from "./deployments.ts";
import { operations } from "./operations.ts";
import { readOrigins, serviceIds } from "./service-reading.ts";
import type { Session } from "./sessions.ts";
import type { VariableRows } from "./variable-rows.ts";
import { type NewValues, refusal, requireNoLinkCut } from "./write-guards.ts";

/**
 * Sets all values with one mutation. Minutes may lie between looking and writing, so that all is read again first:
 * a person may have made a reference of it since.
 * @throws TallystickError `railway-*`
 */
export async function writeVariables(
  session: Session,
  railway: RailwayEntry,
  { values, rows }: { readonly values: NewValues; readonly rows: VariableRows },
): Promise<void> {
  rows.forget(session, railway);
  const [variables, origins] = await Promise.all([
    session.ask(operations.serviceVariables, serviceIds(railway)),
    readOrigins(session, railway, rows),
  ]);
  requireNoLinkCut(values, variables, origins);
  if (origins === undefined) {
    throw refusal(
      "where the service's variables come from could not be read, and a literal over an inherited one would cut a link; give the token access to the environment's variables",
    );
  }
  try {
    await session.ask(operations.setVariables, { input: upsertInput(railway, values) });
  } finally {
    rows.forget(session, railway);
  }
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
function upsertInput(railway: RailwayEntry, values: NewValues): object {
  return {
    ...serviceIds(railway),
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
