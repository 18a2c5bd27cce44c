import { AwsError } from "../wire/aws-error.ts";
import { dayMs, type Secret, type SecretValue, sameValue, type Version } from "./secret.ts";
import { attachLabel, checkLabelCount, holderOf } from "./staging-labels.ts";

/** What a new version is made of; without stages it becomes AWSCURRENT. */
export type NewVersion = {
  readonly token: string;
  readonly value: SecretValue;
  readonly stages?: readonly string[] | undefined;
};

/** Which version is asked for; AWSCURRENT where nothing is said. */
export type VersionChoice = { readonly versionId?: string | undefined; readonly stage?: string | undefined };

/** A version and the labels that moved to it. */
export type PutVersion = { readonly version: Version; readonly moved: readonly string[] };

/** AWS keeps about a hundred versions and removes none that is younger than a day. */
const versionsKept = 100;

/** Adds a version; a token that was used before changes nothing where the value is the same, else it is refused. */
export function putVersion(secret: Secret, { token, value, stages }: NewVersion, nowMs: number): PutVersion {
  const used = secret.versions.get(token);
  if (used?.value !== undefined) {
    if (sameValue(used.value, value)) return { version: used, moved: [] };
    throw tokenInUse(secret, token);
  }
  const labels = new Set(stages ?? ["AWSCURRENT"]);
  // The first value of a secret is the current one, whatever the caller asks for.
  if (holderOf(secret.versions, "AWSCURRENT") === undefined) labels.add("AWSCURRENT");
  checkLabelCount(new Set([...labels, ...(used?.stages ?? [])]));
  const version = used ?? openVersion(secret, token, nowMs);
  version.value = value;
  const moved = [...labels].filter((label) => attachLabel(secret.versions, label, version));
  removeOldVersions(secret, nowMs);
  return { version, moved };
}

/** Opens a version that has no value yet. */
export function openVersion(secret: Secret, token: string, nowMs: number): Version {
  const version: Version = { id: token, createdAtMs: nowMs, stages: new Set() };
  secret.versions.set(token, version);
  return version;
}

/** Finds the version asked for; refuses an id and a label that do not belong together. */
export function chooseVersion(
  secret: Secret,
  { versionId, stage }: VersionChoice,
): Version & { value: SecretValue } {
  const label = stage ?? "AWSCURRENT";
  const version = versionId === undefined ? holderOf(secret.versions, label) : secret.versions.get(versionId);
  if (!hasValue(version)) throw notFound(versionId ? `VersionId: ${versionId}` : `staging label: ${label}`);
  if (stage !== undefined && !version.stages.has(stage)) {
    const message = "You provided a VersionStage that is not associated to the provided VersionId.";
    throw new AwsError("InvalidRequestException", message);
  }
  return version;
}

function hasValue(version: Version | undefined): version is Version & { value: SecretValue } {
  return version?.value !== undefined;
}

function notFound(what: string): AwsError {
  const message = `Secrets Manager can't find the specified secret value for ${what}`;
  return new AwsError("ResourceNotFoundException", message);
}

function tokenInUse(secret: Secret, token: string): AwsError {
  const message = `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${secret.arn}.`;
  return new AwsError("ResourceExistsException", message);
}

function removeOldVersions({ versions }: Secret, nowMs: number): void {
  for (const version of versions.values()) {
    if (versions.size <= versionsKept) return;
    if (version.stages.size === 0 && nowMs - version.createdAtMs >= dayMs) versions.delete(version.id);
  }
}
