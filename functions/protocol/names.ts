// SPDX-License-Identifier: MIT

/** The first line of every fingerprint's message, and the value behind the echo. */
export const protocolName = "tally/v1";
/** The only `version` that either side speaks; any other is refused. */
export const protocolVersion = 1;

/** The request header, in lower case as Node and `Headers` give it. */
export const challengeHeader = "tally-challenge";
export const challengeAlgorithm = "EdDSA";
export const challengeType = "tally-challenge+jwt";
export const challengeIssuer = "tallystick";
export const challengeBytesMax = 2048;
export const challengeLifeSecondsMax = 60;
/** How far the two clocks may differ, in either direction. */
export const clockLeewaySeconds = 30;

export const answerBytesMax = 65_536;
export const nonceBytes = 16;
/** The name under which the fingerprint of `protocolName` shows that a responder computes rightly. */
export const echoName = "_echo";

/** What an environment is called. */
export const environmentPattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
const secretName = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;
const nonce = /^[A-Za-z0-9_-]{22}$/;
/** What `instance`, `deployment` and the two members of `place` look like. */
export const labelPattern = /^[A-Za-z0-9._:-]{1,128}$/;
const timestamp =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;

export function isEnvironmentName(text: string): boolean {
  return environmentPattern.test(text);
}

/** `__proto__` is no name: as a key of a JSON object it means something else to half of the world's programs. */
export function isSecretName(text: string): boolean {
  return secretName.test(text) && text !== "__proto__";
}

/** Taken as 22 characters of text: nobody decodes a nonce, so its last character's unused bits do not matter. */
export function isNonce(text: string): boolean {
  return nonce.test(text);
}

export function isLabel(text: string): boolean {
  return labelPattern.test(text);
}

/** What `startedAt` and `time` look like: RFC 3339 in UTC, written with `Z`. */
export function isTimestamp(text: string): boolean {
  return timestamp.test(text);
}
