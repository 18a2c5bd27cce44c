import type { RailwayEntry } from "../../core/fleet.ts";
import { limits } from "../../core/limits.ts";
import type { DeploymentSnapshot } from "../../core/observation.ts";
import type { VariableNames } from "../../core/ports.ts";
import { earlierThan, hasRunStatuses } from "./deployments.ts";
import { operations } from "./operations.ts";
import type { Session } from "./sessions.ts";
import { storedValues } from "./stored-values.ts";

/** Some deployments newer than the serving one may stand before those that are looked for. */
const listedMax = 20;

/** One deployment's variables; absent where Railway has no snapshot of it. @throws TallystickError `railway-*` */
export async function readSnapshot(
  session: Session,
  names: VariableNames,
  deploymentId: string,
): Promise<DeploymentSnapshot> {
  const { deployment, deploymentSnapshot } = await session.ask(operations.snapshot, { id: deploymentId });
  return {
    deploymentId: deployment.id,
    createdAtMs: deployment.createdAt,
    ...(deploymentSnapshot !== null && { variables: storedValues(names, deploymentSnapshot.variables) }),
  };
}

/** The same for a deployment that is known already: it stays as it is where its variables cannot be read. */
export function withVariables<Known extends DeploymentSnapshot>(
  session: Session,
  names: VariableNames,
  known: Known,
): Promise<Known> {
  return readSnapshot(session, names, known.deploymentId).then(
    ({ variables }) => (variables === undefined ? known : { ...known, variables }),
    () => known,
  );
}

/**
 * A few deployments before the serving one. Empty where the list is refused, which is said of project tokens
 * (crisog/railway-sdk) and said otherwise elsewhere.
 */
export async function readEarlier(
  session: Session,
  { railway, names, serving }: { railway: RailwayEntry; names: VariableNames; serving: DeploymentSnapshot },
): Promise<readonly DeploymentSnapshot[]> {
  const listed = await listDeployments(session, railway).catch(() => []);
  const earlier = earlierThan(serving, listed)
    .slice(0, limits.earlierSnapshotsMax)
    .map(({ id, createdAt }) => ({ deploymentId: id, createdAtMs: createdAt }));
  return Promise.all(earlier.map((deployment) => withVariables(session, names, deployment)));
}

function listDeployments(session: Session, { project, environment, service }: RailwayEntry) {
  const input = {
    projectId: project,
    environmentId: environment,
    serviceId: service,
    status: { in: hasRunStatuses },
  };
  return session.ask(operations.earlierDeployments, { input, first: listedMax });
}
