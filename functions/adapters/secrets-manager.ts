import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import pMap from "p-map";
import { TallystickError } from "../core/errors.ts";
import { limits } from "../core/limits.ts";
import type { Truth } from "../core/observation.ts";
import type { Secret } from "../protocol/secret.ts";
import { awsFailure, isRetryable } from "./aws-failure.ts";
import { ownValue, type Unreadable, unreadable } from "./own-value.ts";
import { readCurrentVersions } from "./secret-batch.ts";
import { SecretHistory } from "./secret-history.ts";
import { readVersion, type StoredVersion } from "./secret-version.ts";
import type { EntriesFrom, SecretsManagerSource, SourceReader } from "./source-reader.ts";
import { truthOfVersions } from "./version-runs.ts";

type Entries = EntriesFrom<SecretsManagerSource>;
type Entry = Entries extends ReadonlyMap<string, infer One> ? One : never;

/** True values in AWS Secrets Manager, read afresh at every call: a cached truth would be a false one. */
export function createSecretsManagerSource(client: SecretsManagerClient): SourceReader<SecretsManagerSource> {
  return {
    async readCurrent(secrets) {
      const history = new SecretHistory(client);
      const current = await readCurrentVersions(client, distinctIds(secrets));
      return readEach(secrets, async (entry) => {
        const version = current.get(entry.source.secretsManager);
        return version?.kind === "stored" ? currentTruth(entry, version, history) : version;
      });
    },
    readHistory: (secrets) => {
      const history = new SecretHistory(client);
      return readEach(secrets, (entry) => wholeTruth(entry.source, history));
    },
    readCredential: (source) => readCredential(client, source),
  };
}

function distinctIds(secrets: Entries): string[] {
  return [...new Set([...secrets.values()].map(({ source }) => source.secretsManager))];
}

/** Reads several at a time; a failure is told of the one secret that it met. */
async function readEach(
  secrets: Entries,
  read: (entry: Entry) => Promise<Truth | undefined>,
): Promise<ReadonlyMap<string, Truth>> {
  const readOne = async ([name, entry]: [string, Entry]): Promise<[string, Truth]> => {
    const id = entry.source.secretsManager;
    try {
      return [name, (await read(entry)) ?? unreadable("not-found", `${id} has no current version; put one`)];
    } catch (error) {
      return [name, awsFailure(error, id)];
    }
  };
  return new Map(await pMap(secrets, readOne, { concurrency: limits.secretReadsAtOnceMax }));
}

/** Current and pending alone: older versions cost a call each, and are of no use while nothing differs. */
async function currentTruth(
  { source, expires }: Entry,
  stored: StoredVersion,
  history: SecretHistory,
): Promise<Truth> {
  const own = ownValue(stored, source.jsonKey);
  if (own.kind === "unreadable") return own;
  const { id, createdAtMs } = stored;
  const current = { id, value: own.value, ...(createdAtMs !== undefined && { createdAtMs }) };
  const pending = await history.pending(source, current);
  const isDatedByKey = source.jsonKey !== undefined && expires?.after !== undefined;
  return {
    kind: "read",
    current: isDatedByKey ? await history.dated(source, current) : current,
    ...(pending && !pending.value.equals(own.value) && { pending }),
    older: [],
    newer: [],
  };
}

async function wholeTruth(source: SecretsManagerSource, history: SecretHistory): Promise<Truth | undefined> {
  const { versions, currentUnreadable } = await history.all(source);
  return currentUnreadable ?? truthOfVersions(versions);
}

async function readCredential(client: SecretsManagerClient, source: SecretsManagerSource): Promise<Secret> {
  const own = await ownCurrentValue(client, source);
  if (own.kind === "value") return own.value;
  throw new TallystickError("truth-unreadable", own.detail, { retryable: isRetryable(own) });
}

async function ownCurrentValue(
  client: SecretsManagerClient,
  { secretsManager: id, jsonKey }: SecretsManagerSource,
): Promise<{ kind: "value"; value: Secret } | Unreadable> {
  try {
    const stored = await readVersion(client, id, { VersionStage: "AWSCURRENT" });
    return stored
      ? ownValue(stored, jsonKey)
      : unreadable("not-found", `${id} does not exist, or has no value`);
  } catch (error) {
    return awsFailure(error, id);
  }
}
