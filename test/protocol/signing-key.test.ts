import { createPublicKey, verify } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";

import { trustKeys } from "../../functions/protocol/challenge-check.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { signingKeyFromSeed } from "../../functions/protocol/signing-key.ts";
import { designVectors, readVectors } from "../vectors/read-vectors.ts";
import { canary, tracesOf } from "./canary.ts";

interface SeedInputs {
  readonly seed: string;
  readonly publicKey: string;
  readonly kid: string;
}

const seeds = readVectors<SeedInputs>("signing-key_test.json", "SigningSeed");
const publicKeys = readVectors<{ readonly publicKey: string }>("signing-key_test.json", "PublicKey");

describe("a signing key", () => {
  it.each(seeds.filter(({ result }) => result === "valid"))(
    "comes of vector $tcId, $comment",
    ({ seed, publicKey, kid }) => {
      expect(signingKeyFromSeed(new Secret(seed))).toMatchObject({ publicKey, kid });
    },
  );

  it.each(seeds.filter(({ result }) => result === "invalid"))(
    "is refused for vector $tcId, $comment",
    ({ seed, code }) => {
      expect(() => signingKeyFromSeed(new Secret(seed))).toThrow(expect.objectContaining({ code }));
    },
  );

  it("is that of the design", () => {
    const { seed, publicKey, kid } = designVectors.signing;
    expect(signingKeyFromSeed(new Secret(seed))).toMatchObject({ publicKey, kid });
  });

  it("makes signatures that its public key verifies", () => {
    const key = signingKeyFromSeed(new Secret(designVectors.signing.seed));
    const publicKey = createPublicKey({
      key: { kty: "OKP", crv: "Ed25519", x: key.publicKey },
      format: "jwk",
    });
    const bytes = Buffer.from("signed");
    expect(verify(null, bytes, publicKey, key.sign(bytes))).toBe(true);
  });

  it("does not print its seed or its private half", () => {
    const seed = canary.padEnd(40, "x");
    const printed = inspect(signingKeyFromSeed(new Secret(seed)), { showHidden: true, depth: null });
    expect(tracesOf(seed, printed)).toEqual([]);
    expect(printed).not.toMatch(/private/i);
  });

  it("does not show a seed that it refuses, and says what is required", () => {
    let thrown: unknown;
    try {
      signingKeyFromSeed(new Secret(canary));
    } catch (error) {
      thrown = error;
    }
    const printed = inspect(thrown, { showHidden: true, depth: null });
    expect(printed).toContain("at least 32 printable ASCII characters");
    expect(tracesOf(canary, printed)).toEqual([]);
  });
});

describe("a public key to trust", () => {
  it.each(publicKeys.filter(({ result }) => result === "valid"))(
    "may be vector $tcId, $comment",
    ({ publicKey }) => {
      expect(() => trustKeys([publicKey])).not.toThrow();
    },
  );

  it.each(publicKeys.filter(({ result }) => result === "invalid"))(
    "may not be vector $tcId, $comment",
    ({ publicKey, code }) => {
      expect(() => trustKeys([publicKey])).toThrow(expect.objectContaining({ code }));
    },
  );

  it("is needed at least once", () => {
    expect(() => trustKeys([])).toThrow(/there is none/);
  });

  it("is told by its position where it is wrong, all of them at once, and never repeated", () => {
    const list = [canary, designVectors.signing.publicKey, canary];
    let thrown: unknown;
    try {
      trustKeys(list);
    } catch (error) {
      thrown = error;
    }
    const printed = inspect(thrown, { showHidden: true });
    expect(printed).toContain("number 1 is not, number 3 is not");
    expect(tracesOf(canary, printed)).toEqual([]);
  });
});
