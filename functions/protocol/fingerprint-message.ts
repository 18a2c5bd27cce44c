// SPDX-License-Identifier: MIT
import { protocolName } from "./names.ts";

/** Where and for which question a fingerprint holds. */
export interface FingerprintPlace {
  readonly environment: string;
  readonly name: string;
  readonly nonce: string;
}

/** The message of the HMAC: four lines without a final LF. No field can hold an LF, so no two places share one. */
export function fingerprintMessage({ environment, name, nonce }: FingerprintPlace): string {
  return `${protocolName}\n${environment}\n${name}\n${nonce}`;
}
