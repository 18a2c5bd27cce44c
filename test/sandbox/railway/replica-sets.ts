import type { ChangeSignal } from "./change-signal.ts";
import type { Deployment } from "./deployment.ts";
import type { Identify } from "./identifiers.ts";
import type { Runner, RunningReplica } from "./runner.ts";

/** The `DeploymentInstanceStatus`es that the stand-in knows. */
export type ReplicaStatus = "CRASHED" | "INITIALIZING" | "REMOVED" | "RESTARTING" | "RUNNING";

interface Replica {
  readonly id: string;
  environment: Readonly<Record<string, string>>;
  status: ReplicaStatus;
  running: RunningReplica | null;
}

/** What the replicas of one deployment have in common. */
export interface ReplicaPlan {
  readonly deployment: Deployment;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

interface ReplicaSet {
  readonly plan: ReplicaPlan;
  readonly replicas: Replica[];
}

interface ReplicaSetsParts {
  readonly runner: Runner;
  readonly identify: Identify;
  readonly changes: ChangeSignal;
  readonly signal: AbortSignal;
}

/** The processes of every deployment. */
export class ReplicaSets {
  readonly #sets = new Map<string, ReplicaSet>();
  readonly #runner: Runner;
  readonly #identify: Identify;
  readonly #changes: ChangeSignal;
  readonly #signal: AbortSignal;

  constructor({ runner, identify, changes, signal }: ReplicaSetsParts) {
    this.#runner = runner;
    this.#identify = identify;
    this.#changes = changes;
    this.#signal = signal;
  }

  /** Rejects when one of them does not start; the others are left to `stop`. */
  async start(plan: ReplicaPlan, count: number): Promise<void> {
    this.#sets.set(plan.deployment.id, { plan, replicas: [] });
    await this.scale(plan.deployment.id, count);
  }

  /** A replica that is added gets its deployment's variables, not those stored since. */
  async scale(deploymentId: string, count: number): Promise<void> {
    const set = this.#get(deploymentId);
    const added = Array.from({ length: count - set.replicas.length }, () => this.#create(set.plan));
    const removed = set.replicas.splice(count);
    set.replicas.push(...added);
    await settle([...added.map((replica) => this.#launch(set, replica)), ...removed.map(remove)]);
  }

  /** New processes, the same variables (facts/railway.md, 3). */
  async restart(deploymentId: string): Promise<void> {
    const set = this.#get(deploymentId);
    await settle(set.replicas.map((replica) => this.#relaunch(set, replica)));
  }

  /** Starts one replica anew with these variables over its own. */
  async override(deploymentId: string, index: number, variables: Record<string, string>): Promise<void> {
    const set = this.#get(deploymentId);
    const replica = set.replicas[index];
    if (!replica) throw new Error(`Deployment ${deploymentId} has no replica ${index}`);
    replica.environment = { ...replica.environment, ...variables };
    await this.#relaunch(set, replica);
  }

  async stop(deploymentId: string): Promise<void> {
    await settle((this.#sets.get(deploymentId)?.replicas ?? []).map(remove));
  }

  async stopAll(): Promise<void> {
    await settle([...this.#sets.keys()].map((deploymentId) => this.stop(deploymentId)));
  }

  /** Whether a process is on its way up. */
  areStarting(): boolean {
    const replicas = [...this.#sets.values()].flatMap((set) => set.replicas);
    return replicas.some(({ status }) => status === "INITIALIZING" || status === "RESTARTING");
  }

  of(deploymentId: string): readonly { readonly id: string; readonly status: ReplicaStatus }[] {
    return (this.#sets.get(deploymentId)?.replicas ?? []).map(({ id, status }) => ({ id, status }));
  }

  urls(deploymentId: string): readonly string[] {
    const replicas = this.#sets.get(deploymentId)?.replicas ?? [];
    return replicas.flatMap(({ running, status }) => (running && status === "RUNNING" ? [running.url] : []));
  }

  #get(deploymentId: string): ReplicaSet {
    const set = this.#sets.get(deploymentId);
    if (!set) throw new Error(`Deployment ${deploymentId} has no replicas`);
    return set;
  }

  #create({ deployment, environment }: ReplicaPlan): Replica {
    const id = this.#identify("replica");
    const identity = { RAILWAY_DEPLOYMENT_ID: deployment.id, RAILWAY_REPLICA_ID: id, PORT: "0" };
    return { id, environment: { ...environment, ...identity }, status: "INITIALIZING", running: null };
  }

  async #relaunch(set: ReplicaSet, replica: Replica): Promise<void> {
    replica.status = "RESTARTING";
    await replica.running?.stop();
    await this.#launch(set, replica);
  }

  async #launch({ plan: { deployment, command } }: ReplicaSet, replica: Replica): Promise<void> {
    const { projectId, environmentId, serviceId, id: deploymentId } = deployment;
    const labels = { projectId, environmentId, serviceId, deploymentId, replicaId: replica.id, command };
    try {
      replica.running = await this.#runner.start(replica.environment, labels, this.#signal);
      replica.status = "RUNNING";
    } catch (error) {
      replica.status = "CRASHED";
      throw error;
    } finally {
      this.#changes.announce();
    }
  }
}

async function remove(replica: Replica): Promise<void> {
  replica.status = "REMOVED";
  await replica.running?.stop();
}

/** Waits for all, also when one fails, so that none is still starting when the failure is handled. */
async function settle(tasks: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(tasks);
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}
