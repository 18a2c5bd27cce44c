import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { onTestFinished } from "vitest";
import { awsClientBounds } from "../../functions/adapters/aws-bounds.ts";
import { createSecretsManagerSource } from "../../functions/adapters/secrets-manager.ts";
import type { EntriesFrom, SecretsManagerSource } from "../../functions/adapters/source-reader.ts";
import type { SecretVersion, Truth } from "../../functions/core/observation.ts";
import { openTestBed, tokenOf } from "../sandbox/aws/test-bed.ts";

/** A stand-in of a test's own, and the source of truth that reads it. */
export async function openSecrets() {
  const bed = await openTestBed();
  const client = new SecretsManagerClient({ ...awsClientBounds, endpoint: bed.aws.endpoint });
  onTestFinished(() => client.destroy());
  const later = (hours = 1) => {
    bed.time.nowMs += hours * 3_600_000;
  };
  /** Puts versions one hour apart; answers their ids, oldest first. */
  const putAll = (name: string, ...texts: string[]) =>
    texts.map((text) => {
      later();
      return bed.aws.secrets.plant(name, text);
    });
  /** Puts a version with stages of the test's choice. */
  const stage = async (name: string, text: string, stages: string[], number = 1) => {
    later();
    const token = tokenOf(number);
    await bed.secretsManager.putSecretValue({
      SecretId: name,
      SecretString: text,
      ClientRequestToken: token,
      VersionStages: stages,
    });
    return token;
  };
  return { ...bed, client, source: createSecretsManagerSource(client), putAll, stage, later };
}

/** A fleet's secrets by name: `id`, or `id#jsonKey`. */
export function entries(sources: Readonly<Record<string, string>>): EntriesFrom<SecretsManagerSource> {
  return new Map(
    Object.entries(sources).map(([name, text]) => {
      const [secretsManager = "", jsonKey] = text.split("#");
      return [name, { source: { secretsManager, ...(jsonKey !== undefined && { jsonKey }) } }];
    }),
  );
}

/** The truth with its values shown and its dates as hours, for comparing. */
export function shown(truth: Truth | undefined) {
  if (truth?.kind !== "read") return truth;
  const { current, pending, older, newer } = truth;
  return {
    current: show(current),
    ...(pending && { pending: show(pending) }),
    older: older.map(show),
    newer: newer.map(show),
  };
}

function show({ id, value }: SecretVersion): [id: string, value: string] {
  return [id, value.reveal()];
}
