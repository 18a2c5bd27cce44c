import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { echoFingerprint, fingerprint, fingerprintsMatch } from "../../functions/protocol/fingerprint.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { webFingerprint } from "../../functions/protocol/web-fingerprint.ts";
import { designVectors, readVectors } from "../vectors/read-vectors.ts";
import { canary, tracesOf } from "./canary.ts";

interface Inputs {
  readonly value: string;
  readonly environment: string;
  readonly name: string;
  readonly nonce: string;
  readonly fingerprint: string;
}

const all = ["Value", "Environment", "Name", "Nonce", "Echo"].flatMap((type) =>
  readVectors<Inputs>("fingerprint_test.json", type),
);
const valid = all.filter(({ result }) => result === "valid");
const invalid = all.filter(({ result }) => result === "invalid");
const place = { environment: "vps", name: "INTERNAL_AUTH_SECRET", nonce: "AAECAwQFBgcICQoLDA0ODw" };

describe("a fingerprint", () => {
  it.each(valid)("is that of vector $tcId, $comment", ({ value, fingerprint: expected, ...at }) => {
    expect(fingerprint(new Secret(value), at)).toBe(expected);
  });

  it.each(invalid)("does not exist for vector $tcId, $comment", ({ value, code, ...at }) => {
    expect(() => fingerprint(new Secret(value), at)).toThrow(expect.objectContaining({ code }));
  });

  it.each(designVectors.fingerprints)(
    "is that of the design: $comment",
    ({ value, fingerprint: expected, ...at }) => {
      expect(fingerprint(new Secret(value), at)).toBe(expected);
    },
  );

  it("does not show the value in the error about it", () => {
    let thrown: unknown;
    try {
      fingerprint(new Secret(`${canary}\uD800`), place);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: "value-malformed" });
    expect(tracesOf(canary, inspect(thrown, { showHidden: true }))).toEqual([]);
  });
});

describe("the responder's fingerprint", () => {
  it.each(valid)("is that of vector $tcId, $comment", async ({ value, fingerprint: expected, ...at }) => {
    expect(await webFingerprint(value, at)).toBe(expected);
  });

  it("agrees with the checker's for every text", async () => {
    const anyText = fc.string({ unit: "binary", maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(anyText, async (value) => {
        expect(await webFingerprint(value, place)).toBe(fingerprint(new Secret(value), place));
      }),
    );
  });

  it.each(["\uD800", "a\uDC00"])("does not exist for text that is not well-formed", async (value) => {
    await expect(webFingerprint(value, place)).rejects.toThrow(RangeError);
  });
});

describe("comparing fingerprints", () => {
  const hex = "0123456789abcdef".repeat(4);

  it.each([
    ["equal ones match", hex, hex, true],
    ["another last digit does not match", hex, hex.replace(/f$/, "e"), false],
    ["another length does not match", hex, hex.slice(1), false],
    ["upper case does not match", hex, hex.toUpperCase(), false],
    ["other letters of the same length do not match", "ab", "é", false],
  ])("%s", (_, a, b, expected) => {
    expect(fingerprintsMatch(a, b)).toBe(expected);
  });
});

describe("the echo", () => {
  it("is that of the design", () => {
    expect(echoFingerprint(designVectors.echo)).toBe(designVectors.echo.fingerprint);
  });
});
