import {
  ListSecretVersionIds$,
  type ListSecretVersionIdsRequest,
  type ListSecretVersionIdsResponse,
  RotateSecret$,
  type RotateSecretRequest,
  type RotateSecretResponse,
  UpdateSecretVersionStage$,
  type UpdateSecretVersionStageRequest,
  type UpdateSecretVersionStageResponse,
} from "@aws-sdk/client-secrets-manager";
import { type Checked, defineOperation, type Operation } from "../wire/operation-schema.ts";
import { pageOf } from "../wire/page.ts";
import { checkNoRotationUnderWay, configureRotation, type Rotate, rotateNow } from "./rotation.ts";
import { listVersion } from "./secret-answers.ts";
import { checkRange, invalidNextToken, versionIdOf } from "./secret-limits.ts";
import type { SecretStore } from "./secret-store.ts";

const pageSizeMax = 100;

/** The operations on versions and on the labels they hold. */
export function versionOperations(store: SecretStore, rotate: Rotate | undefined): Operation[] {
  return [
    defineOperation<ListSecretVersionIdsRequest, ListSecretVersionIdsResponse>(
      ListSecretVersionIds$,
      (input) => listVersions(store, input),
    ),
    defineOperation<UpdateSecretVersionStageRequest, UpdateSecretVersionStageResponse>(
      UpdateSecretVersionStage$,
      (input) => {
        const secret = store.live(input.SecretId);
        const { VersionStage: label, RemoveFromVersionId: fromId, MoveToVersionId: toId } = input;
        store.moveLabel(secret, { label, fromId, toId });
        return { ARN: secret.arn, Name: secret.name };
      },
    ),
    defineOperation<RotateSecretRequest, RotateSecretResponse>(RotateSecret$, (input) =>
      rotateSecret(store, input, rotate),
    ),
  ];
}

/** A version without a label is deprecated: it is listed only on demand. */
function listVersions(
  store: SecretStore,
  input: Checked<ListSecretVersionIdsRequest>,
): ListSecretVersionIdsResponse {
  const secret = store.live(input.SecretId);
  const { MaxResults: size = pageSizeMax, IncludeDeprecated: deprecated = false } = input;
  checkRange("MaxResults", size, 1, pageSizeMax);
  const listed = [...secret.versions.values()].filter(({ stages }) => deprecated || stages.size > 0);
  const page = pageOf(listed, size, input.NextToken, invalidNextToken);
  return {
    ARN: secret.arn,
    Name: secret.name,
    Versions: page.items.map(listVersion),
    NextToken: page.nextToken,
  };
}

/** Without a rotation function given to the stand-in, only the configuration is stored. */
async function rotateSecret(
  store: SecretStore,
  input: Checked<RotateSecretRequest>,
  rotate: Rotate | undefined,
): Promise<RotateSecretResponse> {
  const secret = store.live(input.SecretId);
  const token = versionIdOf(input.ClientRequestToken);
  const named = { ARN: secret.arn, Name: secret.name };
  // The same request again, after an answer that was lost: its version is there, and rotating twice would lose it.
  if (secret.versions.has(token)) return { ...named, VersionId: token };
  checkNoRotationUnderWay(secret);
  configureRotation(secret, input);
  store.touch(secret);
  if (rotate === undefined || input.RotateImmediately === false) return named;
  await rotateNow(store, secret, token, rotate);
  return { ...named, VersionId: token };
}
