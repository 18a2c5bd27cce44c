import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign } from "node:crypto";

/** A key as the specification makes it, without the code under test. */
export interface TestKey {
  readonly seed: string;
  readonly publicKey: string;
  readonly kid: string;
  sign(text: string): Buffer;
}

export function testKey(seed: string): TestKey {
  const derived = Buffer.from(hkdfSync("sha256", seed, "", "tallystick signing key v1", 32));
  const key: KeyObject = createPrivateKey({
    key: { kty: "OKP", crv: "Ed25519", d: derived.toString("base64url"), x: "" },
    format: "jwk",
  });
  const publicKey = `${createPublicKey(key).export({ format: "jwk" }).x}`;
  const kid = createHash("sha256").update(Buffer.from(publicKey, "base64url")).digest("hex").slice(0, 8);
  return { seed, publicKey, kid, sign: (text) => sign(null, Buffer.from(text), key) };
}

/** The checker's key in all vectors, the one before it, and one that nobody trusts. */
export const checkerKey = testKey("correct horse battery staple correct horse");
export const formerKey = testKey("the seed before the present one, still trusted");
export const strangerKey = testKey("a stranger's seed of more than thirty-two characters");
