import { createHmac } from "node:crypto";

import { type Case, vectorFile } from "./vector-file.ts";

const ordinary = {
  value: "xyz789new",
  environment: "railway-production",
  name: "INTERNAL_AUTH_SECRET",
  nonce: "AAECAwQFBgcICQoLDA0ODw",
};

/** Computed here and not by the code under test; test/vectors/design.json was computed by a third program. */
function hmac({ value, environment, name, nonce }: typeof ordinary): string {
  return createHmac("sha256", Buffer.from(value))
    .update(`tally/v1\n${environment}\n${name}\n${nonce}`)
    .digest("hex");
}

function valid(comment: string, flag: string, change: Partial<typeof ordinary> = {}): Case {
  const inputs = { ...ordinary, ...change };
  return { comment, flags: [flag], ...inputs, fingerprint: hmac(inputs), result: "valid" };
}

function invalid(comment: string, flag: string, code: string, change: Partial<typeof ordinary>): Case {
  return { comment, flags: [flag], ...ordinary, ...change, result: "invalid", code };
}

const values: readonly Case[] = [
  valid("ordinary", "Ordinary"),
  valid("another value", "Ordinary", { value: "abc123old" }),
  valid("another environment", "Ordinary", { environment: "vps" }),
  valid("another name", "Ordinary", { name: "OPENCLAW_GATEWAY_TOKEN" }),
  valid("another nonce", "Ordinary", { nonce: "EBESExQVFhcYGRobHB0eHw" }),
  valid("empty value", "EmptyValue", { value: "" }),
  valid("one zero byte: equal to the empty value", "TrailingNul", { value: "\0" }),
  valid("trailing zero byte: equal to the value without it", "TrailingNul", { value: "xyz789new\0" }),
  valid("leading zero byte", "Exact", { value: "\0xyz789new" }),
  valid("one byte", "BlockEdge", { value: "k" }),
  valid("63 bytes", "BlockEdge", { value: "k".repeat(63) }),
  valid("64 bytes: a whole block", "BlockEdge", { value: "k".repeat(64) }),
  valid("65 bytes: hashed first", "BlockEdge", { value: "k".repeat(65) }),
  valid("64 bytes in 32 characters", "BlockEdge", { value: "é".repeat(32) }),
  valid("66 bytes in 33 characters", "BlockEdge", { value: "é".repeat(33) }),
  valid("4,096 bytes", "BlockEdge", { value: "k".repeat(4096) }),
  valid("trailing LF", "Exact", { value: "xyz789new\n" }),
  valid("trailing CR LF", "Exact", { value: "xyz789new\r\n" }),
  valid("leading blank", "Exact", { value: " xyz789new" }),
  valid("trailing blank", "Exact", { value: "xyz789new " }),
  valid("a blank alone", "Exact", { value: " " }),
  valid("other letter case", "Exact", { value: "XYZ789NEW" }),
  valid("quotes are part of the value", "Exact", { value: '"xyz789new"' }),
  valid("byte-order mark is part of the value", "Exact", { value: "\uFEFFxyz789new" }),
  valid("composed letter (NFC)", "Exact", { value: "pässwörd" }),
  valid("decomposed letter (NFD)", "Exact", { value: "pa\u0308sswo\u0308rd" }),
  valid("beyond the basic plane", "Exact", { value: "pässwörd-鍵-🔑" }),
  valid("noncharacter", "Exact", { value: "xyz\uFFFFnew" }),
  valid("replacement character", "Exact", { value: "xyz\uFFFDnew" }),
  valid("looks like the message", "Exact", { value: "tally/v1\nvps\nA\nAAECAwQFBgcICQoLDA0ODw" }),
  invalid("lone high surrogate", "IllFormed", "value-malformed", { value: "xyz\uD800new" }),
  invalid("lone low surrogate", "IllFormed", "value-malformed", { value: "xyz789\uDC00" }),
  invalid("surrogates in the wrong order", "IllFormed", "value-malformed", { value: "\uDD11\uD83D" }),
];

const environments: readonly Case[] = [
  valid("environment of 1 character", "Boundary", { environment: "a" }),
  valid("environment of 63 characters", "Boundary", { environment: "e".repeat(63) }),
  valid("environment that starts with a digit", "Boundary", { environment: "3-vps" }),
  valid("environment that ends with a hyphen", "Boundary", { environment: "vps-" }),
  ...[
    ["empty", ""],
    ["of 64 characters", "e".repeat(64)],
    ["that starts with a hyphen", "-vps"],
    ["in upper case", "VPS"],
    ["with an underscore", "mac_mini"],
    ["with an LF inside", "vps\nA"],
    ["with an LF at its end", "vps\n"],
    ["with a letter that is not ASCII", "vpß"],
  ].map(([what, environment]) =>
    invalid(`environment ${what}`, "Separator", "place-malformed", { environment: `${environment}` }),
  ),
];

const names: readonly Case[] = [
  valid("name of 1 character", "Boundary", { name: "A" }),
  valid("name of 128 characters", "Boundary", { name: "N".repeat(128) }),
  valid("name with every kind of character", "Boundary", { name: "_aZ9.b-c_" }),
  valid("name that an object inherits", "Prototype", { name: "constructor" }),
  ...[
    ["empty", ""],
    ["of 129 characters", "N".repeat(129)],
    ["that starts with a digit", "1PASSWORD"],
    ["that starts with a dot", ".env"],
    ["with a blank", "AUTH SECRET"],
    ["with an LF inside", "AUTH\nSECRET"],
    ["with an LF at its end", "AUTH_SECRET\n"],
    ["with a slash", "prod/auth"],
  ].map(([what, name]) => invalid(`name ${what}`, "Separator", "place-malformed", { name: `${name}` })),
  invalid("name __proto__", "Prototype", "place-malformed", { name: "__proto__" }),
];

const nonces: readonly Case[] = [
  valid("nonce with - and _", "Boundary", { nonce: "-_-_-_-_-_-_-_-_-_-_-A" }),
  valid("nonce whose unused bits are not zero", "Boundary", { nonce: "AAECAwQFBgcICQoLDA0ODx" }),
  ...[
    ["of 21 characters", "AAECAwQFBgcICQoLDA0OD"],
    ["of 23 characters", "AAECAwQFBgcICQoLDA0ODwA"],
    ["with padding", "AAECAwQFBgcICQoLDA0ODw=="],
    ["with +", "+AECAwQFBgcICQoLDA0ODw"],
    ["with an LF at its end", "AAECAwQFBgcICQoLDA0ODw\n"],
  ].map(([what, nonce]) => invalid(`nonce ${what}`, "Separator", "place-malformed", { nonce: `${nonce}` })),
];

const echoes: readonly Case[] = [
  ["vps", ordinary.nonce],
  ["railway-production", ordinary.nonce],
  ["vps", "EBESExQVFhcYGRobHB0eHw"],
].map(([environment, nonce]) =>
  valid("echo", "Echo", {
    value: "tally/v1",
    name: "_echo",
    environment: `${environment}`,
    nonce: `${nonce}`,
  }),
);

const notes = {
  Ordinary: { bugType: "BASIC", description: "What every responder meets every day." },
  EmptyValue: {
    bugType: "EDGE_CASE",
    description:
      "An empty value has a fingerprint. Some libraries refuse an empty key; one zero byte is the same key.",
  },
  TrailingNul: {
    bugType: "KNOWN_LIMITATION",
    description:
      "HMAC pads keys with zero bytes, so values that differ only in trailing zero bytes are equal to it.",
  },
  BlockEdge: { bugType: "EDGE_CASE", description: "HMAC treats keys over 64 bytes differently." },
  Exact: {
    bugType: "MISSING_STEP",
    description:
      "The value's exact UTF-8 bytes are the key. Whoever trims or normalises calls a mangled value sound.",
  },
  IllFormed: {
    bugType: "AUTH_BYPASS",
    description:
      "Text that is not well-formed has no UTF-8 bytes. With replacement characters, different values look equal.",
  },
  Boundary: { bugType: "EDGE_CASE", description: "The last that is allowed." },
  Separator: {
    bugType: "AUTH_BYPASS",
    description:
      "A field that breaks its pattern could hold a separator and speak for another environment or name.",
  },
  Prototype: { bugType: "EDGE_CASE", description: "Names with a meaning of their own in some languages." },
  Echo: { bugType: "BASIC", description: "The value tally/v1 under the name _echo." },
};

export const fingerprintVectors = vectorFile("HMAC-SHA-256", "tally-v1-fingerprint", notes, [
  { type: "Value", cases: values },
  { type: "Environment", cases: environments },
  { type: "Name", cases: names },
  { type: "Nonce", cases: nonces },
  { type: "Echo", cases: echoes },
]);
