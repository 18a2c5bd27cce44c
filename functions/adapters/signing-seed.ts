import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { TallystickError } from "../core/errors.ts";
import type { SigningKeys } from "../core/ports.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { Secret } from "../protocol/secret.ts";
import { type SigningKey, signingKeyFromSeed } from "../protocol/signing-key.ts";
import { awsFailure, isRetryable } from "./aws-failure.ts";
import { ownValue } from "./own-value.ts";
import { readVersion } from "./secret-version.ts";

/**
 * The key of a seed that is at hand, as on a laptop.
 * @throws ProtocolError `seed-unfit`
 */
export function signingKeysFromSeed(seed: Secret): SigningKeys {
  return { current: signingKeyFromSeed(seed) };
}

/**
 * The key of a seed in Secrets Manager, and that of the version before: a responder that was not told of the new
 * key yet still knows the old one.
 * @throws TallystickError `seed-unreadable`
 * @throws ProtocolError `seed-unfit`
 */
export async function readSigningKeys(client: SecretsManagerClient, secretId: string): Promise<SigningKeys> {
  const [current, previous] = await Promise.all([
    readSeed(client, secretId, "AWSCURRENT"),
    readSeed(client, secretId, "AWSPREVIOUS"),
  ]);
  if (current === undefined) {
    throw new TallystickError(
      "seed-unreadable",
      `${secretId} does not exist, or has no value; put a signing seed`,
    );
  }
  const keys = signingKeysFromSeed(current);
  const previousKey = previous && fitKey(previous);
  return { ...keys, ...(previousKey && { previous: previousKey }) };
}

async function readSeed(
  client: SecretsManagerClient,
  secretId: string,
  stage: "AWSCURRENT" | "AWSPREVIOUS",
): Promise<Secret | undefined> {
  const stored = await readVersion(client, secretId, { VersionStage: stage }).catch((error: unknown) => {
    const failure = awsFailure(error, secretId);
    throw new TallystickError("seed-unreadable", failure.detail, { retryable: isRetryable(failure) });
  });
  const own = stored && ownValue(stored, undefined);
  if (own?.kind === "unreadable" && stage === "AWSCURRENT") {
    throw new TallystickError("seed-unreadable", own.detail);
  }
  return own?.kind === "value" ? own.value : undefined;
}

/** A seed that made no key before is no key that anybody could still trust. */
function fitKey(seed: Secret): SigningKey | undefined {
  try {
    return signingKeyFromSeed(seed);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
