import type { ChangeSignal } from "./change-signal.ts";
import { type Deployment, type DeploymentStatus, isActive, withStatus } from "./deployment.ts";
import type { Place } from "./estate.ts";

/** Every deployment ever made, oldest first. */
export class DeploymentLedger {
  readonly #deployments = new Map<string, Deployment>();
  readonly #changes: ChangeSignal;

  constructor(changes: ChangeSignal) {
    this.#changes = changes;
  }

  add(deployment: Deployment): void {
    this.#deployments.set(deployment.id, deployment);
    this.#changes.announce();
  }

  find(deploymentId: string): Deployment | undefined {
    return this.#deployments.get(deploymentId);
  }

  get(deploymentId: string): Deployment {
    const deployment = this.find(deploymentId);
    if (!deployment) throw new Error(`No deployment ${deploymentId} in the ledger`);
    return deployment;
  }

  /** Says whether it moved: somebody else may have moved the deployment on while the caller waited. */
  move(deploymentId: string, from: DeploymentStatus, to: DeploymentStatus, now: number): boolean {
    const deployment = this.get(deploymentId);
    if (deployment.status !== from) return false;
    this.#deployments.set(deploymentId, withStatus(deployment, to, now));
    this.#changes.announce();
    return true;
  }

  all(): readonly Deployment[] {
    return [...this.#deployments.values()];
  }

  of({ environment, service }: Place): readonly Deployment[] {
    return this.all().filter((d) => d.environmentId === environment.id && d.serviceId === service.id);
  }

  latest(place: Place): Deployment | undefined {
    return this.of(place).at(-1);
  }

  active(place: Place): readonly Deployment[] {
    return this.of(place).filter(isActive);
  }

  /** Those of the same service that were made before it. */
  before(deployment: Deployment): readonly Deployment[] {
    const all = this.all();
    return all
      .slice(
        0,
        all.findIndex(({ id }) => id === deployment.id),
      )
      .filter((d) => d.environmentId === deployment.environmentId && d.serviceId === deployment.serviceId);
  }
}
