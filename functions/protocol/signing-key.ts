// SPDX-License-Identifier: MIT
import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign } from "node:crypto";

import { ProtocolError } from "./errors.ts";
import type { Secret } from "./secret.ts";

/** The checker's key. The private half stays in a closure: nothing that prints an object can reach it. */
export interface SigningKey {
  /** The raw 32 bytes in base64url without padding (RFC 8037): what a responder is told to trust. */
  readonly publicKey: string;
  /** The first 8 hex digits of SHA-256 over the raw public key: a hint for people who compare keys. */
  readonly kid: string;
  /** An Ed25519 signature (RFC 8032) of 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

const derivationInfo = "tallystick signing key v1";
const fitSeed = /^[\x21-\x7e][\x20-\x7e]{30,}[\x21-\x7e]$/;
/** PKCS #8 (RFC 8410) in front of an Ed25519 private key's 32 bytes: Node imports no raw private key. */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * HKDF-SHA-256 (RFC 5869) makes a key of any random text that a secret store generates.
 * @throws ProtocolError `seed-unfit`: a seed that grew a newline would silently become another key.
 */
export function signingKeyFromSeed(seed: Secret): SigningKey {
  if (!fitSeed.test(seed.reveal())) {
    throw new ProtocolError(
      "seed-unfit",
      "a signing seed needs at least 32 printable ASCII characters, the first and the last of them no blanks",
    );
  }
  const rawPrivateKey = Buffer.from(hkdfSync("sha256", seed.reveal(), "", derivationInfo, 32));
  const key = createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, rawPrivateKey]),
    format: "der",
    type: "pkcs8",
  });
  const rawPublicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
  return {
    publicKey: rawPublicKey.toString("base64url"),
    kid: createHash("sha256").update(rawPublicKey).digest("hex").slice(0, 8),
    sign: (bytes) => sign(null, bytes, key),
  };
}
