// SPDX-License-Identifier: MIT
import { ProtocolError } from "./errors.ts";
import {
  challengeAlgorithm,
  challengeIssuer,
  challengeLifeSecondsMax,
  challengeType,
  isEnvironmentName,
  isNonce,
  nonceBytes,
} from "./names.ts";
import type { SigningKey } from "./signing-key.ts";

/** Times are whole seconds since 1970 (RFC 7519's NumericDate); `lifeSeconds` is 1 to 60, by default 60. */
export interface ChallengeClaims {
  readonly environment: string;
  readonly nonce: string;
  readonly issuedAtSeconds: number;
  readonly lifeSeconds?: number;
}

/**
 * A compact JWS (RFC 7515) signed with Ed25519 (RFC 8037): the value of the `Tally-Challenge` header.
 * It is a bearer for its life: keep it out of logs.
 * @throws ProtocolError `challenge-unfit` for claims that every responder would refuse.
 */
export function issueChallenge(key: SigningKey, claims: ChallengeClaims): string {
  const { environment, nonce, issuedAtSeconds: iat, lifeSeconds = challengeLifeSecondsMax } = claims;
  if (
    !isEnvironmentName(environment) ||
    !isNonce(nonce) ||
    !Number.isSafeInteger(iat) ||
    !isLife(lifeSeconds)
  ) {
    throw new ProtocolError(
      "challenge-unfit",
      `a challenge needs an environment, a nonce, whole seconds and a life of 1 to ${challengeLifeSecondsMax} seconds`,
    );
  }
  const header = encode({ alg: challengeAlgorithm, typ: challengeType, kid: key.kid });
  const payload = encode({ iss: challengeIssuer, aud: environment, iat, exp: iat + lifeSeconds, jti: nonce });
  const signature = key.sign(Buffer.from(`${header}.${payload}`));
  return `${header}.${payload}.${Buffer.from(signature).toString("base64url")}`;
}

function isLife(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds > 0 && seconds <= challengeLifeSecondsMax;
}

function encode(part: Readonly<Record<string, string | number>>): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

/** Takes its 16 bytes as a value, so that the protocol stays without randomness of its own. */
export function newNonce(randomBytes: Uint8Array): string {
  if (randomBytes.length !== nonceBytes) {
    throw new ProtocolError("challenge-unfit", `a nonce is made of exactly ${nonceBytes} random bytes`);
  }
  return Buffer.from(randomBytes).toString("base64url");
}
