import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { readVectors } from "./read-vectors.ts";
import type { VectorFile } from "./vector-file.ts";
import { vectorTexts } from "./vector-files.ts";

describe.each(vectorTexts)("%s", (name, text) => {
  const file = JSON.parse(text) as VectorFile;
  const tests = file.testGroups.flatMap((group) => group.tests);

  it("is what `npm run vectors` writes", () => {
    expect(readFileSync(new URL(name, import.meta.url), "utf8")).toBe(text);
  });

  it("counts and numbers its tests", () => {
    expect(tests.map(({ tcId }) => tcId)).toEqual(
      Array.from({ length: file.numberOfTests }, (_, index) => index + 1),
    );
  });

  it("explains exactly the flags that it uses", () => {
    expect(Object.keys(file.notes).sort()).toEqual([...new Set(tests.flatMap(({ flags }) => flags))].sort());
  });

  it("names a code for every test that is invalid, and only for those", () => {
    expect(tests.filter(({ result, code }) => (result === "invalid") !== (code !== undefined))).toEqual([]);
  });

  it("tests nothing twice", () => {
    const comments = tests.map(({ comment }) => comment).filter((comment) => comment !== "echo");
    expect(comments.filter((comment, index) => comments.indexOf(comment) !== index)).toEqual([]);
  });
});

interface HmacInputs {
  readonly key: string;
  readonly message: string;
  readonly tag: string;
}

describe("the primitive behind fingerprints", () => {
  const vectors = readVectors<HmacInputs>("hmac_test.json", "Hmac");

  it.each(vectors)("agrees with $comment on the checker's side", ({ key, message, tag }) => {
    const computed = createHmac("sha256", Buffer.from(key, "hex")).update(Buffer.from(message, "hex"));
    expect(computed.digest("hex").slice(0, tag.length)).toBe(tag);
  });

  it.each(vectors)("agrees with $comment on the responder's side", async ({ key, message, tag }) => {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const imported = await crypto.subtle.importKey("raw", Buffer.from(key, "hex"), algorithm, false, [
      "sign",
    ]);
    const computed = await crypto.subtle.sign("HMAC", imported, Buffer.from(message, "hex"));
    expect(Buffer.from(computed).toString("hex").slice(0, tag.length)).toBe(tag);
  });
});
