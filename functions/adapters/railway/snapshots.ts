import type { RailwayEntry } from "../../core/fleet.ts";
import { limits } from "../../core/limits.ts";
import type { DeploymentSnapshot } from "../../core/observation.ts";
import type { VariableNames } from "../../core/ports.ts";
import type { DeploymentAnswer, VariablesAnswer } from "./answers.ts";
import { earlierThan, hasRunStatuses } from "./deployments.ts";
import { operations } from "./operations.ts";
import type { Session } from "./sessions.ts";
import { startedValues } from "./stored-values.ts";

/** Some deployments newer than the serving one may stand before those that are looked for. */
const listedMax = 20;

interface Snapshot {
  readonly deploymentId: string;
  readonly createdAtMs: number;
  /** Absent where Railway has none, or does not give it. */
  readonly variables?: VariablesAnswer;
}

/** What deployments were started with. It never changes, so that each is read once in a run. */
export class Snapshots {
  readonly #known = new Map<string, Promise<Snapshot>>();
  readonly #earlier = new Map<string, Promise<readonly Snapshot[]>>();

  /** One deployment's variables. @throws TallystickError `railway-*` */
  read(session: Session, deploymentId: string): Promise<Snapshot> {
    const known = this.#known.get(deploymentId) ?? readSnapshot(session, deploymentId);
    this.#known.set(deploymentId, known);
    known.then(
      // It may only not be there yet.
      ({ variables }) => variables ?? this.#known.delete(deploymentId),
      () => this.#known.delete(deploymentId),
    );
    return known;
  }

  /**
   * A few deployments before the serving one, newest first. Empty where the list is refused, which is said of project
   * tokens (crisog/railway-sdk) and said otherwise elsewhere.
   */
  earlier(
    session: Session,
    railway: RailwayEntry,
    serving: DeploymentSnapshot,
  ): Promise<readonly Snapshot[]> {
    const known = this.#earlier.get(serving.deploymentId) ?? readEarlier(session, railway, serving);
    this.#earlier.set(serving.deploymentId, known);
    return known;
  }
}

/** The same by the fleet's names. */
export function namedSnapshot(
  names: VariableNames,
  { variables, ...snapshot }: Snapshot,
): DeploymentSnapshot {
  return { ...snapshot, ...(variables !== undefined && { variables: startedValues(names, variables) }) };
}

async function readSnapshot(session: Session, deploymentId: string): Promise<Snapshot> {
  const { deployment, deploymentSnapshot } = await session.ask(operations.snapshot, { id: deploymentId });
  return {
    deploymentId: deployment.id,
    createdAtMs: deployment.createdAt,
    ...(deploymentSnapshot !== null && { variables: deploymentSnapshot.variables }),
  };
}

async function readEarlier(
  session: Session,
  railway: RailwayEntry,
  serving: DeploymentSnapshot,
): Promise<readonly Snapshot[]> {
  const listed = await listDeployments(session, railway).catch(() => []);
  const earlier = earlierThan(serving, listed).slice(0, limits.earlierSnapshotsMax);
  const variables = await readVariables(session, earlier).catch(() => []);
  return earlier.map(({ id, createdAt }, index) => {
    const own = variables[index];
    return { deploymentId: id, createdAtMs: createdAt, ...(own !== undefined && { variables: own }) };
  });
}

async function readVariables(
  session: Session,
  deployments: readonly DeploymentAnswer[],
): Promise<readonly (VariablesAnswer | undefined)[]> {
  const [first, second, third] = deployments;
  if (first === undefined) return [];
  return session.ask(operations.snapshots, {
    ...{ first: first.id, second: second?.id ?? first.id, third: third?.id ?? first.id },
    ...{ hasSecond: second !== undefined, hasThird: third !== undefined },
  });
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
