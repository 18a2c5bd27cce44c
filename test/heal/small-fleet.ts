import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Dispatcher } from "undici";
import { onTestFinished } from "vitest";
import { awsClientBounds } from "../../functions/adapters/aws-bounds.ts";
import { createCapabilityProbes } from "../../functions/adapters/capability-probe.ts";
import { createEnvironmentSource } from "../../functions/adapters/environment-source.ts";
import { createHttpAgent } from "../../functions/adapters/http-agent.ts";
import { createHealthEndpoints, type HearingBounds } from "../../functions/adapters/http-health.ts";
import { ProbeLedger } from "../../functions/adapters/probe-ledger.ts";
import { createRailway } from "../../functions/adapters/railway/railway.ts";
import { createSecretsManagerSource } from "../../functions/adapters/secrets-manager.ts";
import { createTruthSource } from "../../functions/adapters/truth-source.ts";
import { createInProcessRepair } from "../../functions/check/in-process-repair.ts";
import { type RunRequest, reconcile } from "../../functions/check/reconciler.ts";
import { type Fleet, type PolicyMode, readFleet } from "../../functions/core/fleet.ts";
import type { Clock, Memory, Progress, Steps } from "../../functions/core/ports.ts";
import type { HolderReport, Report } from "../../functions/core/report.ts";
import { createInProcessSteps } from "../../functions/heal/in-process-steps.ts";
import type { World } from "../../functions/heal/world.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { signingKeyFromSeed } from "../../functions/protocol/signing-key.ts";
import type { Tally } from "../../functions/responder/index.ts";
import { canary, expectNoCanary } from "../canaries.ts";
import { type AwsStandIn, startAws } from "../sandbox/aws/aws-stand-in.ts";
import { createManualClock, type ManualClock } from "../sandbox/railway/fixtures/manual-clock.ts";
import { type RailwayOptions, type RailwayStandIn, startRailway } from "../sandbox/railway/railway.ts";
import type { Runner } from "../sandbox/railway/runner.ts";
import type { World as RailwayWorld, WorldService, WorldVariables } from "../sandbox/railway/world.ts";
import { type Application, startApplication } from "./application.ts";

type Values = Readonly<Record<string, string>>;

interface ServiceOptions extends Partial<Omit<WorldService, "id" | "name" | "variables">> {
  /** The fleet's environments behind it. @default its own name */
  readonly environments?: readonly string[];
  /** @default the true values of all secrets */
  readonly variables?: (values: Values) => WorldVariables;
}

/** Where a capability can be put. */
interface Places {
  /** The origin of an environment, of either kind. */
  readonly originOf: (environment: string) => string;
}

export interface SmallFleetOptions {
  /** @default AUTH */
  readonly secrets?: readonly string[];
  /** Railway's, by name. @default one, `api` */
  readonly services?: Readonly<Record<string, ServiceOptions>>;
  /** What Railway's environment shares with its services. @default nothing */
  readonly shared?: (values: Values) => WorldVariables;
  /** Environments that cannot be pushed to. @default none */
  readonly hosts?: readonly string[];
  /** @default fix */
  readonly mode?: PolicyMode;
  /** What else the fleet's policy says. @default nothing */
  readonly policy?: Readonly<Record<string, unknown>>;
  /** What environments' entries have beside what the rest gives them; environments of a test's own too. */
  readonly entries?: (places: Places) => Readonly<Record<string, object>>;
  /** Whether Railway's token is of the environment that the fleet names. @default true */
  readonly tokenFits?: boolean;
  /** Time stands still unless the tool waits; `real` is for what brings its own clock. @default still */
  readonly time?: "still" | "real";
  /** How long a deployment takes where time is real, in milliseconds. @default 2 */
  readonly deployingMs?: number;
  /** Railway's limits of the plan. @default Pro's */
  readonly limits?: RailwayWorld["limits"];
}

export const railwayPlace = { project: "project-1", environment: "environment-1" } as const;
const realClock: Clock & RailwayOptions["clock"] = {
  now: () => Date.now(),
  sleep: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
};
const hourMs = 3_600_000;

/** The key that responders trust is made of this. */
export const seed = canary("signing seed");
const railwayToken = canary("railway token");
const publicKey = signingKeyFromSeed(new Secret(seed)).publicKey;

/** A fleet of stand-ins, as real as a test's own process allows: all is asked over HTTP. */
export class SmallFleet {
  readonly aws: AwsStandIn;
  readonly railway: RailwayStandIn;
  /** Absent where time is real. */
  readonly clock: ManualClock | undefined;
  readonly fleet: Fleet;
  /** The fleet as a file would have it. */
  readonly data: object;
  /** What every process on Railway reads from a file that wins over its variables. */
  readonly overrides: Map<string, string>;
  readonly progress: Progress[] = [];
  /** All that could be printed: nothing true may be in it. */
  readonly outputs: unknown[] = [];
  readonly #hosts: ReadonlyMap<string, Host>;
  readonly #replicas: Replicas;
  readonly #values: Set<string>;
  readonly #closers: (() => unknown)[];
  /** Is called with each progress, before what it tells of is done. */
  onProgress: (progress: Progress) => void = () => {};
  /** What outlives a run. @default nothing */
  memory: Memory | undefined;
  /** Addresses that were asked over HTTP, in order. */
  readonly requests: string[] = [];

  constructor(parts: Assembly) {
    this.aws = parts.aws;
    this.railway = parts.railway;
    this.clock = parts.clock;
    this.fleet = parts.fleet;
    this.data = parts.data;
    this.overrides = parts.replicas.overrides;
    this.#hosts = parts.hosts;
    this.#replicas = parts.replicas;
    this.#values = new Set([...parts.values, seed, railwayToken]);
    this.#closers = [...parts.closers];
  }

  /** Ends all that is open; what was printed until then is looked through. The end of the test does it too. */
  async close(): Promise<void> {
    await Promise.all(this.#closers.splice(0).map((close) => close()));
    this.expectNoLeak();
  }

  /** A run as the check function makes it. */
  async check(request: Partial<RunRequest> = {}, parts: RunParts = {}): Promise<Report> {
    const world = parts.world ?? this.world();
    const whole = { id: "run-1", trigger: "schedule", mode: undefined, scope: {}, ...request } as const;
    const repair = createInProcessRepair(parts.steps ?? createInProcessSteps(world.clock));
    const report = await reconcile(world, whole, repair);
    this.outputs.push(report);
    return report;
  }

  /** Everything real but the time, new for each run. */
  world(bounds: Partial<HearingBounds> = {}): World {
    const dispatcher = this.#countingAgent();
    const { clock } = this;
    const toolClock = clock === undefined ? realClock : createToolClock(clock);
    const client = new SecretsManagerClient({ ...awsClientBounds, endpoint: this.aws.endpoint });
    this.#closers.push(() => client.destroy());
    const truth = createTruthSource({
      secretsManager: createSecretsManagerSource(client),
      environment: createEnvironmentSource({}),
    });
    return {
      fleet: this.fleet,
      clock: toolClock,
      truth,
      health: createHealthEndpoints({ dispatcher, clock: toolClock, bounds }),
      probes: createCapabilityProbes({ dispatcher, ledger: new ProbeLedger() }),
      railway: createRailway({
        apiUrl: this.railway.apiUrl,
        dispatcher,
        clock: toolClock,
        credential: (source) => truth.readCredential(source),
      }),
      keys: { current: signingKeyFromSeed(new Secret(seed)) },
      ...(this.memory !== undefined && { memory: this.memory }),
      onProgress: (progress) => {
        this.progress.push(progress);
        this.outputs.push(progress);
        this.onProgress(progress);
      },
    };
  }

  /** Does something once, when the tool says that it begins a step. */
  atStep(step: string, does: () => void): void {
    let isDone = false;
    this.onProgress = (progress) => {
      if (isDone || progress.kind !== "healing" || !progress.step.startsWith(step)) return;
      isDone = true;
      does();
    };
  }

  /** A new true value, an hour later, which the hosts take in and Railway does not. */
  async rotate(secret: string): Promise<string> {
    await this.clock?.advance(hourMs);
    const value = this.putTruth(secret);
    for (const host of this.#hosts.values()) host.held.set(secret, value);
    return value;
  }

  /** A new true value that nobody takes in. */
  putTruth(secret: string, value = canary(`${secret} ${this.#values.size}`)): string {
    this.remember(value);
    this.aws.secrets.plant(sourceOf(secret), value);
    return value;
  }

  /** From now on a host holds this. */
  holds(host: string, secret: string, value: string | null): void {
    if (value !== null) this.remember(value);
    this.#host(host).held.set(secret, value);
  }

  /** What a host makes of its answers from now on. */
  disguiseHost(host: string, disguise: (tally: Tally) => object): void {
    this.#host(host).disguise = disguise;
  }

  /** A value that must show up nowhere. */
  remember(value: string): string {
    this.#values.add(value);
    return value;
  }

  /** Somebody changes a variable in Railway's dashboard, and all that follows is over. */
  async humanSets(service: string, name: string, value: string, deploy: boolean): Promise<void> {
    this.remember(value);
    this.railway.humanSets(service, name, value, { deploy });
    await this.settled();
  }

  async settled(): Promise<void> {
    const settled = this.railway.state.settled();
    await (this.clock === undefined ? settled : this.clock.runUntil(settled));
  }

  /** What is stored with a service; of null, what the environment shares. */
  stored(service: string | null): Record<string, string> {
    return this.railway.state.stored({ environmentId: railwayPlace.environment, serviceId: service });
  }

  /** What a service would be started with: stored, and what it refers to in its place. */
  rendered(service: string): Record<string, string> {
    return this.railway.state.rendered({ environmentId: railwayPlace.environment, serviceId: service });
  }

  /** What processes on Railway make of their answers from now on. */
  disguiseReplicas(disguise: (tally: Tally) => object): void {
    this.#replicas.disguise = disguise;
  }

  /** How often Railway was asked to do this. */
  calls(...operations: readonly string[]): number {
    return this.railway.calls.filter(({ operation }) => operations.includes(operation)).length;
  }

  /** What Railway was asked to change, in order. */
  mutations(): string[] {
    return this.railway.calls
      .map(({ operation }) => operation)
      .filter((operation) => operation === "variableCollectionUpsert" || /redeploy/i.test(operation));
  }

  /** How often an environment's own address was asked for this path. */
  asked(environment: string, path: string): number {
    const service = this.#replicas.serviceOf.get(environment);
    if (service === undefined)
      return this.#host(environment).application.paths.filter((p) => p === path).length;
    return this.requests.filter((url) => url === `${this.railway.serviceUrl(service)}${path}`).length;
  }

  /** How often any process was asked for anything. */
  healthAsks(): number {
    const hosts = [...this.#hosts.values()].map(({ application }) => application);
    return [...hosts, ...this.#replicas.started].reduce((sum, { paths }) => sum + paths.length, 0);
  }

  expectNoLeak(): void {
    for (const output of this.outputs) expectNoCanary(output, [...this.#values]);
  }

  #host(name: string): Host {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new Error(`the test has no host ${name}`);
    return host;
  }

  #countingAgent(): Dispatcher {
    const agent = createHttpAgent();
    this.#closers.push(() => agent.destroy());
    return agent.compose((dispatch) => (options, handler) => {
      this.requests.push(`${options.origin}${options.path}`);
      return dispatch(options, handler);
    });
  }
}

interface RunParts {
  readonly world?: World;
  readonly steps?: Steps;
}

interface Host {
  readonly application: Application;
  readonly held: Map<string, string | null>;
  disguise: (tally: Tally) => object;
}

/** What the processes on Railway have in common. */
interface Replicas {
  readonly runner: Runner;
  readonly overrides: Map<string, string>;
  readonly serviceOf: ReadonlyMap<string, string>;
  readonly started: Application[];
  disguise: (tally: Tally) => object;
}

interface Assembly {
  readonly aws: AwsStandIn;
  readonly railway: RailwayStandIn;
  readonly clock: ManualClock | undefined;
  readonly fleet: Fleet;
  readonly data: object;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly replicas: Replicas;
  readonly values: readonly string[];
  readonly closers: readonly (() => unknown)[];
}

/** One holder of a report, or an error of the test's own. */
export function holderIn(report: Report, environment: string, secret = "AUTH"): HolderReport {
  const found = report.environments
    .find(({ name }) => name === environment)
    ?.secrets.find(({ name }) => name === secret);
  if (found === undefined) throw new Error(`the report says nothing of ${secret} on ${environment}`);
  return found;
}

/** Opens a fleet that is in sync, and closes it when the test ends; then nothing that it printed may hold a secret. */
export async function openSmallFleet(options: SmallFleetOptions = {}): Promise<SmallFleet> {
  const { secrets = ["AUTH"], services = { api: {} }, hosts: hostNames = [], time = "still" } = options;
  const values = Object.fromEntries(secrets.map((name) => [name, canary(`${name} first`)]));
  const clock = time === "still" ? createManualClock() : undefined;
  const now = (): number => (clock ?? realClock).now();
  const aws = await startAws({ clock: now });
  for (const name of secrets) aws.secrets.plant(sourceOf(name), values[name] ?? "");
  aws.secrets.plant(tokenSource, railwayToken);
  const replicas = createReplicas({ services, secrets, now });
  const railway = await startRailway({
    clock: clock ?? realClock,
    runner: replicas.runner,
    world: {
      ...railwayWorld(services, values, options),
      ...(options.limits !== undefined && { limits: options.limits }),
    },
    ...(clock === undefined && {
      durations: { ...quickDurations, deployingMs: options.deployingMs ?? quickDurations.deployingMs },
    }),
  });
  const hosts = new Map(
    await Promise.all(hostNames.map(async (name) => [name, await startHost(values, now)] as const)),
  );
  const data = fleetData(options, { railway, hosts, secrets, services });
  const opened = new SmallFleet({
    ...{ aws, railway, clock, hosts, replicas, data },
    fleet: fleetFrom(data),
    values: Object.values(values),
    closers: [
      () => railway.close(),
      () => aws.close(),
      ...[...hosts.values()].map(
        ({ application }) =>
          () =>
            application.stop(),
      ),
    ],
  });
  onTestFinished(() => opened.close());
  return opened;
}

const tokenSource = "prod/railway-token";
const quickDurations = {
  queuedMs: 2,
  initializingMs: 2,
  buildingMs: 2,
  deployingMs: 2,
  healthcheckIntervalMs: 2,
};

/** What a secret is called in Secrets Manager. */
function sourceOf(secret: string): string {
  return `prod/${secret}`;
}

/** Time passes when the tool waits, and only then; waits side by side come one after the other. */
function createToolClock(clock: ManualClock): Clock {
  let waiting: Promise<void> = Promise.resolve();
  return {
    now: () => clock.now(),
    sleep(durationMs) {
      waiting = waiting.then(() => clock.advance(durationMs));
      return waiting;
    },
  };
}

function createReplicas(world: {
  readonly services: Readonly<Record<string, ServiceOptions>>;
  readonly secrets: readonly string[];
  readonly now: () => number;
}): Replicas {
  const { secrets, now } = world;
  const serviceOf = new Map(
    Object.entries(world.services).flatMap(([service, { environments = [service] }]) =>
      environments.map((environment) => [environment, service] as const),
    ),
  );
  const replicas: Replicas = {
    overrides: new Map(),
    serviceOf,
    started: [],
    disguise: (tally) => tally,
    runner: {
      async start(environment, { deploymentId, replicaId }) {
        const application = await startApplication({
          ...{ publicKey, now },
          identity: { instance: replicaId, deployment: deploymentId, startedAtMs: now() },
          secrets: Object.fromEntries(
            secrets.map((name) => [name, () => replicas.overrides.get(name) ?? environment[name]]),
          ),
          disguise: (tally) => replicas.disguise(tally),
        });
        replicas.started.push(application);
        return { url: application.origin, stop: () => application.stop() };
      },
    },
  };
  return replicas;
}

async function startHost(values: Values, now: () => number): Promise<Host> {
  const held = new Map<string, string | null>(Object.entries(values));
  const application = await startApplication({
    ...{ publicKey, now },
    identity: { instance: "host", startedAtMs: now() },
    secrets: Object.fromEntries(Object.keys(values).map((name) => [name, () => held.get(name)])),
    disguise: (tally) => host.disguise(tally),
  });
  const host: Host = { application, held, disguise: (tally) => tally };
  return host;
}

function railwayWorld(
  services: Readonly<Record<string, ServiceOptions>>,
  values: Values,
  { tokenFits = true, shared }: SmallFleetOptions,
): RailwayWorld {
  const elsewhere = { id: "environment-2", name: "staging", services: [] };
  const own = Object.entries(services).map(([id, { environments: _, variables, ...service }]) => ({
    ...service,
    ...{ id, name: id },
    variables: variables?.(values) ?? values,
  }));
  return {
    projects: [
      {
        id: railwayPlace.project,
        name: "shop",
        environments: [
          {
            ...{ id: railwayPlace.environment, name: "production", services: own },
            ...(shared !== undefined && { sharedVariables: shared(values) }),
          },
          elsewhere,
        ],
      },
    ],
    tokens: [
      {
        kind: "project",
        value: railwayToken,
        environmentId: tokenFits ? railwayPlace.environment : elsewhere.id,
      },
    ],
  };
}

function fleetData(
  { mode = "fix", entries, policy }: SmallFleetOptions,
  parts: {
    readonly railway: RailwayStandIn;
    readonly hosts: ReadonlyMap<string, Host>;
    readonly secrets: readonly string[];
    readonly services: Readonly<Record<string, ServiceOptions>>;
  },
): object {
  const { railway, hosts, secrets, services } = parts;
  const origins = new Map<string, string>();
  const environments: Record<string, object> = {};
  for (const [service, { environments: names = [service] }] of Object.entries(services)) {
    for (const name of names) {
      origins.set(name, railway.serviceUrl(service));
      const place = { ...railwayPlace, service, token: { secretsManager: tokenSource } };
      environments[name] = { health: `${railway.serviceUrl(service)}/health/${name}`, railway: place };
    }
  }
  for (const [name, { application }] of hosts) {
    origins.set(name, application.origin);
    environments[name] = { health: `${application.origin}/health/${name}` };
  }
  const more = entries?.({ originOf: (name) => origins.get(name) ?? "" }) ?? {};
  const strangers = Object.entries(more).filter(([name]) => !(name in environments));
  for (const [name, entry] of Object.entries(more)) environments[name] = { ...environments[name], ...entry };
  return {
    secrets: Object.fromEntries(
      secrets.map((name) => [name, { source: { secretsManager: sourceOf(name) } }]),
    ),
    // A test's own come first, so that they are asked first.
    environments: { ...Object.fromEntries(strangers), ...environments },
    policy: { mode, ...policy },
  };
}

function fleetFrom(data: object): Fleet {
  const reading = readFleet(data);
  if (reading.kind === "fleet") return reading.fleet;
  throw new Error(`the test's fleet is wrong: ${JSON.stringify(reading.mistakes)}`);
}
