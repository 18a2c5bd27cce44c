import type { DeploymentSnapshot } from "../../core/observation.ts";
import type { DeploymentState, DeploymentStatus } from "../../core/ports.ts";
import type { DeploymentAnswer, ServiceDeployments } from "./answers.ts";

/** A deployment of which only the state is known. */
type StartedDeployment = Pick<DeploymentAnswer, "id" | "status" | "createdAt">;

/**
 * Railway's thirteen statuses in our five. A word that is not known yet counts as unfinished: nobody then deploys
 * into what may be a deployment under way, and who waits for it stops at the time limit.
 * @internal
 */
export function statusOf(word: string): DeploymentStatus {
  switch (word) {
    case "SUCCESS":
    case "SLEEPING":
      return "serving";
    case "FAILED":
    case "CRASHED":
    case "SKIPPED":
      return "failed";
    case "REMOVED":
    case "REMOVING":
      return "gone";
    case "NEEDS_APPROVAL":
      return "stuck";
    default:
      return "unfinished";
  }
}

/** The port's form of a deployment. */
export function deploymentState({ id, status, createdAt }: StartedDeployment): DeploymentState {
  return { id, status: statusOf(status), word: status, createdAtMs: createdAt };
}

/**
 * The deployment that takes requests. The latest one is not asked: it may have failed while an older one serves.
 * One that crashed is taken where there is no better, for its variables are what it crashed with.
 */
export function servingAmong(active: readonly DeploymentAnswer[]): DeploymentAnswer | undefined {
  const newestFirst = active.toSorted(byNewest);
  return (
    newestFirst.find(({ status }) => status === "SUCCESS") ??
    newestFirst.find(({ status }) => status === "SLEEPING" || status === "CRASHED")
  );
}

/** The newest of all; Railway's own word for it, where it gives one. */
export function newestOf({
  latestDeployment,
  activeDeployments,
}: ServiceDeployments): DeploymentAnswer | undefined {
  return latestDeployment ?? activeDeployments.toSorted(byNewest)[0];
}

/**
 * Whether two deployments may be answering, or soon will be. One that waits for approval does not count: it may
 * wait for ever, and touches nothing until a person says so; a service in drift is not left alone for it.
 */
export function isDeploying({ latestDeployment, activeDeployments }: ServiceDeployments): boolean {
  const all = latestDeployment === null ? activeDeployments : [latestDeployment, ...activeDeployments];
  const isMoving = all.some(({ status }) => status === "REMOVING" || statusOf(status) === "unfinished");
  return isMoving || activeDeployments.filter(({ status }) => statusOf(status) === "serving").length > 1;
}

/** A deployment without a snapshot, such as one that was skipped, cannot be started again (railwayapp/cli PR 734). */
export function isRedeployable({ canRedeploy, snapshotId }: DeploymentAnswer): boolean {
  return canRedeploy && snapshotId !== null;
}

/** Statuses of deployments that have once run, and so may tell of a time when all was well. */
export const hasRunStatuses = ["SUCCESS", "REMOVED", "REMOVING", "SLEEPING", "CRASHED"] as const;

/** Those that ran before the serving one, newest first; of a list that may hold any. */
export function earlierThan(
  serving: DeploymentSnapshot,
  deployments: readonly DeploymentAnswer[],
): DeploymentAnswer[] {
  const ran: readonly string[] = hasRunStatuses;
  return deployments
    .filter(({ id, createdAt }) => id !== serving.deploymentId && createdAt < serving.createdAtMs)
    .filter(({ status, snapshotId }) => snapshotId !== null && ran.includes(status))
    .toSorted(byNewest);
}

function byNewest(one: StartedDeployment, other: StartedDeployment): number {
  return other.createdAt - one.createdAt;
}
