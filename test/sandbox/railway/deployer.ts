import type { BackgroundWork } from "./background-work.ts";
import type { Clock } from "./clock.ts";
import {
  type Deployment,
  type Durations,
  isReplaceable,
  isUnfinished,
  nextStep,
  type Snapshot,
} from "./deployment.ts";
import type { DeploymentLedger } from "./deployment-ledger.ts";
import type { Estate, Place } from "./estate.ts";
import { placeKey } from "./estate.ts";
import { isHealthy } from "./health-check.ts";
import type { ReplicaSets } from "./replica-sets.ts";
import { providedVariables, revealed } from "./variable-view.ts";

interface DeployerParts {
  readonly clock: Clock;
  readonly durations: Durations;
  readonly estate: Estate;
  readonly ledger: DeploymentLedger;
  readonly replicas: ReplicaSets;
  readonly background: BackgroundWork;
  readonly signal: AbortSignal;
}

/** Takes deployments through their statuses as time passes, and starts and stops their processes. */
export class Deployer {
  readonly #parts: DeployerParts;
  readonly #replicaCounts = new Map<string, number>();
  readonly #closing: Promise<never>;

  constructor(parts: DeployerParts) {
    this.#parts = parts;
    this.#closing = rejectionOnAbort(parts.signal);
  }

  /** Runs in the background: the API answers before a deployment is finished. */
  deploy(deployment: Deployment): void {
    this.#parts.ledger.add(deployment);
    this.#parts.background.add(this.#drive(deployment.id));
  }

  /** The same variables in new processes, also in the background. */
  restart(deployment: Deployment): void {
    const restarted = this.#parts.replicas.restart(deployment.id);
    this.#parts.background.add(restarted.catch(() => void this.#move(deployment.id, "CRASHED", "SUCCESS")));
  }

  /** Puts a deployment in place that has been serving since before the world began. */
  async begin(deployment: Deployment): Promise<void> {
    this.#parts.ledger.add(deployment);
    await this.#startReplicas(deployment);
    this.#move(deployment.id, "SUCCESS");
  }

  replicaCount(place: Place): number {
    return this.#replicaCounts.get(placeKey(place)) ?? place.service.replicas ?? 1;
  }

  async scale(place: Place, count: number): Promise<void> {
    this.#replicaCounts.set(placeKey(place), count);
    const { ledger, replicas } = this.#parts;
    const awake = ledger.active(place).filter(({ status }) => status !== "SLEEPING");
    await Promise.all(awake.map(({ id }) => replicas.scale(id, count)));
  }

  /** One run of a job, with its deployment's variables: its process is ended as soon as it has begun. */
  async runJob(deploymentId: string): Promise<void> {
    const { replicas } = this.#parts;
    try {
      await replicas.scale(deploymentId, 1);
    } finally {
      await replicas.scale(deploymentId, 0);
    }
  }

  async #drive(deploymentId: string): Promise<void> {
    const { ledger, durations } = this.#parts;
    while (isUnfinished(ledger.get(deploymentId))) {
      const deployment = ledger.get(deploymentId);
      const step = nextStep(deployment, durations);
      if (step.kind === "rest") return;
      await this.#pause(step.durationMs);
      if (step.kind === "wait") this.#move(deploymentId, step.to, deployment.status);
      else await this.#launch(deployment);
    }
  }

  /** A deployment that fails takes only its own processes with it: its predecessor goes on serving. */
  async #launch(deployment: Deployment): Promise<void> {
    const isUp = await this.#comesUp(deployment);
    if (isUp && this.#move(deployment.id, "SUCCESS")) {
      this.#retirePredecessors(deployment);
      return;
    }
    await this.#parts.replicas.stop(deployment.id);
    this.#move(deployment.id, "FAILED");
  }

  async #comesUp(deployment: Deployment): Promise<boolean> {
    const { clock, durations, replicas, signal } = this.#parts;
    const started = await this.#startReplicas(deployment).then(
      () => true,
      () => false,
    );
    signal.throwIfAborted();
    if (!started || deployment.fate === "fails-healthcheck") return false;
    return isHealthy({
      service: this.#place(deployment).service,
      urls: replicas.urls(deployment.id),
      intervalMs: durations.healthcheckIntervalMs,
      clock,
      pause: (durationMs) => this.#pause(durationMs),
    });
  }

  #startReplicas(deployment: Deployment): Promise<void> {
    const place = this.#place(deployment);
    const environment = processEnvironment(place, deployment.snapshot);
    const command = place.service.command ?? [];
    const count = isJob(place) ? 0 : this.replicaCount(place);
    return this.#parts.replicas.start({ deployment, command, environment }, count);
  }

  #retirePredecessors(deployment: Deployment): void {
    for (const predecessor of this.#parts.ledger.before(deployment)) {
      if (isReplaceable(predecessor)) this.#parts.background.add(this.#retire(predecessor));
      else if (isUnfinished(predecessor)) this.#move(predecessor.id, "REMOVED", predecessor.status);
    }
  }

  /** It may have fallen asleep or woken up while both were there. */
  async #retire(deployment: Deployment): Promise<void> {
    const { ledger, replicas } = this.#parts;
    const { id } = deployment;
    const { overlapSeconds = 0, drainingSeconds = 0 } = this.#place(deployment).service;
    await this.#pause(overlapSeconds * 1000);
    const current = ledger.get(id);
    if (!isReplaceable(current)) return;
    this.#move(id, "REMOVING", current.status);
    await this.#pause(drainingSeconds * 1000);
    if (ledger.get(id).status !== "REMOVING") return;
    await replicas.stop(id);
    this.#move(id, "REMOVED", "REMOVING");
  }

  #move(deploymentId: string, to: Deployment["status"], from: Deployment["status"] = "DEPLOYING"): boolean {
    return this.#parts.ledger.move(deploymentId, from, to, this.#parts.clock.now());
  }

  #place({ environmentId, serviceId }: Pick<Deployment, "environmentId" | "serviceId">): Place {
    return this.#parts.estate.onlyPlace(serviceId, environmentId);
  }

  async #pause(durationMs: number): Promise<void> {
    const { clock, signal } = this.#parts;
    signal.throwIfAborted();
    if (durationMs > 0) await Promise.race([clock.sleep(durationMs, signal), this.#closing]);
  }
}

/** Whether it runs by a schedule, and has no process between its runs. */
export function isJob({ service }: Place): boolean {
  return service.cronSchedule !== undefined;
}

/** Railway's own names win over variables that were given the same ones (facts/railway.md, 1). */
function processEnvironment(place: Place, snapshot: Snapshot | null): Record<string, string> {
  return { ...(snapshot ? revealed(snapshot.values) : {}), ...providedVariables(place) };
}

function rejectionOnAbort(signal: AbortSignal): Promise<never> {
  const rejection = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  rejection.catch(() => {});
  return rejection;
}
