import {
  type APIErrorType,
  BatchGetSecretValue$,
  type BatchGetSecretValueRequest,
  type BatchGetSecretValueResponse,
  GetRandomPassword$,
  type GetRandomPasswordRequest,
  type GetRandomPasswordResponse,
  GetSecretValue$,
  type GetSecretValueRequest,
  type GetSecretValueResponse,
  PutSecretValue$,
  type PutSecretValueRequest,
  type PutSecretValueResponse,
  type SecretValueEntry,
} from "@aws-sdk/client-secrets-manager";
import { AwsError } from "../wire/aws-error.ts";
import { defineOperation, type Operation } from "../wire/operation-schema.ts";
import { type Page, pageOf } from "../wire/page.ts";
import { randomPassword } from "./random-password.ts";
import { labelsOf, secretValue } from "./secret-answers.ts";
import { passesFilters } from "./secret-filter.ts";
import { checkRange, invalidNextToken, valueIn, versionIdOf } from "./secret-limits.ts";
import type { SecretStore } from "./secret-store.ts";

const batchIdsMax = 20;

/** The operations that read and write values. */
export function valueOperations(store: SecretStore): Operation[] {
  return [
    defineOperation<GetSecretValueRequest, GetSecretValueResponse>(GetSecretValue$, (input) => {
      const secret = store.live(input.SecretId);
      const choice = { versionId: input.VersionId, stage: input.VersionStage };
      return secretValue(secret, store.read(secret, choice));
    }),
    defineOperation<BatchGetSecretValueRequest, BatchGetSecretValueResponse>(
      BatchGetSecretValue$,
      (input) => {
        const page = batchPage(store, input);
        return { ...readEach(store, page.items), NextToken: page.nextToken };
      },
    ),
    defineOperation<PutSecretValueRequest, PutSecretValueResponse>(PutSecretValue$, (input) => {
      const secret = store.live(input.SecretId);
      const value = valueIn(input.SecretString, input.SecretBinary);
      if (value === undefined) {
        throw new AwsError(
          "InvalidRequestException",
          "You must provide either SecretString or SecretBinary.",
        );
      }
      const token = versionIdOf(input.ClientRequestToken);
      const version = store.put(secret, { token, value, stages: input.VersionStages });
      return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: labelsOf(version) };
    }),
    defineOperation<GetRandomPasswordRequest, GetRandomPasswordResponse>(GetRandomPassword$, (input) => ({
      RandomPassword: randomPassword(input),
    })),
  ];
}

/** The ids of one batch: those that were listed, or one page of those that pass the filters. */
function batchPage(store: SecretStore, input: BatchGetSecretValueRequest): Page<string> {
  const { SecretIdList: ids, Filters: filters, MaxResults: size, NextToken: token } = input;
  if ((ids === undefined) === (filters === undefined)) {
    throw new AwsError("InvalidParameterException", "Give either SecretIdList or Filters.");
  }
  if (ids === undefined) {
    checkRange("MaxResults", size ?? batchIdsMax, 1, batchIdsMax);
    const passing = store.all().filter((secret) => !secret.deletion && passesFilters(secret, filters));
    return pageOf(
      passing.map((secret) => secret.arn),
      size ?? batchIdsMax,
      token,
      invalidNextToken,
    );
  }
  if (size !== undefined)
    throw new AwsError("InvalidParameterException", "MaxResults goes with Filters only.");
  checkRange("number of ids in SecretIdList", ids.length, 1, batchIdsMax);
  return { items: ids, nextToken: undefined };
}

/** One secret that cannot be read does not fail the batch: it is named in Errors, and the answer is a 200. */
function readEach(store: SecretStore, ids: readonly string[]): BatchGetSecretValueResponse {
  const SecretValues: SecretValueEntry[] = [];
  const Errors: APIErrorType[] = [];
  for (const SecretId of ids) {
    try {
      const secret = store.live(SecretId);
      SecretValues.push(secretValue(secret, store.read(secret, {})));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Errors.push({ SecretId, ErrorCode: error.code, Message: error.message });
    }
  }
  return { SecretValues, Errors };
}
