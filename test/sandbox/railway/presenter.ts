import type { Access } from "./access.ts";
import { connectionOf, type PageArguments } from "./connection.ts";
import type { Deployer } from "./deployer.ts";
import { canRollback, type Deployment, type Snapshot } from "./deployment.ts";
import type { DeploymentLedger } from "./deployment-ledger.ts";
import type { EnvironmentOfProject, Place } from "./estate.ts";
import { ProblemProcessingRequest } from "./railway-error.ts";
import type { ReplicaSets } from "./replica-sets.ts";
import type { StagedPatch } from "./staged-changes.ts";
import { referencesIn } from "./template.ts";
import type { StoredVariable, VariableStore } from "./variable-store.ts";
import { masked } from "./variable-view.ts";
import type { WorldProject, WorldService } from "./world.ts";

interface PresenterParts {
  readonly store: VariableStore;
  readonly ledger: DeploymentLedger;
  readonly replicas: ReplicaSets;
  readonly deployer: Deployer;
}

/** Railway's default, as the field reports it. */
const healthcheckTimeoutDefault = 300;

/** Gives the stand-in's data the shapes of the schema. */
export class Presenter {
  readonly #parts: PresenterParts;

  constructor(parts: PresenterParts) {
    this.#parts = parts;
  }

  deployment(deployment: Deployment) {
    const { id, projectId, environmentId, serviceId, status, snapshot, reason, creator } = deployment;
    return {
      id,
      projectId,
      environmentId,
      serviceId,
      status,
      snapshotId: snapshot?.id ?? null,
      canRedeploy: snapshot !== null,
      canRollback: canRollback(deployment),
      deploymentStopped: status === "REMOVED",
      createdAt: dateTime(deployment.createdAt),
      updatedAt: dateTime(deployment.statusUpdatedAt),
      statusUpdatedAt: dateTime(deployment.statusUpdatedAt),
      meta: { reason },
      creator,
      instances: this.#parts.replicas.of(id),
    };
  }

  /** A snapshot holds the own variables without RAILWAY_* (facts/railway.md, 1). */
  snapshot({ id, createdAt, values }: Snapshot) {
    const own = new Map([...values].filter(([name]) => !name.startsWith("RAILWAY_")));
    return { id, createdAt: dateTime(createdAt), updatedAt: dateTime(createdAt), variables: masked(own) };
  }

  /** Without being told to decrypt, it masks every value (facts/railway.md, 1). */
  patch(environmentId: string, { id, createdAt, updatedAt, services }: StagedPatch) {
    return {
      id,
      environmentId,
      status: "STAGED",
      createdAt: dateTime(createdAt),
      updatedAt: dateTime(updatedAt),
      appliedAt: null,
      lastAppliedError: null,
      patch: ({ decryptVariables }: { decryptVariables?: boolean | null }) => ({
        services: mapValues(services, (values) => ({
          variables: mapValues(values, (value) => ({ value: decryptVariables ? value : null })),
        })),
      }),
    };
  }

  serviceInstance(place: Place) {
    const { environment, service } = place;
    const latest = this.#parts.ledger.latest(place);
    return {
      id: `${environment.id}:${service.id}`,
      environmentId: environment.id,
      serviceId: service.id,
      serviceName: service.name,
      numReplicas: this.#parts.deployer.replicaCount(place),
      healthcheckPath: service.healthcheckPath ?? null,
      healthcheckTimeout: service.healthcheckTimeoutSeconds ?? healthcheckTimeoutDefault,
      overlapSeconds: service.overlapSeconds ?? 0,
      drainingSeconds: service.drainingSeconds ?? 0,
      sleepApplication: service.sleepApplication ?? false,
      cronSchedule: service.cronSchedule ?? null,
      region: service.region ?? null,
      latestDeployment: latest ? this.deployment(latest) : null,
      activeDeployments: this.#parts.ledger.active(place).map((deployment) => this.deployment(deployment)),
    };
  }

  environment({ project, environment }: EnvironmentOfProject) {
    return {
      id: environment.id,
      name: environment.name,
      projectId: project.id,
      variables: (page: PageArguments) => connectionOf(this.#variables({ project, environment }), page),
      serviceInstances: (page: PageArguments) =>
        connectionOf(
          environment.services.map((service) => this.serviceInstance({ project, environment, service })),
          page,
        ),
    };
  }

  /** A project token sees only its own environment among the project's. */
  project(project: WorldProject, access: Access) {
    const visible = project.environments.filter(({ id }) => access.sees({ environmentId: id }));
    const services = new Map(visible.flatMap((e) => e.services).map((service) => [service.id, service]));
    return {
      id: project.id,
      name: project.name,
      environments: (page: PageArguments) =>
        connectionOf(
          visible.map((environment) => this.environment({ project, environment })),
          page,
        ),
      services: (page: PageArguments) =>
        connectionOf(
          [...services.values()].map((service) => presentService(service, project)),
          page,
        ),
    };
  }

  #variables({ project, environment: { id: environmentId, services } }: EnvironmentOfProject) {
    const present = (service: WorldService | null) =>
      this.#parts.store
        .own({ environmentId, serviceId: service?.id ?? null })
        .map((row) => ({ ...presentVariable(row, service, project), environmentId }));
    return [null, ...services].flatMap(present);
  }
}

/** `service` cannot be null in the schema, so that asking for it breaks on a shared variable (facts/railway.md, 1). */
function presentVariable(row: StoredVariable, service: WorldService | null, project: WorldProject) {
  return {
    id: row.id,
    name: row.name,
    serviceId: service?.id ?? null,
    isSealed: row.sealed,
    references: referencesIn(row.value),
    createdAt: dateTime(row.createdAt),
    updatedAt: dateTime(row.updatedAt),
    service: () => {
      if (!service) throw new ProblemProcessingRequest();
      return presentService(service, project);
    },
  };
}

function presentService({ id, name }: WorldService, project: WorldProject) {
  return { id, name, projectId: project.id };
}

function mapValues<From, To>(values: Readonly<Record<string, From>>, map: (value: From) => To) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}

function dateTime(at: number): string {
  return new Date(at).toISOString();
}
