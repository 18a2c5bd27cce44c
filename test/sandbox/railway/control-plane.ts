import type { Clock } from "./clock.ts";
import type { Deployer } from "./deployer.ts";
import { canRollback, type Deployment, isActive, type Snapshot } from "./deployment.ts";
import type { DeploymentLedger } from "./deployment-ledger.ts";
import type { Estate, Place } from "./estate.ts";
import type { FaultBook } from "./faults.ts";
import type { Identify } from "./identifiers.ts";
import { ProblemProcessingRequest, RailwayError } from "./railway-error.ts";
import type { Scope, VariableStore } from "./variable-store.ts";
import { revealed, scopeOf, type VariableView } from "./variable-view.ts";
import type { Person } from "./world.ts";

interface ControlPlaneParts {
  readonly clock: Clock;
  readonly estate: Estate;
  readonly store: VariableStore;
  readonly view: VariableView;
  readonly ledger: DeploymentLedger;
  readonly deployer: Deployer;
  readonly faults: FaultBook;
  readonly identify: Identify;
}

interface WriteOptions {
  /** Deletes every other variable of the scope, references and sealed ones included. */
  readonly replace?: boolean;
  readonly deploy: boolean;
  readonly by: Person | null;
}

interface RedeployOptions {
  readonly usesImage: boolean;
  readonly creator: Person | null;
}

/** What Railway does when somebody asks for it, by the API or by hand. */
export class ControlPlane {
  readonly #parts: ControlPlaneParts;

  constructor(parts: ControlPlaneParts) {
    this.#parts = parts;
  }

  setVariables(scope: Scope, variables: Readonly<Record<string, string>>, options: WriteOptions): void {
    const { clock, store } = this.#parts;
    this.#change(scope, options, () => {
      const dropped = options.replace ? store.own(scope).filter(({ name }) => !(name in variables)) : [];
      for (const { name } of dropped) store.delete(scope, name);
      for (const [name, value] of Object.entries(variables)) store.set(scope, name, value, clock.now());
    });
  }

  /** Always deploys: the mutation has no `skipDeploys` (facts/railway.md, 2). */
  deleteVariable(scope: Scope, name: string, by: Person | null): void {
    this.#change(scope, { deploy: true, by }, () => void this.#parts.store.delete(scope, name));
  }

  /** Deploys what is stored. */
  deploy(place: Place, creator: Person | null): Deployment {
    return this.#create(place, { reason: "deploy", creator });
  }

  /** Deploys what is stored, on the code of the latest deployment. */
  redeployService(place: Place, creator: Person | null): Deployment {
    const latest = this.#parts.ledger.latest(place);
    return latest ? this.redeploy(latest, { usesImage: false, creator }) : this.deploy(place, creator);
  }

  /** Takes the stored variables, except for a removed deployment, whose own come back (facts/railway.md, 3). */
  redeploy(
    { environmentId, serviceId, status, snapshot }: Deployment,
    { usesImage, creator }: RedeployOptions,
  ): Deployment {
    if (!snapshot) throw new RailwayError("Cannot redeploy without a snapshot");
    const place = this.#parts.estate.onlyPlace(serviceId, environmentId);
    return status === "REMOVED"
      ? this.#create(place, { reason: "redeploy", creator, snapshot })
      : this.#create(place, { reason: "redeploy", creator, builds: !usesImage });
  }

  restart(deployment: Deployment): void {
    if (!isActive(deployment)) throw new ProblemProcessingRequest();
    this.#parts.deployer.restart(deployment);
  }

  /** Brings the old variables back twice over: into the processes and into the store (facts/railway.md, 3). */
  rollback(deployment: Deployment, creator: Person | null): Deployment {
    const { snapshot } = deployment;
    if (!snapshot || !canRollback(deployment)) throw new ProblemProcessingRequest();
    const place = this.#parts.estate.onlyPlace(deployment.serviceId, deployment.environmentId);
    this.#parts.store.putBack(scopeOf(place), snapshot.stored);
    return this.#create(place, { reason: "rollback", creator, snapshot, builds: false });
  }

  /** A deployment that serves from the start, before which there was none. */
  begin(place: Place): Promise<void> {
    return this.#parts.deployer.begin({ ...this.#draft(place), status: "DEPLOYING" });
  }

  #change(scope: Scope, { deploy, by }: WriteOptions, write: () => void): void {
    const places = this.#parts.estate.placesIn(scope.environmentId);
    const before = new Map(places.map((place) => [place, this.#fingerprint(place)]));
    write();
    if (!deploy) return;
    for (const place of places) {
      const isOwn = place.service.id === scope.serviceId;
      if (isOwn || before.get(place) !== this.#fingerprint(place)) this.deploy(place, by);
    }
  }

  #fingerprint(place: Place): string {
    return JSON.stringify(revealed(this.#parts.view.rendered(scopeOf(place))));
  }

  #create(place: Place, order: Partial<Deployment>): Deployment {
    const fate = this.#parts.faults.takeFate(place.service.id);
    const draft = { ...this.#draft(place), ...order, fate };
    const deployment = fate === "skipped" ? { ...draft, snapshot: null } : draft;
    this.#parts.deployer.deploy(deployment);
    return deployment;
  }

  #draft(place: Place): Deployment {
    const { clock, identify } = this.#parts;
    return {
      id: identify("deployment"),
      projectId: place.project.id,
      environmentId: place.environment.id,
      serviceId: place.service.id,
      reason: "deploy",
      creator: null,
      builds: true,
      fate: "succeeds",
      snapshot: this.#takeSnapshot(place),
      createdAt: clock.now(),
      status: "QUEUED",
      statusUpdatedAt: clock.now(),
      hasServed: false,
    };
  }

  #takeSnapshot(place: Place): Snapshot {
    const { clock, identify, store, view } = this.#parts;
    const scope = scopeOf(place);
    const id = identify("snapshot");
    return { id, createdAt: clock.now(), values: view.rendered(scope), stored: store.own(scope) };
  }
}
