import { format, inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ProtocolError } from "../../functions/protocol/errors.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { canary, tracesOf } from "./canary.ts";

const secret = new Secret(canary);

const roads: Readonly<Record<string, () => unknown>> = {
  "String()": () => String(secret),
  "a template": () => `${secret}`,
  concatenation: () => `value: ${"".concat(secret as never)}`,
  "Symbol.toPrimitive": () => secret[Symbol.toPrimitive](),
  toLocaleString: () => secret.toLocaleString(),
  "JSON.stringify": () => JSON.stringify({ nested: [secret], secret }),
  "util.inspect": () => inspect(secret),
  "util.inspect of everything": () =>
    inspect(
      { a: { b: [{ c: new Map([[secret, secret]]) }] } },
      { showHidden: true, depth: null, getters: true },
    ),
  "util.inspect without our method": () =>
    inspect(secret, { customInspect: false, showHidden: true, depth: null }),
  "console.log": () => format("%s %o %O %j %d", secret, secret, secret, secret, secret),
  "an error's message": () => new Error(secret as never).stack,
  "an error's cause": () => inspect(new Error("x", { cause: { secret } }), { showHidden: true, depth: null }),
  structuredClone: () => inspect(structuredClone({ secret }), { showHidden: true, depth: null }),
  "own keys": () => inspect([Object.keys(secret), Reflect.ownKeys(secret), Object.entries(secret)]),
  "own properties": () => inspect(Object.getOwnPropertyDescriptors(secret)),
  spread: () => inspect({ ...secret }),
  "Object.assign": () => inspect(Object.assign({}, secret)),
  "for in": () => {
    const keys: string[] = [];
    for (const key in secret) keys.push(key);
    return keys.join();
  },
};

describe("a secret", () => {
  it.each(Object.entries(roads))("does not show on the road of %s", (_, road) => {
    expect(tracesOf(canary, String(road()))).toEqual([]);
  });

  it("prints as [secret]", () => {
    expect([`${secret}`, JSON.stringify(secret), inspect(secret), String(secret)]).toEqual([
      "[secret]",
      '"[secret]"',
      "[secret]",
      "[secret]",
    ]);
  });

  it("reveals its text when asked for it", () => {
    expect(secret.reveal()).toBe(canary);
  });

  it("derives other secrets from its text", () => {
    const derived = new Secret("a b").derive((text) => text.split(" "));
    expect(derived.map((each) => each.reveal())).toEqual(["a", "b"]);
  });

  it("answers questions about its text", () => {
    expect([secret.satisfies((text) => text === canary), secret.satisfies((text) => text === "")]).toEqual([
      true,
      false,
    ]);
  });

  it.each([
    ["a transform", () => secret.derive((text) => JSON.parse(text))],
    ["a predicate", () => secret.satisfies((text) => JSON.parse(text))],
    [
      "a predicate that throws the text itself",
      () =>
        secret.satisfies((text) => {
          throw text;
        }),
    ],
  ])("does not leak through what %s throws", (_, examine) => {
    let thrown: unknown;
    try {
      examine();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ProtocolError);
    expect(thrown).toMatchObject({ code: "secret-examination-failed" });
    expect(tracesOf(canary, inspect(thrown, { showHidden: true, depth: null }))).toEqual([]);
  });
});

describe("comparing secrets", () => {
  const anyText = fc.string({ unit: "binary" });

  it("holds exactly for equal texts", () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(new Secret(a).equals(new Secret(b))).toBe(a === b);
        expect(new Secret(a).equals(new Secret(a))).toBe(true);
      }),
    );
  });

  it.each([
    ["in length", "abc", "abcd"],
    ["in a trailing zero byte", "abc", "abc\0"],
    ["in a lone surrogate", "\uD800", "\uD801"],
    ["in normal form", "\u00E4", "a\u0308"],
  ])("tells texts apart that differ %s", (_, a, b) => {
    expect(new Secret(a).equals(new Secret(b))).toBe(false);
  });
});
