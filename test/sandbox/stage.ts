import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../functions/adapters/clock.ts";
import { settings } from "../../functions/contract.ts";
import type { Report } from "../../functions/core/report.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { signingKeyFromSeed } from "../../functions/protocol/signing-key.ts";
import { type AwsStandIn, startAws } from "./aws/aws-stand-in.ts";
import { Host, serviceCommand } from "./host.ts";
import { issueOnly } from "./issuer.ts";
import { Lambda } from "./lambda.ts";
import { type RailwayStandIn, startRailway } from "./railway/railway.ts";
import type { World, WorldVariables } from "./railway/world.ts";
import { fleetFile, railwayIds, type SecretName, secretNames, sourceIds } from "./stage-fleet.ts";

export interface StageOptions {
  readonly replicas?: number;
  /** What the Railway service's variables look like at first; default: literals of the true values. */
  readonly variables?: (values: Readonly<Record<SecretName, string>>) => WorldVariables;
  readonly sharedVariables?: (values: Readonly<Record<SecretName, string>>) => WorldVariables;
}

const mailAddress = "you@example.com";
const seedSecret = "tallystick/signing-seed";

/**
 * The whole incident on one machine: AWS and Railway as stand-ins, three services as processes, and the real
 * handler in a process of its own. People are played by the scenarios.
 */
export class Stage {
  readonly aws: AwsStandIn;
  readonly railway: RailwayStandIn;
  readonly lambda: Lambda;
  readonly hosts: Readonly<Record<"vps" | "mac-mini", Host>>;
  readonly issuerFile: string;
  /** Events that Secrets Manager sent and nobody has handled yet. */
  readonly labelEvents: object[];
  /** Every value that was ever true or false here: none of them may appear in any output. */
  readonly values = new Set<string>();
  readonly #folder: string;

  constructor(
    parts: Pick<Stage, "aws" | "railway" | "lambda" | "hosts" | "issuerFile" | "labelEvents"> & {
      folder: string;
      values: Iterable<string>;
    },
  ) {
    this.aws = parts.aws;
    this.railway = parts.railway;
    this.lambda = parts.lambda;
    this.hosts = parts.hosts;
    this.issuerFile = parts.issuerFile;
    this.labelEvents = parts.labelEvents;
    this.#folder = parts.folder;
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

  /** @throws Error where the function failed: no scenario expects that unsaid */
  async check(event: object): Promise<Report> {
    const answer = await this.lambda.invoke(event);
    if (answer.kind === "failed")
      throw new Error(`the check failed: ${answer.error.name}: ${answer.error.message}`);
    return answer.result as Report;
  }

  mails(): ReturnType<AwsStandIn["mailbox"]> {
    return this.aws.mailbox(mailAddress);
  }

  async close(): Promise<void> {
    await this.lambda.stop();
    await Promise.all(Object.values(this.hosts).map((host) => host.stop()));
    await this.railway.close();
    await this.aws.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
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

  const hosts = {
    vps: new Host("vps", { ...values, ...identity("vps", publicKey), SANDBOX_ISSUER_FILE: issuerFile }),
    "mac-mini": new Host("mac-mini", { ...values, ...identity("mac-mini", publicKey) }),
  };
  closers.push(() => Promise.all(Object.values(hosts).map((host) => host.stop())));
  await Promise.all(Object.values(hosts).map((host) => host.start()));

  const railway = await startRailway({
    clock: systemClock,
    world: railwayWorld(values, publicKey, railwayToken, options),
    durations,
  });
  closers.push(() => railway.close());
  const places = {
    railwayUrl: railway.serviceUrl(railwayIds.service),
    vpsUrl: hosts.vps.url,
    macMiniUrl: hosts["mac-mini"].url,
    replicas: options.replicas ?? 1,
  };
  await writeFile(join(folder, "fleet.yaml"), fleetFile(places));
  const lambda = await Lambda.start({
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "sandbox",
    AWS_SECRET_ACCESS_KEY: "sandbox",
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_LAMBDA_FUNCTION_NAME: "tallystick-check",
    [settings.railwayApiUrl]: railway.apiUrl,
    [settings.fleet]: join(folder, "fleet.yaml"),
    [settings.signingSeedSecret]: seedSecret,
    [settings.topicArn]: topic,
  });
  return new Stage({
    aws,
    railway,
    lambda,
    hosts,
    issuerFile,
    labelEvents,
    folder,
    values: [...Object.values(values), seed, railwayToken],
  });
}

/** Long enough to be watched, short enough for somebody who only wants to see it. */
const durations = {
  queuedMs: 300,
  initializingMs: 300,
  buildingMs: 1_000,
  deployingMs: 600,
  healthcheckIntervalMs: 100,
};

function identity(environment: string, publicKey: string): Record<string, string> {
  return { SANDBOX_ENVIRONMENT: environment, SANDBOX_PUBLIC_KEY: publicKey };
}

function railwayWorld(
  values: Readonly<Record<SecretName, string>>,
  publicKey: string,
  token: string,
  options: StageOptions,
): World {
  const { environment, project, service } = railwayIds;
  const variables = options.variables?.(values) ?? values;
  const sharedVariables = options.sharedVariables?.(values);
  return {
    projects: [
      {
        id: project,
        name: "app",
        environments: [
          {
            id: environment,
            name: "production",
            ...(sharedVariables !== undefined && { sharedVariables }),
            services: [
              {
                id: service,
                name: "api",
                variables: { ...variables, ...identity("railway-production", publicKey) },
                command: serviceCommand,
                replicas: options.replicas ?? 1,
                healthcheckPath: "/health",
              },
            ],
          },
        ],
      },
    ],
    tokens: [{ kind: "project", value: token, environmentId: environment }],
  };
}
