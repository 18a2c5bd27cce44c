import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import type { Dispatcher } from "undici";
import { awsClientBounds } from "../adapters/aws-bounds.ts";
import { createCapabilityProbes } from "../adapters/capability-probe.ts";
import { systemClock } from "../adapters/clock.ts";
import { createDynamodbMemory } from "../adapters/dynamodb-memory.ts";
import { createEnvironmentSource, type EnvironmentVariables } from "../adapters/environment-source.ts";
import { createHttpAgent } from "../adapters/http-agent.ts";
import { createHealthEndpoints } from "../adapters/http-health.ts";
import { createInProcessMemory } from "../adapters/in-process-memory.ts";
import { createLambdaHealStarter, type HealFunction } from "../adapters/lambda-heal-starter.ts";
import { logLinkFrom } from "../adapters/log-link.ts";
import { ProbeLedger } from "../adapters/probe-ledger.ts";
import { createRailway } from "../adapters/railway/railway.ts";
import { TokenKinds } from "../adapters/railway/token-kinds.ts";
import { createSecretsManagerSource } from "../adapters/secrets-manager.ts";
import { readSigningKeys, signingKeysFromSeed } from "../adapters/signing-seed.ts";
import { createSnsNotifier } from "../adapters/sns-notifier.ts";
import { createTruthSource } from "../adapters/truth-source.ts";
import { healKinds, railwayApiUrl, settings } from "../contract.ts";
import { TallystickError } from "../core/errors.ts";
import type { Fleet } from "../core/fleet.ts";
import type {
  Clock,
  HealStarter,
  Memory,
  Notifier,
  Progress,
  SigningKeys,
  TruthSource,
} from "../core/ports.ts";
import { Secret } from "../protocol/secret.ts";
import type { World } from "./world.ts";

/** What lives as long as the process: clients and settings, shared by its runs. */
export interface Composition {
  readonly clock: Clock;
  readonly notifier: Notifier | undefined;
  /** Where the log of a run can be read; undefined where there is none for others. */
  readonly logUrlOf: ((runId: string) => string) | undefined;
  /** Absent where repairs are made in process. */
  readonly healStarter: HealStarter | undefined;
  /** The keys of the present seed, read afresh; undefined where no seed is set. */
  readKeys(): Promise<SigningKeys | undefined>;
  /**
   * Everything that one run touches, over connections that the caller opens and closes.
   * @throws TallystickError `setting-missing`, `setting-invalid`, `seed-unreadable`
   */
  createWorld(fleet: Fleet, dispatcher: Dispatcher, onProgress: (progress: Progress) => void): Promise<World>;
  /** The same over connections of its own, for as long as the run lasts. */
  withWorld<Result>(
    fleet: Fleet,
    onProgress: (progress: Progress) => void,
    run: (world: World) => Promise<Result>,
  ): Promise<Result>;
}

interface CompositionOptions {
  /**
   * Whether the process remembers by itself where there is no table; what another process has claimed it would not
   * know.
   * @default true
   */
  readonly ownMemory?: boolean;
  /** What was learnt of Railway's tokens, where that outlives the composition. @default nothing yet */
  readonly kinds?: TokenKinds;
}

/**
 * Puts the real parts together, from environment variables alone (see functions/contract.ts).
 * @throws TallystickError `setting-invalid`
 */
export function compose(
  variables: EnvironmentVariables,
  { ownMemory = true, kinds = new TokenKinds() }: CompositionOptions = {},
): Composition {
  const clock = systemClock;
  const secretsManager = new SecretsManagerClient(awsClientBounds);
  const topicArn = variables[settings.topicArn];
  const truth = createTruthSource({
    secretsManager: createSecretsManagerSource(secretsManager),
    environment: createEnvironmentSource(variables),
  });
  const readKeys = () => keysFrom(variables, secretsManager);
  const memory = tableMemory(variables) ?? (ownMemory ? createInProcessMemory() : undefined);
  const createWorld: Composition["createWorld"] = async (fleet, dispatcher, onProgress) => {
    const keys = needsKeys(fleet) ? required(await readKeys()) : undefined;
    const overNetwork = overHttp({ dispatcher, clock, variables, truth, kinds });
    const others = { ...(memory && { memory }), ...(keys && { keys }) };
    return { fleet, clock, truth, ...overNetwork, onProgress, ...others };
  };
  return {
    clock,
    readKeys,
    createWorld,
    healStarter: healStarterFrom(variables),
    logUrlOf: logLinkFrom(variables),
    notifier:
      topicArn === undefined ? undefined : createSnsNotifier(new SNSClient(awsClientBounds), topicArn),
    async withWorld(fleet, onProgress, run) {
      const dispatcher = createHttpAgent();
      try {
        return await run(await createWorld(fleet, dispatcher, onProgress));
      } finally {
        await dispatcher.destroy();
      }
    },
  };
}

/** What is spoken to over HTTP, new for each run: connections, what was tried, what was called. */
function overHttp(parts: {
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly variables: EnvironmentVariables;
  readonly truth: TruthSource;
  readonly kinds: TokenKinds;
}): Pick<World, "health" | "probes" | "railway"> {
  const { dispatcher, clock, variables, truth, kinds } = parts;
  return {
    health: createHealthEndpoints({ dispatcher, clock }),
    probes: createCapabilityProbes({ dispatcher, ledger: new ProbeLedger() }),
    railway: createRailway({
      apiUrl: variables[settings.railwayApiUrl] ?? railwayApiUrl,
      dispatcher,
      clock,
      kinds,
      credential: (source) => truth.readCredential(source),
    }),
  };
}

/** The memory that all processes share, where there is a table for it. */
export function tableMemory(variables: EnvironmentVariables): Memory | undefined {
  const table = variables[settings.stateTable];
  return table === undefined ? undefined : createDynamodbMemory(new DynamoDBClient(awsClientBounds), table);
}

function healStarterFrom(variables: EnvironmentVariables): HealStarter | undefined {
  const arn = variables[settings.healFunction];
  if (arn === undefined) return undefined;
  const kind = healKinds.find((known) => known === variables[settings.healKind]);
  if (kind === undefined) {
    throw new TallystickError(
      "setting-invalid",
      `${settings.healKind} must be one of ${healKinds.join(", ")} where ${settings.healFunction} is set`,
    );
  }
  const heal: HealFunction = { arn, kind };
  // Only a named execution can be asked for once more without being started twice.
  const maxAttempts = kind === "durable" ? awsClientBounds.maxAttempts : 1;
  return createLambdaHealStarter(new LambdaClient({ ...awsClientBounds, maxAttempts }), heal);
}

async function keysFrom(
  variables: EnvironmentVariables,
  client: SecretsManagerClient,
): Promise<SigningKeys | undefined> {
  const seed = variables[settings.signingSeed];
  if (seed !== undefined) return signingKeysFromSeed(new Secret(seed));
  const secretId = variables[settings.signingSeedSecret];
  return secretId === undefined ? undefined : readSigningKeys(client, secretId);
}

function needsKeys(fleet: Fleet): boolean {
  return Object.values(fleet.environments).some(({ health }) => health !== undefined);
}

function required(keys: SigningKeys | undefined): SigningKeys {
  if (keys !== undefined) return keys;
  throw new TallystickError(
    "setting-missing",
    `health endpoints are asked with signed challenges: set ${settings.signingSeed} (make one: openssl rand -base64 32) or ${settings.signingSeedSecret} (its name in AWS Secrets Manager)`,
  );
}
