import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settings } from "../../functions/contract.ts";
import type { Report } from "../../functions/core/report.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { signingKeyFromSeed } from "../../functions/protocol/signing-key.ts";
import { type AwsStandIn, startAws } from "./aws/aws-stand-in.ts";
import { Host } from "./host.ts";
import { issueOnly } from "./issuer.ts";
import { type InvocationResult, Lambda } from "./lambda.ts";
import { type RailwayStandIn, startRailway } from "./railway/railway.ts";
import {
  type FleetPolicy,
  fleetFile,
  railwayIds,
  type SecretName,
  secretNames,
  sourceIds,
} from "./stage-fleet.ts";
import { identity, paces, railwayClock, railwayWorld, type StageRailwayOptions } from "./stage-railway.ts";
import { openStateTable, type StateTable } from "./state-table.ts";

export interface StageOptions extends StageRailwayOptions {
  /** What the fleet's policy says besides that repairs are made. */
  readonly policy?: FleetPolicy;
  /** Hosts besides the VPS and the Mac mini. @default none */
  readonly moreHosts?: readonly string[];
}

const mailAddress = "you@example.com";
const tableName = "tallystick-state";
const seedSecret = "tallystick/signing-seed";

interface StageParts
  extends Pick<Stage, "aws" | "railway" | "table" | "hosts" | "issuerFile" | "labelEvents"> {
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly values: Iterable<string>;
}

/**
 * The whole incident on one machine: AWS and Railway as stand-ins, a table that outlives every process, three
 * services as processes, and the real handler in a process of its own. People are played by the scenarios.
 */
export class Stage {
  readonly aws: AwsStandIn;
  readonly railway: RailwayStandIn;
  readonly table: StateTable;
  /** Every process that the function has had, dead ones included. */
  readonly lambdas: Lambda[] = [];
  readonly hosts: Readonly<Record<"vps" | "mac-mini", Host>>;
  readonly issuerFile: string;
  /** Events that Secrets Manager sent and nobody has handled yet. */
  readonly labelEvents: object[];
  /** Every value that was ever true or false here: none of them may appear in any output. */
  readonly values = new Set<string>();
  readonly #folder: string;
  readonly #variables: Readonly<Record<string, string>>;

  constructor(parts: StageParts) {
    this.aws = parts.aws;
    this.railway = parts.railway;
    this.table = parts.table;
    this.hosts = parts.hosts;
    this.issuerFile = parts.issuerFile;
    this.labelEvents = parts.labelEvents;
    this.#folder = parts.folder;
    this.#variables = parts.variables;
    for (const value of parts.values) this.values.add(value);
  }

  static async open(options: StageOptions = {}): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "tallystick-"));
    const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
    try {
      return await assemble(folder, options, closers);
    } catch (error) {
      for (const close of closers.reverse()) await close();
      throw error;
    }
  }

  /** One more process of the function, as Lambda starts one when another is busy or has died. */
  async startLambda(): Promise<Lambda> {
    const lambda = await Lambda.start(this.#variables);
    this.lambdas.push(lambda);
    return lambda;
  }

  /** The newest process of the function. */
  get lambda(): Lambda {
    const newest = this.lambdas.at(-1);
    if (newest === undefined) throw new Error("the function has no process");
    return newest;
  }

  /** What the service on Railway holds in its variables now. */
  storedInRailway(name: SecretName): string | undefined {
    return this.railway.state.stored({
      environmentId: railwayIds.environment,
      serviceId: railwayIds.service,
    })[name];
  }

  /** A fresh value such as a secret store generates. */
  newValue(): string {
    const value = newValue();
    this.values.add(value);
    return value;
  }

  /** Puts a new current version into Secrets Manager, as a person does in its console. */
  putTruth(name: SecretName, value: string): void {
    this.values.add(value);
    this.aws.secrets.plant(sourceIds[name], value);
  }

  /** A rotation has made a new version, which is pending; answers how its end is made: it becomes current. */
  beginRotation(name: SecretName, value: string): () => void {
    this.values.add(value);
    const { secrets } = this.aws;
    const secret = secrets.live(sourceIds[name]);
    const toId = randomUUID();
    const fromId = [...secret.versions.values()].find(({ stages }) => stages.has("AWSCURRENT"))?.id;
    secrets.put(secret, { token: toId, value: { kind: "text", text: value }, stages: ["AWSPENDING"] });
    return () => secrets.moveLabel(secret, { label: "AWSCURRENT", fromId, toId });
  }

  /** @throws Error where the function failed: no scenario expects that unsaid */
  async check(event: object, lambda = this.lambda): Promise<Report> {
    return reportOf(await lambda.invoke(event));
  }

  mails(): ReturnType<AwsStandIn["mailbox"]> {
    return this.aws.mailbox(mailAddress);
  }

  async close(): Promise<void> {
    await Promise.all(this.lambdas.map((lambda) => lambda.stop()));
    await Promise.all(Object.values(this.hosts).map((host) => host.stop()));
    await this.railway.close();
    await this.table.close();
    await this.aws.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function reportOf(answer: InvocationResult): Report {
  if (answer.kind === "returned") return answer.result as Report;
  throw new Error(`the check failed: ${answer.error.name}: ${answer.error.message}`);
}

function newValue(): string {
  return randomBytes(24).toString("hex");
}

async function assemble(
  folder: string,
  options: StageOptions,
  closers: (() => Promise<unknown>)[],
): Promise<Stage> {
  const values = { INTERNAL_AUTH_SECRET: newValue(), OPENCLAW_GATEWAY_TOKEN: newValue() };
  const [seed, railwayToken] = [newValue(), newValue()];
  const publicKey = signingKeyFromSeed(new Secret(seed)).publicKey;
  const issuerFile = join(folder, "issuer.json");
  issueOnly(issuerFile, [values.OPENCLAW_GATEWAY_TOKEN]);

  const labelEvents: object[] = [];
  const aws = await startAws({ clock: () => Date.now(), onLabelUpdated: (event) => labelEvents.push(event) });
  closers.push(() => aws.close());
  for (const name of secretNames) aws.secrets.plant(sourceIds[name], values[name]);
  aws.secrets.plant(seedSecret, seed);
  aws.secrets.plant(railwayIds.tokenSecret, railwayToken);
  labelEvents.length = 0;
  const topic = aws.topics.create("tallystick-drift").arn;
  aws.topics.enrol(topic, { protocol: "email", endpoint: mailAddress });

  const table = await openStateTable(tableName);
  closers.push(() => table.close());

  const host = (name: string) => new Host(name, { ...values, ...identity(name, publicKey) });
  const { moreHosts = [] } = options;
  const hosts = {
    vps: new Host("vps", { ...values, ...identity("vps", publicKey), SANDBOX_ISSUER_FILE: issuerFile }),
    "mac-mini": host("mac-mini"),
    ...Object.fromEntries(moreHosts.map((name) => [name, host(name)])),
  };
  closers.push(() => Promise.all(Object.values(hosts).map((host) => host.stop())));
  await Promise.all(Object.values(hosts).map((host) => host.start()));

  const railway = await startRailway({
    clock: railwayClock,
    world: railwayWorld(values, { publicKey, token: railwayToken }, options),
    durations: paces[options.pace ?? "watched"],
  });
  closers.push(() => railway.close());
  const places = {
    railwayUrl: railway.serviceUrl(railwayIds.service),
    hostUrls: Object.fromEntries(Object.entries(hosts).map(([name, { url }]) => [name, url])),
    vpsUrl: hosts.vps.url,
    replicas: options.replicas ?? 1,
    policy: options.policy ?? {},
  };
  await writeFile(join(folder, "fleet.yaml"), fleetFile(places));
  const variables = {
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "sandbox",
    AWS_SECRET_ACCESS_KEY: "sandbox",
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    AWS_LAMBDA_FUNCTION_NAME: "tallystick-check",
    [settings.railwayApiUrl]: railway.apiUrl,
    [settings.fleet]: join(folder, "fleet.yaml"),
    [settings.signingSeedSecret]: seedSecret,
    [settings.topicArn]: topic,
    [settings.stateTable]: tableName,
  };
  const stage = new Stage({
    ...{ aws, railway, table, hosts, issuerFile, labelEvents, folder, variables },
    values: [...Object.values(values), seed, railwayToken],
  });
  await stage.startLambda();
  return stage;
}
