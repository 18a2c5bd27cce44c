import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";

import { checkChallenge, trustKeys } from "../../functions/protocol/challenge-check.ts";
import { designVectors, readVectors } from "../vectors/read-vectors.ts";

interface Inputs {
  readonly environment: string;
  readonly publicKeys: readonly string[];
  readonly header: string;
  readonly nowSeconds: number;
  readonly nonce: string;
}

const vectors = readVectors<Inputs>("challenge_test.json", "Challenge");
const designKeys = trustKeys([designVectors.signing.publicKey]);
const ordinary = `${designVectors.challenges[0]?.jwt}`;
const trust = { environment: "vps", keys: designKeys, nowSeconds: 1_795_341_605 };

afterEach(() => {
  vi.restoreAllMocks();
});

describe("checking a challenge", () => {
  const beforeSignature = ["challenge-malformed", "challenge-untrusted"];

  it.each(vectors)(
    "judges vector $tcId, $comment",
    async ({ header, publicKeys, environment, nowSeconds, nonce, code }) => {
      const verdict = await checkChallenge(header, { environment, keys: trustKeys(publicKeys), nowSeconds });
      const refusal = { kind: "refused", code, afterSignature: !beforeSignature.includes(`${code}`) };
      expect(verdict).toEqual(code ? refusal : { kind: "accepted", nonce });
    },
  );

  it.each(designVectors.challenges)(
    "judges as the design: $comment",
    async ({ jwt, environment, now, result }) => {
      const verdict = await checkChallenge(jwt, { environment, keys: designKeys, nowSeconds: now });
      expect(verdict.kind === "accepted" ? "ok" : verdict.code).toBe(result);
    },
  );

  it("refuses every challenge in which one character is another", async () => {
    const anywhere = fc.nat({ max: ordinary.length - 1 });
    await fc.assert(
      fc.asyncProperty(anywhere, fc.string({ minLength: 1, maxLength: 1 }), async (index, character) => {
        fc.pre(ordinary[index] !== character);
        const changed = ordinary.slice(0, index) + character + ordinary.slice(index + 1);
        expect((await checkChallenge(changed, trust)).kind).toBe("refused");
      }),
    );
  });

  it("never throws, whatever the header", async () => {
    const anyHeader = fc.oneof(
      fc.string({ unit: "binary", maxLength: 3000 }),
      fc.array(fc.base64String(), { maxLength: 5 }).map((parts) => parts.join(".")),
      fc.anything() as fc.Arbitrary<string>,
    );
    await fc.assert(
      fc.asyncProperty(anyHeader, async (header) => {
        expect((await checkChallenge(header, trust)).kind).toBe("refused");
      }),
    );
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])(
    "refuses under a clock that says %s",
    async (nowSeconds) => {
      expect(await checkChallenge(ordinary, { ...trust, nowSeconds })).toMatchObject({ kind: "refused" });
    },
  );
});

describe("trusting keys", () => {
  const other = "WGZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmY";

  it("imports each key once for many challenges", async () => {
    const importKey = vi.spyOn(crypto.subtle, "importKey");
    const keys = trustKeys([other, designVectors.signing.publicKey]);
    expect(importKey).not.toHaveBeenCalled();
    await Promise.all([
      checkChallenge(ordinary, { ...trust, keys }),
      checkChallenge(ordinary, { ...trust, keys }),
    ]);
    expect(importKey).toHaveBeenCalledTimes(2);
  });

  it("goes on with the other keys where the runtime does not take one", async () => {
    vi.spyOn(crypto.subtle, "importKey").mockRejectedValueOnce(new Error("no such curve"));
    const keys = trustKeys([other, designVectors.signing.publicKey]);
    expect(await checkChallenge(ordinary, { ...trust, keys })).toMatchObject({ kind: "accepted" });
  });

  it("calls a challenge untrusted where the runtime cannot verify it", async () => {
    vi.spyOn(crypto.subtle, "verify").mockRejectedValue(new Error("no such algorithm"));
    expect(await checkChallenge(ordinary, trust)).toMatchObject({ code: "challenge-untrusted" });
  });
});
