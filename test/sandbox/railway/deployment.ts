import type { StoredVariable } from "./variable-store.ts";
import type { VisibleValues } from "./variable-view.ts";
import type { Person } from "./world.ts";

/** Railway's thirteen statuses. */
export type DeploymentStatus =
  | "BUILDING"
  | "CRASHED"
  | "DEPLOYING"
  | "FAILED"
  | "INITIALIZING"
  | "NEEDS_APPROVAL"
  | "QUEUED"
  | "REMOVED"
  | "REMOVING"
  | "SKIPPED"
  | "SLEEPING"
  | "SUCCESS"
  | "WAITING";

/** How a deployment is going to end; tests plant every one but the first. */
export type Fate =
  | "succeeds"
  | "fails-to-build"
  | "fails-healthcheck"
  | "never-ends"
  | "needs-approval"
  | "skipped";

/** The variables that a deployment was made with: what its processes get, and what was stored at that time. */
export interface Snapshot {
  readonly id: string;
  readonly createdAt: number;
  readonly values: VisibleValues;
  readonly stored: readonly StoredVariable[];
}

/** One deployment, as data: nothing in it runs. */
export interface Deployment {
  readonly id: string;
  readonly projectId: string;
  readonly environmentId: string;
  readonly serviceId: string;
  readonly reason: "deploy" | "redeploy" | "rollback";
  readonly creator: Person | null;
  readonly builds: boolean;
  readonly fate: Fate;
  readonly snapshot: Snapshot | null;
  readonly createdAt: number;
  readonly status: DeploymentStatus;
  readonly statusUpdatedAt: number;
  readonly hasServed: boolean;
}

/** How long the statuses last. */
export interface Durations {
  readonly queuedMs: number;
  readonly initializingMs: number;
  readonly buildingMs: number;
  readonly deployingMs: number;
  readonly healthcheckIntervalMs: number;
  /** How long a request waits for the service that it wakes. */
  readonly wakeTimeoutMs: number;
}

/** What happens to a deployment next: a status after a time, its processes started, or nothing by itself. */
export type Step =
  | { readonly kind: "wait"; readonly durationMs: number; readonly to: DeploymentStatus }
  | { readonly kind: "launch"; readonly durationMs: number }
  | { readonly kind: "rest" };

/** The way of a new deployment up to the moment at which its processes are started. */
export function nextStep({ status, fate, builds }: Deployment, durations: Durations): Step {
  switch (status) {
    case "QUEUED":
      return { kind: "wait", durationMs: durations.queuedMs, to: afterQueue(fate) };
    case "INITIALIZING":
      return { kind: "wait", durationMs: durations.initializingMs, to: builds ? "BUILDING" : "DEPLOYING" };
    case "BUILDING":
      return {
        kind: "wait",
        durationMs: durations.buildingMs,
        to: fate === "fails-to-build" ? "FAILED" : "DEPLOYING",
      };
    case "DEPLOYING":
      return fate === "never-ends" ? { kind: "rest" } : { kind: "launch", durationMs: durations.deployingMs };
    default:
      return { kind: "rest" };
  }
}

function afterQueue(fate: Fate): DeploymentStatus {
  if (fate === "skipped") return "SKIPPED";
  return fate === "needs-approval" ? "NEEDS_APPROVAL" : "INITIALIZING";
}

/** The deployment with its new status. */
export function withStatus(deployment: Deployment, status: DeploymentStatus, now: number): Deployment {
  const hasServed = deployment.hasServed || status === "SUCCESS";
  return { ...deployment, status, statusUpdatedAt: now, hasServed };
}

const activeStatuses: readonly DeploymentStatus[] = ["SUCCESS", "SLEEPING", "CRASHED", "REMOVING"];

/** In place, even if crashed; and the old processes answer until their deployment is REMOVED (facts/railway.md, 7). */
export function isActive({ status }: Deployment): boolean {
  return activeStatuses.includes(status);
}

/** Whether a later deployment that serves takes its place. */
export function isReplaceable({ status }: Deployment): boolean {
  return status !== "REMOVING" && activeStatuses.includes(status);
}

const unfinishedStatuses: readonly DeploymentStatus[] = ["QUEUED", "INITIALIZING", "BUILDING", "DEPLOYING"];

/** Whether it is still on its way to serve or to fail. */
export function isUnfinished({ status }: Deployment): boolean {
  return unfinishedStatuses.includes(status);
}

/** Only what has served once, and does so no more, can be gone back to. */
export function canRollback({ status, hasServed, snapshot }: Deployment): boolean {
  return snapshot !== null && hasServed && status === "REMOVED";
}
