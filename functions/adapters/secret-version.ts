import {
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  type SecretsManagerClient,
  type SecretVersionsListEntry,
} from "@aws-sdk/client-secrets-manager";
import { limits } from "../core/limits.ts";
import { Secret } from "../protocol/secret.ts";
import { awsCallBounds } from "./aws-bounds.ts";
import { isNotFound } from "./aws-failure.ts";
import type { Content } from "./own-value.ts";

/** One version as Secrets Manager stores it, whatever part of it is somebody's own value. */
export interface StoredVersion extends Content {
  readonly id: string;
  readonly createdAtMs?: number;
}

/** One version without its value. */
export interface ListedVersion {
  readonly id: string;
  readonly createdAtMs: number;
  readonly isCurrent: boolean;
  readonly isPending: boolean;
  readonly isPrevious: boolean;
}

interface ValueEntry {
  readonly SecretString?: string | undefined;
  readonly CreatedDate?: Date | undefined;
}

export function storedVersion(
  place: string,
  { SecretString, CreatedDate }: ValueEntry,
  id: string,
): StoredVersion {
  const text = SecretString === undefined ? undefined : new Secret(SecretString);
  return { place, text, id, ...(CreatedDate && { createdAtMs: CreatedDate.getTime() }) };
}

/** Which version is meant: one by its id, or the holder of a stage. */
export type VersionChoice = { readonly VersionId: string } | { readonly VersionStage: string };

/** Reads one version; nothing where it has vanished, or was opened by a rotation and holds no value yet. */
export async function readVersion(
  client: SecretsManagerClient,
  secretId: string,
  choice: VersionChoice,
): Promise<StoredVersion | undefined> {
  try {
    const command = new GetSecretValueCommand({ SecretId: secretId, ...choice });
    const answer = await client.send(command, awsCallBounds());
    return storedVersion(secretId, answer, answer.VersionId ?? "unknown");
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

const versionsPerPage = 100;
/** AWS keeps about a hundred versions, and none younger than a day is removed: so many pages are a day's frenzy. */
const versionPagesMax = 10;

/** Lists a secret's versions, newest first, bounded; the current and the pending one are always among them. */
export async function listVersions(client: SecretsManagerClient, secretId: string): Promise<ListedVersion[]> {
  const versions: ListedVersion[] = [];
  let token: string | undefined;
  for (let page = 0; page < versionPagesMax; page += 1) {
    const { Versions, NextToken } = await client.send(
      new ListSecretVersionIdsCommand({
        SecretId: secretId,
        IncludeDeprecated: true,
        MaxResults: versionsPerPage,
        ...(token !== undefined && { NextToken: token }),
      }),
      awsCallBounds(),
    );
    versions.push(...(Versions ?? []).flatMap(listedVersion));
    token = NextToken;
    if (token === undefined) break;
  }
  return versions
    .sort(byAge)
    .filter(({ isCurrent, isPending }, index) => index < limits.versionsMax || isCurrent || isPending);
}

function listedVersion({ VersionId, VersionStages, CreatedDate }: SecretVersionsListEntry): ListedVersion[] {
  if (VersionId === undefined) return [];
  const stages = new Set(VersionStages);
  return [
    {
      id: VersionId,
      createdAtMs: CreatedDate?.getTime() ?? 0,
      isCurrent: stages.has("AWSCURRENT"),
      isPending: stages.has("AWSPENDING"),
      isPrevious: stages.has("AWSPREVIOUS"),
    },
  ];
}

/** Newest first. Of versions of one moment the stages tell which came after which. */
function byAge(one: ListedVersion, other: ListedVersion): number {
  return other.createdAtMs - one.createdAtMs || stageRank(one) - stageRank(other);
}

function stageRank({ isPending, isCurrent, isPrevious }: ListedVersion): number {
  if (isCurrent) return 1;
  if (isPending) return 0;
  return isPrevious ? 2 : 3;
}
