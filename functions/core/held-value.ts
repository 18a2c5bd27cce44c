import { fingerprint, fingerprintsMatch, hasFingerprint } from "../protocol/fingerprint.ts";
import type { Secret } from "../protocol/secret.ts";
import type { HeldValue } from "./verdict.ts";

/** A value that a process holds, known by its fingerprint alone. */
export function heldByFingerprint(
  told: string | null,
  place: { readonly environment: string; readonly name: string; readonly nonce: string },
): HeldValue {
  return {
    absent: told === null,
    equals: (candidate) =>
      told !== null && hasFingerprint(candidate) && fingerprintsMatch(fingerprint(candidate, place), told),
  };
}

/** A value that a configuration holds, read into this process. */
export function heldInMemory(value: Secret): HeldValue {
  return { absent: false, equals: (candidate) => value.equals(candidate) };
}
