import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import pMap from "p-map";
import { limits } from "../core/limits.ts";
import type { SecretVersion } from "../core/observation.ts";
import { ownValue, type Unreadable } from "./own-value.ts";
import { type ListedVersion, listVersions, readVersion, type StoredVersion } from "./secret-version.ts";
import type { SecretsManagerSource } from "./source-reader.ts";
import type { StagedVersion } from "./version-runs.ts";

/** All versions that have a value of their own, newest first, and why the current one has none, if so. */
export interface OwnVersions {
  readonly versions: readonly StagedVersion[];
  readonly currentUnreadable?: Unreadable;
}

/** The versions of secrets, each listed and read once for as long as one reading lasts. Rejects with the SDK's error. */
export class SecretHistory {
  readonly #client: SecretsManagerClient;
  readonly #lists = new Map<string, Promise<readonly ListedVersion[]>>();
  readonly #values = new Map<string, Promise<StoredVersion | undefined>>();

  constructor(client: SecretsManagerClient) {
    this.#client = client;
  }

  /** The version of AWSPENDING, where that is another than the current one and has a value of its own. */
  async pending(source: SecretsManagerSource, current: SecretVersion): Promise<SecretVersion | undefined> {
    const listed = await this.#list(source.secretsManager);
    const pending = listed.find(({ isPending, id }) => isPending && id !== current.id);
    return pending && this.#ownVersion(source, pending);
  }

  /** The current version with the date at which its value came, which may be some versions before it. */
  async dated(source: SecretsManagerSource, current: SecretVersion): Promise<SecretVersion> {
    const listed = await this.#list(source.secretsManager);
    let { createdAtMs } = current;
    for (const listedVersion of listed.slice(listed.findIndex(({ id }) => id === current.id) + 1)) {
      const version = await this.#ownVersion(source, listedVersion);
      if (version === undefined) continue;
      if (!version.value.equals(current.value)) break;
      createdAtMs = listedVersion.createdAtMs;
    }
    return { ...current, ...(createdAtMs !== undefined && { createdAtMs }) };
  }

  async all(source: SecretsManagerSource): Promise<OwnVersions> {
    const listed = await this.#list(source.secretsManager);
    const readings = await pMap(
      listed,
      async (version) => ({ version, stored: await this.#value(source.secretsManager, version.id) }),
      { concurrency: limits.secretReadsAtOnceMax },
    );
    const versions: StagedVersion[] = [];
    for (const { version, stored } of readings) {
      const own = stored && ownValue(stored, source.jsonKey);
      if (own?.kind === "value") versions.push({ ...version, value: own.value });
      else if (own && version.isCurrent) return { versions: [], currentUnreadable: own };
    }
    return { versions };
  }

  async #ownVersion(
    { secretsManager, jsonKey }: SecretsManagerSource,
    { id, createdAtMs }: ListedVersion,
  ): Promise<SecretVersion | undefined> {
    const stored = await this.#value(secretsManager, id);
    const own = stored && ownValue(stored, jsonKey);
    return own?.kind === "value" ? { id, createdAtMs, value: own.value } : undefined;
  }

  #list(secretId: string): Promise<readonly ListedVersion[]> {
    return once(this.#lists, secretId, () => listVersions(this.#client, secretId));
  }

  /** Two of the fleet's secrets may be keys of one: its version is read for both at once. */
  #value(secretId: string, versionId: string): Promise<StoredVersion | undefined> {
    const read = () => readVersion(this.#client, secretId, { VersionId: versionId });
    return once(this.#values, `${versionId} ${secretId}`, read);
  }
}

function once<Result>(
  known: Map<string, Promise<Result>>,
  key: string,
  make: () => Promise<Result>,
): Promise<Result> {
  const result = known.get(key) ?? make();
  known.set(key, result);
  return result;
}
