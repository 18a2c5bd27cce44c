// SPDX-License-Identifier: MIT
import { type FingerprintPlace, fingerprintMessage } from "./fingerprint-message.ts";

const algorithm = { name: "HMAC", hash: "SHA-256" };

/**
 * The responder's side of `fingerprint`, by WebCrypto: HMAC-SHA-256 (RFC 2104) as 64 lower-case hex digits.
 * @throws RangeError for text that is not well-formed; the caller leaves such a value out.
 */
export async function webFingerprint(value: string, place: FingerprintPlace): Promise<string> {
  if (!value.isWellFormed()) throw new RangeError("not well-formed text");
  const encoder = new TextEncoder();
  // WebCrypto refuses an empty key. HMAC pads keys with zero bytes, so one zero byte is the same key.
  const key = await crypto.subtle.importKey("raw", encoder.encode(value || "\0"), algorithm, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, encoder.encode(fingerprintMessage(place)));
  return Array.from(new Uint8Array(mac), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
