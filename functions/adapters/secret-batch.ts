import {
  type APIErrorType,
  BatchGetSecretValueCommand,
  type SecretsManagerClient,
  type SecretValueEntry,
} from "@aws-sdk/client-secrets-manager";
import pMap from "p-map";
import { limits } from "../core/limits.ts";
import { awsCallBounds } from "./aws-bounds.ts";
import { awsFailure, awsFailureNamed, blamesOneOfMany } from "./aws-failure.ts";
import { type Unreadable, unreadable } from "./own-value.ts";
import { meansSecret } from "./secret-id.ts";
import { type StoredVersion, storedVersion } from "./secret-version.ts";

type CurrentVersion = ({ readonly kind: "stored" } & StoredVersion) | Unreadable;

/** The AWSCURRENT version of each secret, a call for every twenty. What cannot be read is said of that secret. */
export async function readCurrentVersions(
  client: SecretsManagerClient,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CurrentVersion>> {
  const read = await pMap(batchesOf(ids), (batch) => readBatch(client, batch), {
    concurrency: limits.secretReadsAtOnceMax,
  });
  return new Map(read.flat());
}

type Readings = (readonly [id: string, version: CurrentVersion])[];

function batchesOf(ids: readonly string[]): (readonly string[])[] {
  const size = limits.secretsPerBatchMax;
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, index) =>
    ids.slice(index * size, (index + 1) * size),
  );
}

async function readBatch(client: SecretsManagerClient, ids: readonly string[]): Promise<Readings> {
  try {
    const answer = await readPages(client, ids);
    return ids.map((id) => [id, versionIn(answer, id)]);
  } catch (error) {
    // One id that AWS cannot take fails the call for all: each alone, only that one is unreadable.
    if (ids.length > 1 && blamesOneOfMany(error)) {
      return (await Promise.all(ids.map((id) => readBatch(client, [id])))).flat();
    }
    return ids.map((id) => [id, awsFailure(error, id)]);
  }
}

interface Answer {
  readonly values: SecretValueEntry[];
  readonly failures: APIErrorType[];
}

/** A page may hold fewer secrets than were asked for; there are never more pages than secrets. */
async function readPages(client: SecretsManagerClient, ids: readonly string[]): Promise<Answer> {
  const answer: Answer = { values: [], failures: [] };
  let token: string | undefined;
  for (let page = 0; page < ids.length; page += 1) {
    const input = { SecretIdList: [...ids], ...(token !== undefined && { NextToken: token }) };
    const { SecretValues, Errors, NextToken } = await client.send(
      new BatchGetSecretValueCommand(input),
      awsCallBounds(),
    );
    answer.values.push(...(SecretValues ?? []));
    answer.failures.push(...(Errors ?? []));
    token = NextToken;
    if (token === undefined) break;
  }
  return answer;
}

/** HTTP 200 is no success: each secret is either among the values, among the errors, or forgotten. */
function versionIn({ values, failures }: Answer, id: string): CurrentVersion {
  const value = values.find((entry) => meansSecret(id, entry));
  if (value?.VersionId !== undefined) return { kind: "stored", ...storedVersion(id, value, value.VersionId) };
  const failure = failures.find(({ SecretId }) => meansSecret(id, { Name: SecretId, ARN: SecretId }));
  if (failure) return awsFailureNamed(failure.ErrorCode, id);
  return unreadable("not-answered", `${id} was left out of the answer of Secrets Manager; try again later`);
}
