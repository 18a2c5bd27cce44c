// SPDX-License-Identifier: MIT
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";

import { ProtocolError } from "./errors.ts";
import { type FingerprintPlace, fingerprintMessage } from "./fingerprint-message.ts";
import { echoName, isEnvironmentName, isNonce, isSecretName, protocolName } from "./names.ts";
import { Secret } from "./secret.ts";

/**
 * HMAC-SHA-256 (RFC 2104) under the value's UTF-8 bytes, as 64 lower-case hex digits.
 * @throws ProtocolError `value-malformed` for a lone surrogate, `place-malformed` for a field that breaks its pattern.
 */
export function fingerprint(secret: Secret, place: FingerprintPlace): string {
  if (!isEnvironmentName(place.environment) || !isSecretName(place.name) || !isNonce(place.nonce)) {
    throw new ProtocolError(
      "place-malformed",
      "a fingerprint needs an environment, a name and a nonce as specified",
    );
  }
  const key = keyOf(secret);
  if (key === undefined) {
    throw new ProtocolError("value-malformed", `the value of ${place.name} is not well-formed text`);
  }
  return createHmac("sha256", key).update(fingerprintMessage(place)).digest("hex");
}

/** Whether a value has a fingerprint at all: it is well-formed text. */
export function hasFingerprint(secret: Secret): boolean {
  return keyOf(secret) !== undefined;
}

/** A fleet is compared with few values, each of them many times: the key is made once, and goes with its secret. */
const keys = new WeakMap<Secret, KeyObject | undefined>();

function keyOf(secret: Secret): KeyObject | undefined {
  if (!keys.has(secret)) keys.set(secret, newKey(secret.reveal()));
  return keys.get(secret);
}

/** UTF-8 would turn every lone surrogate into the same three bytes, and different values would look equal. */
function newKey(value: string): KeyObject | undefined {
  return value.isWellFormed() ? createSecretKey(value, "utf8") : undefined;
}

/** Compares in constant time; a fingerprint's length is public. */
export function fingerprintsMatch(a: string, b: string): boolean {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length === second.length && timingSafeEqual(first, second);
}

const echoValue = new Secret(protocolName);

/** What a responder that computes rightly sends as `echo`. */
export function echoFingerprint({ environment, nonce }: Omit<FingerprintPlace, "name">): string {
  return fingerprint(echoValue, { environment, name: echoName, nonce });
}
