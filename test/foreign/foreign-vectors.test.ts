import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readVectors } from "../vectors/read-vectors.ts";
import { unmet } from "./foreign-process.ts";

const script = fileURLToPath(new URL("vector_judge.py", import.meta.url));

function judged(what: "challenge" | "fingerprint" | "publicKey", vectors: readonly object[]): unknown[] {
  const input = JSON.stringify({ what, vectors });
  const { stdout, stderr } = spawnSync("python3", ["-E", "-s", "-B", script], { input, encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

/** The Python process was written without a look at the vectors: it is judged by them, not made to fit them. */
function byNumber(vectors: readonly { readonly tcId: number }[], outcomes: readonly unknown[]): object {
  return Object.fromEntries(vectors.map(({ tcId }, index) => [tcId, outcomes[index]]));
}

const whyNot = unmet === undefined ? "" : ` (skipped: ${unmet})`;

describe.skipIf(unmet !== undefined)(`the foreign implementation${whyNot}`, () => {
  it("takes and refuses every challenge as the vectors say", () => {
    const vectors = readVectors<{ readonly nonce?: string }>("challenge_test.json", "Challenge");
    const told = judged("challenge", vectors).map((tally) => {
      const { error, challenge } = tally as { readonly error?: string; readonly challenge?: string };
      return error ?? `accepted ${challenge}`;
    });
    const expected = vectors.map(({ code, nonce }) => code ?? `accepted ${nonce}`);
    expect(byNumber(vectors, told)).toEqual(byNumber(vectors, expected));
  });

  it.each(["Value", "Name"])(
    "computes every fingerprint of the group %s, and leaves the invalid out",
    (type) => {
      const vectors = readVectors<{ readonly fingerprint?: string }>("fingerprint_test.json", type);
      const expected = vectors.map(({ fingerprint }) => fingerprint ?? null);
      expect(byNumber(vectors, judged("fingerprint", vectors))).toEqual(byNumber(vectors, expected));
    },
  );

  it.each(["Environment", "Nonce"])("computes every valid fingerprint of the group %s", (type) => {
    const all = readVectors<{ readonly fingerprint?: string }>("fingerprint_test.json", type);
    // The text refuses ill-formed places before a fingerprint is asked for, so there is nothing to compare.
    const vectors = all.filter(({ result }) => result === "valid");
    const expected = vectors.map(({ fingerprint }) => fingerprint);
    expect(byNumber(vectors, judged("fingerprint", vectors))).toEqual(byNumber(vectors, expected));
  });

  it("trusts and refuses every public key as the vectors say", () => {
    const vectors = readVectors<object>("signing-key_test.json", "PublicKey");
    const expected = vectors.map(({ result }) => result === "valid");
    expect(byNumber(vectors, judged("publicKey", vectors))).toEqual(byNumber(vectors, expected));
  });
});
