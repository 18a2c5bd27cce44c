import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { awsClientBounds } from "../adapters/aws-bounds.ts";
import { createCapabilityProbes } from "../adapters/capability-probe.ts";
import { systemClock } from "../adapters/clock.ts";
import { createEnvironmentSource, type EnvironmentVariables } from "../adapters/environment-source.ts";
import { createHttpAgent } from "../adapters/http-agent.ts";
import { createHealthEndpoints } from "../adapters/http-health.ts";
import { ProbeLedger } from "../adapters/probe-ledger.ts";
import { createRailway } from "../adapters/railway/railway.ts";
import { createSecretsManagerSource } from "../adapters/secrets-manager.ts";
import { readSigningKeys, signingKeysFromSeed } from "../adapters/signing-seed.ts";
import { createSnsNotifier } from "../adapters/sns-notifier.ts";
import { createTruthSource } from "../adapters/truth-source.ts";
import { railwayApiUrl, settings } from "../contract.ts";
import { TallystickError } from "../core/errors.ts";
import type { Fleet } from "../core/fleet.ts";
import type { Clock, Notifier, Progress, SigningKeys, TruthSource } from "../core/ports.ts";
import type { World } from "../heal/world.ts";
import { Secret } from "../protocol/secret.ts";

/** What lives as long as the process: clients and settings, shared by its runs. */
export interface Composition {
  readonly clock: Clock;
  readonly notifier: Notifier | undefined;
  /** The keys of the present seed, read afresh; undefined where no seed is set. */
  readKeys(): Promise<SigningKeys | undefined>;
  /**
   * Everything that one run touches, for as long as it lasts.
   * @throws TallystickError `setting-missing`, `setting-invalid`, `seed-unreadable`
   */
  withWorld<Result>(
    fleet: Fleet,
    onProgress: (progress: Progress) => void,
    run: (world: World) => Promise<Result>,
  ): Promise<Result>;
}

/** Puts the real parts together, from environment variables alone (see functions/contract.ts). */
export function compose(variables: EnvironmentVariables): Composition {
  const clock = systemClock;
  const secretsManager = new SecretsManagerClient(awsClientBounds);
  const topicArn = variables[settings.topicArn];
  const truth = createTruthSource({
    secretsManager: createSecretsManagerSource(secretsManager),
    environment: createEnvironmentSource(variables),
  });
  const readKeys = () => keysFrom(variables, secretsManager);
  return {
    clock,
    readKeys,
    notifier:
      topicArn === undefined ? undefined : createSnsNotifier(new SNSClient(awsClientBounds), topicArn),
    async withWorld(fleet, onProgress, run) {
      const keys = needsKeys(fleet) ? required(await readKeys()) : undefined;
      const dispatcher = createHttpAgent();
      try {
        const { health, probes, railway } = overHttp({ dispatcher, clock, variables, truth });
        return await run({ fleet, clock, truth, health, probes, railway, onProgress, ...(keys && { keys }) });
      } finally {
        await dispatcher.destroy();
      }
    },
  };
}

/** What is spoken to over HTTP, new for each run: connections, what was tried, what was called. */
function overHttp(parts: {
  readonly dispatcher: ReturnType<typeof createHttpAgent>;
  readonly clock: Clock;
  readonly variables: EnvironmentVariables;
  readonly truth: TruthSource;
}): Pick<World, "health" | "probes" | "railway"> {
  const { dispatcher, clock, variables, truth } = parts;
  return {
    health: createHealthEndpoints({ dispatcher, clock }),
    probes: createCapabilityProbes({ dispatcher, ledger: new ProbeLedger() }),
    railway: createRailway({
      apiUrl: variables[settings.railwayApiUrl] ?? railwayApiUrl,
      dispatcher,
      clock,
      credential: (source) => truth.readCredential(source),
    }),
  };
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
