import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { issueChallenge, newNonce } from "../../functions/protocol/challenge.ts";
import { checkChallenge, trustKeys } from "../../functions/protocol/challenge-check.ts";
import { challengeBytesMax } from "../../functions/protocol/names.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { signingKeyFromSeed } from "../../functions/protocol/signing-key.ts";
import { designVectors } from "../vectors/read-vectors.ts";

const key = signingKeyFromSeed(new Secret(designVectors.signing.seed));
const keys = trustKeys([key.publicKey]);
const claims = { environment: "vps", nonce: designVectors.nonce, issuedAtSeconds: 1_795_341_600 };

describe("issuing a challenge", () => {
  it("gives the design's bytes", () => {
    expect(issueChallenge(key, claims)).toBe(designVectors.challenges[0]?.jwt);
  });

  it("gives what a responder accepts, for every environment and nonce", async () => {
    const environments = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/);
    const nonces = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(newNonce);
    const lives = fc.integer({ min: 1, max: 60 });
    const times = fc.integer({ min: 0, max: 4_102_444_800 });
    await fc.assert(
      fc.asyncProperty(environments, nonces, lives, times, async (environment, nonce, lifeSeconds, now) => {
        const header = issueChallenge(key, { environment, nonce, lifeSeconds, issuedAtSeconds: now });
        const verdict = await checkChallenge(header, { environment, keys, nowSeconds: now });
        expect(verdict).toEqual({ kind: "accepted", nonce });
        expect(header.length).toBeLessThanOrEqual(challengeBytesMax);
      }),
    );
  });

  it.each([
    ["an environment's name that is none", { environment: "VPS" }],
    ["a nonce that is none", { nonce: "short" }],
    ["a fraction of a second", { issuedAtSeconds: 1.5 }],
    ["no time", { issuedAtSeconds: Number.NaN }],
    ["a life of 0 seconds", { lifeSeconds: 0 }],
    ["a life of 61 seconds", { lifeSeconds: 61 }],
    ["a life of half a second", { lifeSeconds: 0.5 }],
  ])("refuses %s", (_, change) => {
    expect(() => issueChallenge(key, { ...claims, ...change })).toThrow(
      expect.objectContaining({ code: "challenge-unfit" }),
    );
  });

  it.each([1, 60])("takes a life of %i seconds", (lifeSeconds) => {
    const payload = issueChallenge(key, { ...claims, lifeSeconds }).split(".")[1];
    const { iat, exp } = JSON.parse(Buffer.from(`${payload}`, "base64url").toString());
    expect(exp - iat).toBe(lifeSeconds);
  });
});

describe("a nonce", () => {
  it("is its 16 bytes in base64url", () => {
    expect(newNonce(Uint8Array.from({ length: 16 }, (_, index) => index))).toBe(designVectors.nonce);
  });

  it.each([0, 15, 17])("is not made of %i bytes", (length) => {
    expect(() => newNonce(new Uint8Array(length))).toThrow(
      expect.objectContaining({ code: "challenge-unfit" }),
    );
  });
});
