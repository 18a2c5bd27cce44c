import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decodeBase64url } from "../../functions/protocol/base64url.ts";

describe("decoding base64url", () => {
  it("inverts encoding", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(decodeBase64url(Buffer.from(bytes).toString("base64url"))).toEqual(bytes);
      }),
    );
  });

  it("takes one spelling of the same bytes and no other", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."AQgwEIx-_+/=\n é") }), (text) => {
        const decoded = decodeBase64url(text);
        if (decoded) expect(Buffer.from(decoded).toString("base64url")).toBe(text);
        else expect(Buffer.from(text, "base64url").toString("base64url")).not.toBe(text);
      }),
    );
  });
});
