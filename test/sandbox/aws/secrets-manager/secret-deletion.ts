import type { DeleteSecretRequest, DeleteSecretResponse } from "@aws-sdk/client-secrets-manager";
import { AwsError } from "../wire/aws-error.ts";
import type { Checked } from "../wire/operation-schema.ts";
import { dayMs } from "./secret.ts";
import type { SecretStore } from "./secret-store.ts";

/** Marks a secret for deletion after its window, or forgets it at once where that is forced. */
export function deleteSecret(store: SecretStore, input: Checked<DeleteSecretRequest>): DeleteSecretResponse {
  const { SecretId: id, RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: forced = false } = input;
  if (forced && days !== undefined) {
    const message = "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.";
    throw new AwsError("InvalidParameterException", message);
  }
  return forced ? deleteNow(store, id) : deleteLater(store, id, days ?? 30);
}

/** As on AWS, deleting by force what does not exist succeeds. */
function deleteNow(store: SecretStore, id: string): DeleteSecretResponse {
  const secret = store.all().find(({ name, arn }) => name === id || arn === id);
  if (secret !== undefined) store.remove(secret);
  return {
    ARN: secret?.arn ?? store.arnOf(id),
    Name: secret?.name ?? id,
    DeletionDate: new Date(store.now()),
  };
}

function deleteLater(store: SecretStore, id: string, days: number): DeleteSecretResponse {
  if (days < 7 || days > 30) {
    const message = "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).";
    throw new AwsError("InvalidParameterException", message);
  }
  const secret = store.live(id);
  const requestedAtMs = store.now();
  const endsAtMs = requestedAtMs + days * dayMs;
  secret.deletion = { requestedAtMs, endsAtMs };
  return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(endsAtMs) };
}
