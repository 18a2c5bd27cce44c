import type { BackgroundWork } from "./background-work.ts";
import type { Clock } from "./clock.ts";
import type { Deployer } from "./deployer.ts";
import type { DeploymentLedger } from "./deployment-ledger.ts";
import type { Place } from "./estate.ts";
import type { ReplicaSets } from "./replica-sets.ts";

interface BedroomParts {
  readonly clock: Clock;
  readonly ledger: DeploymentLedger;
  readonly replicas: ReplicaSets;
  readonly deployer: Deployer;
  readonly background: BackgroundWork;
  /** How long a request waits for the service that it wakes. */
  readonly wakeTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** Where services sleep until somebody asks them something: the same deployment, in new processes. */
export class Bedroom {
  readonly #parts: BedroomParts;
  readonly #waking = new Map<string, Promise<void>>();

  constructor(parts: BedroomParts) {
    this.#parts = parts;
  }

  async sleep(place: Place): Promise<void> {
    const { clock, ledger, replicas } = this.#parts;
    const { id: serviceId, sleepApplication = false } = place.service;
    const awake = ledger.active(place).findLast(({ status }) => status === "SUCCESS");
    if (!sleepApplication || !awake) throw new Error(`Service ${serviceId} is not one that can sleep now`);
    ledger.move(awake.id, "SUCCESS", "SLEEPING", clock.now());
    await replicas.scale(awake.id, 0);
  }

  /** Resolves when the service is up again, does not come up, or has taken too long; at once where none sleeps. */
  async wake(place: Place): Promise<void> {
    const { clock, ledger, signal, wakeTimeoutMs } = this.#parts;
    const asleep = ledger.active(place).findLast(({ status }) => status === "SLEEPING");
    if (!asleep) return;
    const waking = this.#waking.get(asleep.id) ?? this.#begin(place, asleep.id);
    const awake = new AbortController();
    const patience = clock.sleep(wakeTimeoutMs, AbortSignal.any([signal, awake.signal])).catch(() => {});
    await Promise.race([waking, patience]);
    awake.abort();
  }

  /** Those who ask while it wakes wait for the same start. */
  #begin(place: Place, deploymentId: string): Promise<void> {
    const waking = this.#rouse(place, deploymentId).finally(() => this.#waking.delete(deploymentId));
    this.#waking.set(deploymentId, waking);
    this.#parts.background.add(waking);
    return waking;
  }

  /** What was replaced while it woke up is not to stay. */
  async #rouse(place: Place, deploymentId: string): Promise<void> {
    const { clock, deployer, ledger, replicas, signal } = this.#parts;
    const isUp = await replicas.scale(deploymentId, deployer.replicaCount(place)).then(
      () => true,
      () => false,
    );
    signal.throwIfAborted();
    const isStillThere = ledger.move(deploymentId, "SLEEPING", isUp ? "SUCCESS" : "CRASHED", clock.now());
    if (!isStillThere) await replicas.stop(deploymentId);
  }
}
