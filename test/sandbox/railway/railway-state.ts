import type { ChangeSignal } from "./change-signal.ts";
import type { Deployment } from "./deployment.ts";
import { isUnfinished } from "./deployment.ts";
import type { DeploymentLedger } from "./deployment-ledger.ts";
import type { Estate } from "./estate.ts";
import type { ReplicaSets } from "./replica-sets.ts";
import type { StagedChanges } from "./staged-changes.ts";
import type { Scope, VariableStore } from "./variable-store.ts";
import { revealed, type VariableView } from "./variable-view.ts";

interface StateParts {
  readonly estate: Estate;
  readonly store: VariableStore;
  readonly view: VariableView;
  readonly staged: StagedChanges;
  readonly ledger: DeploymentLedger;
  readonly replicas: ReplicaSets;
  readonly changes: ChangeSignal;
}

/** What is really there, sealed values included, for a test to compare with. */
export class RailwayState {
  readonly #parts: StateParts;

  constructor(parts: StateParts) {
    this.#parts = parts;
  }

  /** The scope's own variables as stored; a service of null means the shared ones. */
  stored(scope: Scope): Record<string, string> {
    return revealed(this.#parts.store.rows(scope));
  }

  /** What the service would be deployed with now. */
  rendered(scope: Scope): Record<string, string> {
    return revealed(this.#parts.view.rendered(scope));
  }

  /** What people have prepared for the service and nobody has committed. */
  stagedVariables({ environmentId, serviceId }: Scope): Readonly<Record<string, string>> {
    return this.#parts.staged.find(environmentId)?.services[serviceId ?? ""] ?? {};
  }

  isSealed(scope: Scope, name: string): boolean {
    return this.#parts.store.rows(scope).get(name)?.sealed ?? false;
  }

  /** The service's deployments, oldest first. */
  deployments(serviceId: string, environmentId?: string): readonly Deployment[] {
    return this.#parts.ledger.of(this.#parts.estate.onlyPlace(serviceId, environmentId));
  }

  deployment(deploymentId: string): Deployment {
    return this.#parts.ledger.get(deploymentId);
  }

  /** What a deployment was made with, or null where it has no snapshot. */
  snapshot(deploymentId: string): Record<string, string> | null {
    const { snapshot } = this.deployment(deploymentId);
    return snapshot && revealed(snapshot.values);
  }

  replicas(deploymentId: string): ReturnType<ReplicaSets["of"]> {
    return this.#parts.replicas.of(deploymentId);
  }

  /** Resolves as soon as the condition is true; it is looked at after every change of a deployment or replica. */
  until(isTrue: (state: RailwayState) => boolean): Promise<void> {
    return this.#parts.changes.until(() => isTrue(this));
  }

  /** Resolves once no deployment or process is on its way and no predecessor is left; time has to pass meanwhile. */
  settled(): Promise<void> {
    const { changes, estate, ledger, replicas } = this.#parts;
    return changes.until(
      () =>
        !ledger.all().some(isMoving) &&
        !replicas.areStarting() &&
        estate.places.every((place) => ledger.active(place).length <= 1),
    );
  }
}

function isMoving(deployment: Deployment): boolean {
  return deployment.status === "REMOVING" || isUnfinished(deployment);
}
