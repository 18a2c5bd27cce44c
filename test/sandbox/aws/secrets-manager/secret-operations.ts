import {
  CreateSecret$,
  type CreateSecretRequest,
  type CreateSecretResponse,
  DeleteSecret$,
  type DeleteSecretRequest,
  type DeleteSecretResponse,
  DescribeSecret$,
  type DescribeSecretRequest,
  type DescribeSecretResponse,
  ListSecrets$,
  type ListSecretsRequest,
  type ListSecretsResponse,
  RestoreSecret$,
  type RestoreSecretRequest,
  type RestoreSecretResponse,
  type Tag,
  TagResource$,
  type TagResourceRequest,
  UntagResource$,
  type UntagResourceRequest,
  UpdateSecret$,
  type UpdateSecretRequest,
  type UpdateSecretResponse,
} from "@aws-sdk/client-secrets-manager";
import { type Checked, defineOperation, type Operation } from "../wire/operation-schema.ts";
import { describeSecret } from "./secret-answers.ts";
import { deleteSecret } from "./secret-deletion.ts";
import { valueIn, versionIdOf } from "./secret-limits.ts";
import { listSecrets } from "./secret-list.ts";
import type { SecretStore } from "./secret-store.ts";

/** The operations on a secret as a whole. */
export function secretOperations(store: SecretStore): Operation[] {
  return [
    defineOperation<CreateSecretRequest, CreateSecretResponse>(CreateSecret$, (input) =>
      create(store, input),
    ),
    defineOperation<UpdateSecretRequest, UpdateSecretResponse>(UpdateSecret$, (input) =>
      update(store, input),
    ),
    defineOperation<DescribeSecretRequest, DescribeSecretResponse>(DescribeSecret$, (input) =>
      describeSecret(store.find(input.SecretId)),
    ),
    defineOperation<ListSecretsRequest, ListSecretsResponse>(ListSecrets$, (input) =>
      listSecrets(store, input),
    ),
    defineOperation<DeleteSecretRequest, DeleteSecretResponse>(DeleteSecret$, (input) =>
      deleteSecret(store, input),
    ),
    defineOperation<RestoreSecretRequest, RestoreSecretResponse>(RestoreSecret$, (input) => {
      const secret = store.find(input.SecretId);
      secret.deletion = undefined;
      return { ARN: secret.arn, Name: secret.name };
    }),
    defineOperation<TagResourceRequest, object>(TagResource$, (input) => {
      const secret = store.live(input.SecretId);
      for (const [key, value] of tagsOf(input.Tags)) secret.tags.set(key, value);
      store.touch(secret);
      return {};
    }),
    defineOperation<UntagResourceRequest, object>(UntagResource$, (input) => {
      const secret = store.live(input.SecretId);
      for (const key of input.TagKeys) secret.tags.delete(key);
      store.touch(secret);
      return {};
    }),
  ];
}

function create(store: SecretStore, input: Checked<CreateSecretRequest>): CreateSecretResponse {
  const { secret, version } = store.create({
    name: input.Name,
    token: versionIdOf(input.ClientRequestToken),
    value: valueIn(input.SecretString, input.SecretBinary),
    description: input.Description,
    kmsKeyId: input.KmsKeyId,
    type: input.Type,
    tags: tagsOf(input.Tags),
  });
  return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
}

/** Changes what the request names; a value in it is a new current version. */
function update(store: SecretStore, input: Checked<UpdateSecretRequest>): UpdateSecretResponse {
  const secret = store.live(input.SecretId);
  const value = valueIn(input.SecretString, input.SecretBinary);
  const version = value && store.put(secret, { token: versionIdOf(input.ClientRequestToken), value });
  secret.description = input.Description ?? secret.description;
  secret.kmsKeyId = input.KmsKeyId ?? secret.kmsKeyId;
  secret.type = input.Type ?? secret.type;
  store.touch(secret);
  return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
}

function tagsOf(tags: readonly Tag[] = []): Map<string, string> {
  return new Map(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}
