import type {
  DescribeSecretResponse,
  SecretListEntry,
  SecretValueEntry,
  SecretVersionsListEntry,
} from "@aws-sdk/client-secrets-manager";
import { dayMs, type Secret, type SecretValue, type Version } from "./secret.ts";

/** A secret as DescribeSecret tells of it: what it has not is left out, not empty. */
export function describeSecret(secret: Secret): DescribeSecretResponse {
  return { ...outline(secret), VersionIdsToStages: stagesOf(secret) };
}

/** A secret as ListSecrets tells of it: the same under another name for the versions. */
export function listSecret(secret: Secret): SecretListEntry {
  return { ...outline(secret), SecretVersionsToStages: stagesOf(secret) };
}

/** A version with its value. */
export function secretValue(secret: Secret, version: Version & { value: SecretValue }): SecretValueEntry {
  const { value } = version;
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    VersionStages: labelsOf(version),
    CreatedDate: new Date(version.createdAtMs),
    ...(value.kind === "text" ? { SecretString: value.text } : { SecretBinary: value.bytes }),
  };
}

/** A version without its value. */
export function listVersion(version: Version): SecretVersionsListEntry {
  return {
    VersionId: version.id,
    VersionStages: version.stages.size > 0 ? labelsOf(version) : undefined,
    CreatedDate: new Date(version.createdAtMs),
    LastAccessedDate: dateOf(version.lastAccessedAtMs),
    KmsKeyIds: ["DefaultEncryptionKey"],
  };
}

/** A version's labels, in AWS's order, which is the alphabet's. */
export function labelsOf(version: Version): string[] {
  return [...version.stages].sort();
}

/** The day on which any version was last read. */
export function lastAccessOf(secret: Secret): number | undefined {
  const days = [...secret.versions.values()].flatMap(({ lastAccessedAtMs }) => lastAccessedAtMs ?? []);
  return days.length > 0 ? Math.max(...days) : undefined;
}

function outline(secret: Secret) {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Type: secret.type,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    CreatedDate: new Date(secret.createdAtMs),
    LastChangedDate: new Date(secret.changedAtMs),
    LastAccessedDate: dateOf(lastAccessOf(secret)),
    DeletedDate: dateOf(secret.deletion?.requestedAtMs),
    Tags: secret.tags.size > 0 ? [...secret.tags].map(([Key, Value]) => ({ Key, Value })) : undefined,
    ...rotationOf(secret),
  };
}

function rotationOf({ rotation }: Secret) {
  if (rotation === undefined) return {};
  const { lambdaArn, automaticallyAfterDays, lastRotatedAtMs } = rotation;
  const nextAtMs =
    lastRotatedAtMs && automaticallyAfterDays && lastRotatedAtMs + automaticallyAfterDays * dayMs;
  return {
    RotationEnabled: true,
    RotationLambdaARN: lambdaArn,
    RotationRules: {
      AutomaticallyAfterDays: automaticallyAfterDays,
      Duration: rotation.duration,
      ScheduleExpression: rotation.scheduleExpression,
    },
    LastRotatedDate: dateOf(lastRotatedAtMs),
    NextRotationDate: dateOf(nextAtMs),
  };
}

function stagesOf(secret: Secret): Record<string, string[]> | undefined {
  const staged = [...secret.versions.values()].filter((version) => version.stages.size > 0);
  if (staged.length === 0) return undefined;
  return Object.fromEntries(staged.map((version) => [version.id, labelsOf(version)]));
}

function dateOf(epochMs: number | undefined): Date | undefined {
  return epochMs === undefined ? undefined : new Date(epochMs);
}
