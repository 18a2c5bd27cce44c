import { randomFillSync } from "node:crypto";
import { nonceBytes } from "../protocol/names.ts";

/** Asked one by one, random bytes cost as much as a fingerprint; so they are made for many nonces at once. */
const noncesAtOnce = 256;
const pool = Buffer.alloc(nonceBytes * noncesAtOnce);
let used = pool.length;

/** The next bytes for one nonce, from the cryptographic generator; none is given out twice. */
export function nextRandomBytes(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += nonceBytes;
  return pool.subarray(used - nonceBytes, used);
}
