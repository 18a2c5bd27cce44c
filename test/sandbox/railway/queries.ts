import type { Access } from "./access.ts";
import type { Clock } from "./clock.ts";
import { connectionOf, type PageArguments } from "./connection.ts";
import type { Deployment, DeploymentStatus } from "./deployment.ts";
import type { DeploymentLedger } from "./deployment-ledger.ts";
import type { Estate, Place } from "./estate.ts";
import type { Presenter } from "./presenter.ts";
import { notAuthorized, ProblemProcessingRequest, RailwayError } from "./railway-error.ts";
import type { StagedChanges } from "./staged-changes.ts";
import type { Scope } from "./variable-store.ts";
import { masked, providedVariables, type VariableView } from "./variable-view.ts";

/** What a resolver is told about the request. */
export interface Context {
  readonly access: Access;
}

interface PlaceArguments {
  readonly environmentId: string;
  readonly serviceId: string;
}

interface VariablesArguments {
  readonly projectId: string;
  readonly environmentId: string;
  readonly serviceId?: string | null;
  readonly unrendered?: boolean | null;
}

interface DeploymentsArguments extends PageArguments {
  readonly input: {
    readonly projectId?: string | null;
    readonly environmentId?: string | null;
    readonly serviceId?: string | null;
    readonly status?: {
      readonly in?: readonly DeploymentStatus[] | null;
      readonly notIn?: readonly DeploymentStatus[] | null;
    } | null;
  };
}

interface QueryParts {
  readonly clock: Clock;
  readonly estate: Estate;
  readonly view: VariableView;
  readonly staged: StagedChanges;
  readonly ledger: DeploymentLedger;
  readonly presenter: Presenter;
}

/** The resolvers of the query type. */
export function createQueries({ clock, estate, view, staged, ledger, presenter }: QueryParts) {
  return {
    me: (_: object, { access }: Context) => ({ id: access.account().id }),
    apiToken: (_: object, { access }: Context) => ({ workspaces: access.holder().workspaces }),
    projectToken: (_: object, { access }: Context) => {
      const { project, environment } = access.projectToken();
      return {
        projectId: project.id,
        environmentId: environment.id,
        project: presenter.project(project, access),
        environment: presenter.environment({ project, environment }),
      };
    },
    project: ({ id }: { id: string }, { access }: Context) => presenter.project(access.project(id), access),
    projects: (wanted: PageArguments & { workspaceId?: string | null }, { access }: Context) =>
      connectionOf(
        access.projects(wanted.workspaceId).map((project) => presenter.project(project, access)),
        wanted,
      ),
    environment: ({ id, projectId }: { id: string; projectId?: string | null }, { access }: Context) =>
      presenter.environment(access.environment(id, projectId)),
    environmentStagedChanges: ({ environmentId }: { environmentId: string }, { access }: Context) => {
      access.environment(environmentId);
      return presenter.patch(environmentId, staged.of(environmentId, clock.now()));
    },
    serviceInstance: (wanted: PlaceArguments, { access }: Context) =>
      presenter.serviceInstance(requirePlace(access, wanted)),
    variables: (wanted: VariablesArguments, { access }: Context) => {
      const scope = requireScope(estate, access, wanted);
      const place = placeOf(estate, scope);
      const values = wanted.unrendered ? view.unrendered(scope) : view.rendered(scope);
      return { ...(place && providedVariables(place)), ...masked(values) };
    },
    variablesForServiceDeployment: (wanted: VariablesArguments, { access }: Context) => {
      const scope = requireScope(estate, access, wanted);
      const place = placeOf(estate, scope);
      return { ...masked(view.rendered(scope)), ...(place && providedVariables(place)) };
    },
    deployment: ({ id }: { id: string }, { access }: Context) =>
      presenter.deployment(requireDeployment(ledger, access, id)),
    deployments: ({ input, ...page }: DeploymentsArguments, { access }: Context) =>
      connectionOf(
        listed(ledger, access, input).map((deployment) => presenter.deployment(deployment)),
        page,
      ),
    deploymentSnapshot: ({ deploymentId }: { deploymentId: string }, { access }: Context) => {
      const { snapshot } = requireDeployment(ledger, access, deploymentId);
      return snapshot && presenter.snapshot(snapshot);
    },
  };
}

/** The service instance, if the request may see its environment and it exists there. */
export function requirePlace(access: Access, { environmentId, serviceId }: PlaceArguments): Place {
  const place = access.place(environmentId, serviceId);
  if (!place) throw new RailwayError("ServiceInstance not found");
  return place;
}

/** The deployment, if the request may see it; whether it exists is not told apart. */
export function requireDeployment(ledger: DeploymentLedger, access: Access, id: string): Deployment {
  const deployment = ledger.find(id);
  if (!deployment || !access.sees(deployment)) throw notAuthorized();
  return deployment;
}

/** Where variables are read or written: without a service it is the environment's shared ones. */
export function requireScope(
  estate: Estate,
  access: Access,
  { projectId, environmentId, serviceId = null }: VariablesArguments,
): Scope {
  access.environment(environmentId, projectId);
  if (serviceId !== null && !estate.place(environmentId, serviceId)) throw new ProblemProcessingRequest();
  return { environmentId, serviceId };
}

function placeOf(estate: Estate, { environmentId, serviceId }: Scope): Place | undefined {
  return serviceId === null ? undefined : estate.place(environmentId, serviceId);
}

function listed(
  ledger: DeploymentLedger,
  access: Access,
  input: DeploymentsArguments["input"],
): Deployment[] {
  const { projectId, environmentId, serviceId, status } = input;
  if (environmentId != null) access.environment(environmentId, projectId);
  else if (projectId != null) access.project(projectId);
  return ledger
    .all()
    .filter((deployment) => access.sees(deployment))
    .filter((d) => d.projectId === (projectId ?? d.projectId))
    .filter((d) => d.environmentId === (environmentId ?? d.environmentId))
    .filter((d) => d.serviceId === (serviceId ?? d.serviceId))
    .filter((d) => status?.in?.includes(d.status) ?? true)
    .filter((d) => !status?.notIn?.includes(d.status))
    .reverse();
}
