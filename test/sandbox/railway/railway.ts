import { Api } from "./api.ts";
import { listenForApi } from "./api-listener.ts";
import { BackgroundWork } from "./background-work.ts";
import { Bedroom } from "./bedroom.ts";
import type { Call } from "./calls.ts";
import { ChangeSignal } from "./change-signal.ts";
import type { Clock } from "./clock.ts";
import { ControlPlane } from "./control-plane.ts";
import { Deployer, isJob } from "./deployer.ts";
import type { Durations } from "./deployment.ts";
import { DeploymentLedger } from "./deployment-ledger.ts";
import { Estate, type Place, placeKey } from "./estate.ts";
import { type Fault, FaultBook } from "./faults.ts";
import { GraphqlService } from "./graphql-service.ts";
import { createGuardedRoot } from "./guarded-root.ts";
import { createIdentify } from "./identifiers.ts";
import type { Listener } from "./listener.ts";
import { createMutations } from "./mutations.ts";
import { Presenter } from "./presenter.ts";
import { createProcessRunner } from "./process-runner.ts";
import { createQueries } from "./queries.ts";
import { RailwayState } from "./railway-state.ts";
import { ReplicaSets } from "./replica-sets.ts";
import type { Runner } from "./runner.ts";
import { schema } from "./schema.ts";
import { listenForService } from "./service-edge.ts";
import { StagedChanges } from "./staged-changes.ts";
import { createVariableStore } from "./variable-store.ts";
import { scopeOf, VariableView } from "./variable-view.ts";
import type { Person, World } from "./world.ts";

/** What the stand-in needs. */
export interface RailwayOptions {
  readonly clock: Clock;
  readonly world: World;
  /** @default some seconds each, and half a minute to build */
  readonly durations?: Partial<Durations>;
  /** @default child processes */
  readonly runner?: Runner;
}

/** A Railway to test against. Where a service stands in several environments, `environmentId` says which. */
export interface RailwayStandIn {
  readonly apiUrl: string;
  /** Every GraphQL operation that came in, oldest first. */
  readonly calls: readonly Call[];
  readonly state: RailwayState;
  serviceUrl(serviceId: string, environmentId?: string): string;
  /** Gives a function that takes the fault out again. */
  plant(fault: Fault): () => void;
  humanSets(serviceId: string, name: string, value: string, options?: HumanSetsOptions): void;
  /** Changes what an environment shares; where it is deployed, so is every service that it changes. @default not */
  humanSetsShared(environmentId: string, name: string, value: string, deploy?: boolean): void;
  /** Prepares a change in the dashboard without committing it. */
  humanStages(serviceId: string, name: string, value: string, environmentId?: string): void;
  seal(serviceId: string, name: string, environmentId?: string): void;
  /** Goes back to this deployment; gives the id of the new one. */
  rollback(deploymentId: string, options?: { readonly by?: string }): string;
  /** Adds or removes processes of what serves now. */
  scale(serviceId: string, replicas: number, environmentId?: string): Promise<void>;
  /** Puts a service to sleep that may sleep; the next request at its URL wakes it. */
  sleep(serviceId: string, environmentId?: string): Promise<void>;
  /** Runs a cron service's job once. */
  runJob(serviceId: string, environmentId?: string): Promise<void>;
  /** Restarts one replica with these variables over its own, so that the replicas of a service disagree. */
  setReplicaEnvironment(options: ReplicaEnvironmentOptions): Promise<void>;
  close(): Promise<void>;
}

/** How a person changes a variable in the dashboard. */
interface HumanSetsOptions {
  /** @default true */
  readonly deploy?: boolean;
  readonly environmentId?: string;
  /** The first name that stands at the deployment. @default nobody's */
  readonly by?: string;
}

/** Which replica is to differ, and how. */
interface ReplicaEnvironmentOptions {
  readonly serviceId: string;
  readonly environmentId?: string;
  readonly replica: number;
  readonly variables: Readonly<Record<string, string>>;
}

const durationsDefault: Durations = {
  queuedMs: 1_000,
  initializingMs: 2_000,
  buildingMs: 30_000,
  deployingMs: 5_000,
  healthcheckIntervalMs: 1_000,
  wakeTimeoutMs: 10_000,
};

type Machine = ReturnType<typeof assemble>;

/** Starts the API, an edge for every service, and the processes that serve from the start. */
export async function startRailway(options: RailwayOptions): Promise<RailwayStandIn> {
  const machine = assemble(options);
  const listeners: Listener[] = [];
  const close = (): Promise<void> => shutDown(machine, listeners);
  try {
    const api = await listenForApi(machine.api);
    listeners.push(api);
    const urls = await openEdges(machine, listeners);
    const deployed = machine.estate.places.filter(({ service }) => service.deployed ?? true);
    await Promise.all(deployed.map((place) => machine.controlPlane.begin(place)));
    return present(machine, `${api.origin}/graphql/v2`, urls, close);
  } catch (error) {
    await close();
    throw error;
  }
}

function assemble({ clock, world, durations, runner = createProcessRunner() }: RailwayOptions) {
  const closing = new AbortController();
  const { signal } = closing;
  const identify = createIdentify();
  const estate = new Estate(world);
  const faults = new FaultBook();
  const store = createVariableStore(world, identify, clock.now());
  const view = new VariableView(estate, store);
  const staged = new StagedChanges(identify);
  const changes = new ChangeSignal();
  const ledger = new DeploymentLedger(changes);
  const replicas = new ReplicaSets({ runner, identify, changes, signal });
  const allDurations = { ...durationsDefault, ...durations };
  const background = new BackgroundWork(signal);
  const deployer = new Deployer({
    clock,
    durations: allDurations,
    estate,
    ledger,
    replicas,
    background,
    signal,
  });
  const { wakeTimeoutMs } = allDurations;
  const bedroom = new Bedroom({ clock, ledger, replicas, deployer, background, wakeTimeoutMs, signal });
  const controlPlane = new ControlPlane({ clock, estate, store, view, ledger, deployer, faults, identify });
  const presenter = new Presenter({ store, ledger, replicas, deployer });
  const resolvers = {
    ...createQueries({ clock, estate, view, staged, ledger, presenter }),
    ...createMutations({ estate, ledger, controlPlane, presenter }),
  };
  const graphql = new GraphqlService(schema, createGuardedRoot(resolvers, faults));
  const api = new Api({ clock, world, estate, faults, graphql });
  const state = new RailwayState({ estate, store, view, staged, ledger, replicas, changes });
  return {
    ...{ clock, closing, background, estate, faults, store, staged, ledger, replicas },
    ...{ deployer, bedroom, controlPlane, api, state },
  };
}

async function openEdges(machine: Machine, listeners: Listener[]): Promise<ReadonlyMap<string, string>> {
  const { bedroom, estate, ledger, replicas } = machine;
  const opened = estate.places.map(async (place) => {
    const serving = () => ledger.active(place).flatMap(({ id }) => replicas.urls(id));
    const edge = await listenForService(async () => {
      if (isJob(place)) return "no-application";
      if (serving().length === 0) await bedroom.wake(place);
      return serving();
    });
    listeners.push(edge);
    return [placeKey(place), edge.origin] as const;
  });
  return new Map(await Promise.all(opened));
}

/** Processes that are still starting must have ended before the rest are stopped, or they would be missed. */
async function shutDown({ closing, background, replicas }: Machine, listeners: Listener[]): Promise<void> {
  closing.abort();
  try {
    await background.rest();
  } finally {
    await replicas.stopAll();
    await Promise.all(listeners.splice(0).map((listener) => listener.close()));
  }
}

function present(
  machine: Machine,
  apiUrl: string,
  urls: ReadonlyMap<string, string>,
  close: () => Promise<void>,
): RailwayStandIn {
  const { clock, estate, faults, store, staged, ledger, replicas } = machine;
  const { deployer, bedroom, controlPlane, api, state } = machine;
  const activeDeployment = (place: Place): string => {
    const deployment = ledger.active(place).at(-1);
    if (!deployment) throw new Error(`Nothing serves ${place.service.id}`);
    return deployment.id;
  };
  return {
    apiUrl,
    calls: api.calls,
    state,
    close,
    plant: (fault) => faults.plant(fault),
    serviceUrl: (serviceId, environmentId) =>
      urls.get(placeKey(estate.onlyPlace(serviceId, environmentId))) ?? "",
    humanSets(serviceId, name, value, { deploy = true, environmentId, by } = {}) {
      const scope = scopeOf(estate.onlyPlace(serviceId, environmentId));
      controlPlane.setVariables(scope, { [name]: value }, { deploy, by: personNamed(by) });
    },
    humanSetsShared: (environmentId, name, value, deploy = false) =>
      controlPlane.setVariables({ environmentId, serviceId: null }, { [name]: value }, { deploy, by: null }),
    humanStages: (serviceId, name, value, environmentId) =>
      staged.stage(estate.onlyPlace(serviceId, environmentId), { [name]: value }, clock.now()),
    seal(serviceId, name, environmentId) {
      const isSealed = store.seal(scopeOf(estate.onlyPlace(serviceId, environmentId)), name, clock.now());
      if (!isSealed) throw new Error(`${serviceId} has no variable ${name} to seal`);
    },
    rollback: (deploymentId, { by } = {}) =>
      controlPlane.rollback(ledger.get(deploymentId), personNamed(by)).id,
    scale: (serviceId, count, environmentId) =>
      deployer.scale(estate.onlyPlace(serviceId, environmentId), count),
    sleep: (serviceId, environmentId) => bedroom.sleep(estate.onlyPlace(serviceId, environmentId)),
    runJob: (serviceId, environmentId) =>
      deployer.runJob(activeDeployment(estate.onlyPlace(serviceId, environmentId))),
    setReplicaEnvironment: ({ serviceId, environmentId, replica, variables }) =>
      replicas.override(activeDeployment(estate.onlyPlace(serviceId, environmentId)), replica, variables),
  };
}

function personNamed(name: string | undefined): Person | null {
  if (name === undefined) return null;
  return { id: `user-${name.toLowerCase()}`, name, email: `${name.toLowerCase()}@example.com` };
}
