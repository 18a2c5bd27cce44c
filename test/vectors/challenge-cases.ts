import { checkerKey, formerKey, strangerKey, type TestKey } from "./test-key.ts";
import { type Case, vectorFile } from "./vector-file.ts";

const issuedAt = 1_795_341_600;
const nowSeconds = issuedAt + 5;
const environment = "vps";
const nonce = "AAECAwQFBgcICQoLDA0ODw";

const header = { alg: "EdDSA", typ: "tally-challenge+jwt", kid: checkerKey.kid };
const claims = { iss: "tallystick", aud: environment, iat: issuedAt, exp: issuedAt + 60, jti: nonce };

/** A part is text, so that a case can hold what no JSON library would write. */
function jws(headerText: string, claimsText: string, key: TestKey = checkerKey): string {
  return jwsOf(Buffer.from(headerText), Buffer.from(claimsText), key);
}

function jwsOf(headerBytes: Buffer, claimsBytes: Buffer, key: TestKey = checkerKey): string {
  const signed = `${headerBytes.toString("base64url")}.${claimsBytes.toString("base64url")}`;
  return `${signed}.${key.sign(signed).toString("base64url")}`;
}

const withHeader = (change: object) => jws(JSON.stringify({ ...header, ...change }), JSON.stringify(claims));
const withClaims = (change: object, key?: TestKey) =>
  jws(JSON.stringify(header), JSON.stringify({ ...claims, ...change }), key);
const withClaimsText = (text: string) => jws(JSON.stringify(header), text);
const ordinary = withClaims({});
const [ordinaryHeader = "", ordinaryClaims = "", ordinarySignature = ""] = ordinary.split(".");
const claimsText = JSON.stringify(claims);

/** `nonce` is what an answer repeats as its `challenge`. */
function ok(comment: string, flag: string, challenge: string, at = nowSeconds): Case {
  const { jti } = JSON.parse(Buffer.from(`${challenge.split(".")[1]}`, "base64url").toString());
  return { comment, flags: [flag], header: challenge, nowSeconds: at, nonce: jti, result: "valid" };
}

function refused(comment: string, flag: string, code: string, challenge: string, at = nowSeconds): Case {
  return {
    comment,
    flags: [flag],
    header: challenge,
    nowSeconds: at,
    result: "invalid",
    code: `challenge-${code}`,
  };
}

const malformed = (flag: string) => (comment: string, challenge: string) =>
  refused(comment, flag, "malformed", challenge);

/** The first bit of the byte at `index` turned over. */
function flipped(base64url: string, index: number): string {
  const bytes = Buffer.from(base64url, "base64url");
  bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
  return bytes.toString("base64url");
}

/** S + L for S: the same signature again for a library that does not reduce (RFC 8032, section 5.1.7). */
function malleated(base64url: string): string {
  const bytes = Buffer.from(base64url, "base64url");
  const order = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString("hex")}`) + order;
  const sum = Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse();
  return Buffer.concat([bytes.subarray(0, 32), sum]).toString("base64url");
}

/** A challenge of exactly `length` characters, made long by a member that nobody knows. */
function challengeOfLength(length: number): string {
  for (let padding = 0; ; padding++) {
    for (const kid of ["", "k", "kk"]) {
      const text = jws(
        JSON.stringify({ ...header, kid }),
        JSON.stringify({ ...claims, padding: "p".repeat(padding) }),
      );
      if (text.length === length) return text;
    }
  }
}

const accepted: readonly Case[] = [
  ok("ordinary", "Ordinary", ordinary),
  ok("life of 1 second", "Boundary", withClaims({ exp: issuedAt + 1 })),
  ok("life of 60 seconds", "Boundary", withClaims({ exp: issuedAt + 60 })),
  ok("30 seconds early", "Boundary", ordinary, issuedAt - 30),
  ok("29 seconds after its end", "Boundary", ordinary, issuedAt + 89),
  ok(
    "life of 1 second, 29 seconds after its end",
    "Boundary",
    withClaims({ exp: issuedAt + 1 }),
    issuedAt + 30,
  ),
  ok("2,048 bytes", "Boundary", challengeOfLength(2048)),
  ok("nonce with - and _", "Boundary", withClaims({ jti: "-_-_-_-_-_-_-_-_-_-_-A" })),
  ok("nonce whose unused bits are not zero", "Boundary", withClaims({ jti: "AAECAwQFBgcICQoLDA0ODx" })),
  ok("another trusted key", "KeyHint", withClaims({}, formerKey)),
  ok(
    "another trusted key under its own kid",
    "KeyHint",
    jws(JSON.stringify({ ...header, kid: formerKey.kid }), claimsText, formerKey),
  ),
  ok("kid of another trusted key", "KeyHint", withHeader({ kid: formerKey.kid })),
  ok("kid that nobody knows", "KeyHint", withHeader({ kid: "ffffffff" })),
  ok("kid left out", "KeyHint", withHeader({ kid: undefined })),
  ok("kid is a number", "KeyHint", withHeader({ kid: 1 })),
  ok(
    "members in another order",
    "Json",
    jws(
      '{"kid":"1e7ab4e0","typ":"tally-challenge+jwt","alg":"EdDSA"}',
      `{"jti":"${nonce}","exp":1795341660,"iat":1795341600,"aud":"vps","iss":"tallystick"}`,
    ),
  ),
  ok(
    "blanks between the members",
    "Json",
    jws('\n{ "alg" : "EdDSA",\t"typ" : "tally-challenge+jwt" }\r\n', ` ${claimsText} `),
  ),
  ok("escaped letters", "Json", withClaimsText(claimsText.replace("tallystick", "\\u0074allystick"))),
  ok("members that nobody knows", "Json", withClaims({ sub: "x", nbf: 9_999_999_999, set: { A: null } })),
  ok("header members that nobody knows", "Json", withHeader({ jku: "https://example.com/keys", b64: false })),
  ok(
    "a member called __proto__",
    "Json",
    withClaimsText(claimsText.replace("{", '{"__proto__":{"aud":"mac-mini"},')),
  ),
  ok(
    "whole number with a fraction of zero",
    "Json",
    withClaimsText(claimsText.replace("1795341600", "1795341600.0")),
  ),
  ok(
    "whole number with an exponent",
    "Json",
    withClaimsText(claimsText.replace("1795341600", "1.7953416e9")),
  ),
  ok(
    "a member twice: the last one counts",
    "Json",
    withClaimsText(claimsText.replace("{", '{"aud":"mac-mini",')),
  ),
];

const structure: readonly Case[] = [
  ["empty", ""],
  ["a blank", " "],
  ["one part", ordinaryHeader],
  ["two parts", `${ordinaryHeader}.${ordinaryClaims}`],
  ["four parts", `${ordinary}.${ordinarySignature}`],
  ["a dot at its end", `${ordinary}.`],
  ["a dot in front", `.${ordinary}`],
  ["dots alone", ".."],
  ["header left out", `.${ordinaryClaims}.${ordinarySignature}`],
  ["claims left out", `${ordinaryHeader}..${ordinarySignature}`],
  ["signature left out", `${ordinaryHeader}.${ordinaryClaims}.`],
  ["leading blank", ` ${ordinary}`],
  ["trailing LF", `${ordinary}\n`],
  ["scheme in front", `Bearer ${ordinary}`],
  ["quotes", `"${ordinary}"`],
  ["two challenges in one header", `${ordinary}, ${ordinary}`],
  ["2,049 bytes", challengeOfLength(2049)],
  ["2,048 dots", ".".repeat(2048)],
  [
    "JSON serialisation",
    JSON.stringify({ protected: ordinaryHeader, payload: ordinaryClaims, signature: ordinarySignature }),
  ],
].map(([comment, challenge]) => malformed("Structure")(`${comment}`, `${challenge}`));

const encodings: readonly Case[] = [
  ["padded signature", `${ordinary}==`],
  ["padded header", `${ordinaryHeader}=.${ordinaryClaims}.${ordinarySignature}`],
  [
    "unused bits of the header",
    ((text) => `${text.slice(0, -1)}1.${ordinaryClaims}.${ordinarySignature}`)(ordinaryHeader),
  ],
  ["unused bits of the signature", ordinary.replace(/A$/, "B")],
  [
    "base64 alphabet",
    jws(JSON.stringify(header), `{"iss":"tallystick","x":"???>>>"}`)
      .replaceAll("_", "/")
      .replaceAll("-", "+"),
  ],
  [
    "signature of 63 bytes",
    `${ordinaryHeader}.${ordinaryClaims}.${Buffer.alloc(63, 1).toString("base64url")}`,
  ],
  [
    "signature of 65 bytes",
    `${ordinaryHeader}.${ordinaryClaims}.${Buffer.alloc(65, 1).toString("base64url")}`,
  ],
  ["one character too many", `${ordinaryHeader}A.${ordinaryClaims}.${ordinarySignature}`],
  ["zero byte after the claims", `${ordinaryHeader}.${ordinaryClaims}A.${ordinarySignature}`],
  ["header that is not UTF-8", jwsOf(Buffer.from([0x7b, 0xff, 0x7d]), Buffer.from(claimsText))],
  [
    "claims that are not UTF-8",
    jwsOf(
      Buffer.from(JSON.stringify(header)),
      Buffer.from(claimsText.replace("{", '{"x":"\xff",'), "latin1"),
    ),
  ],
  [
    "surrogate in UTF-8",
    jwsOf(
      Buffer.from(JSON.stringify(header)),
      Buffer.from(claimsText.replace("{", '{"x":"\xed\xa0\x80",'), "latin1"),
    ),
  ],
  [
    "overlong UTF-8",
    jwsOf(
      Buffer.from(JSON.stringify(header)),
      Buffer.from(claimsText.replace("vps", "vp\xc1\xb3"), "latin1"),
    ),
  ],
  ["byte-order mark before the header", jws(`\uFEFF${JSON.stringify(header)}`, claimsText)],
  ["byte-order mark before the claims", withClaimsText(`\uFEFF${claimsText}`)],
  ["UTF-16", jwsOf(Buffer.from(JSON.stringify(header)), Buffer.from(claimsText, "utf16le"))],
].map(([comment, challenge]) => malformed("Encoding")(`${comment}`, `${challenge}`));

const hostileJson: readonly Case[] = [
  ...["", "null", "true", "1", '"tallystick"', "[]", `[${claimsText}]`].map((text) =>
    malformed("Json")(`claims are ${text || "empty"}`.slice(0, 40), withClaimsText(text)),
  ),
  ...["null", "[]", '"EdDSA"', `[${JSON.stringify(header)}]`].map((text) =>
    malformed("Json")(`header is ${text}`.slice(0, 40), jws(text, claimsText)),
  ),
  ...[
    ["cut claims", claimsText.slice(0, -1)],
    ["text after the claims", `${claimsText}x`],
    ["two objects", claimsText + claimsText],
    ["comma before the end", claimsText.replace("}", ",}")],
    ["single quotes", claimsText.replaceAll('"', "'")],
    ["comment", claimsText.replace("{", "{/**/")],
    ["NaN", claimsText.replace("1795341600", "NaN")],
    ["NaN in a member that nobody knows", claimsText.replace("{", '{"x":NaN,')],
    ["Infinity", claimsText.replace("1795341660", "Infinity")],
    ["control character in a text", claimsText.replace("{", '{"x":"\t",')],
    ["number with a leading zero", claimsText.replace("1795341600", "01795341600")],
    ["number with a plus", claimsText.replace("1795341600", "+1795341600")],
    ["hexadecimal number", claimsText.replace("1795341600", "0x6B02B1A0")],
    ["brackets that never close", `{"x":${"[".repeat(800)}`],
    ["expected claims under __proto__", `{"__proto__":${claimsText}}`],
    ["a member twice: the last one is wrong", claimsText.replace("}", ',"iss":"somebody"}')],
  ].map(([comment, text]) => malformed("Json")(`${comment}`, withClaimsText(`${text}`))),
];

const headers: readonly Case[] = [
  ["alg left out", withHeader({ alg: undefined })],
  [
    "alg none without a signature",
    `${Buffer.from('{"alg":"none","typ":"tally-challenge+jwt"}').toString("base64url")}.${ordinaryClaims}.`,
  ],
  ["alg none with a signature", withHeader({ alg: "none" })],
  ["alg HS256", withHeader({ alg: "HS256" })],
  ["alg in lower case", withHeader({ alg: "eddsa" })],
  ["alg Ed25519", withHeader({ alg: "Ed25519" })],
  ["alg is a list", withHeader({ alg: ["EdDSA"] })],
  ["alg is null", withHeader({ alg: null })],
  ["typ left out", withHeader({ typ: undefined })],
  ["typ of another token", withHeader({ typ: "JWT" })],
  ["typ of a delivery", withHeader({ typ: "tally-delivery+jwt" })],
  ["typ in upper case", withHeader({ typ: "TALLY-CHALLENGE+JWT" })],
  ["typ with its tree", withHeader({ typ: "application/tally-challenge+jwt" })],
  ["crit", withHeader({ crit: ["b64"], b64: true })],
  ["crit is an empty list", withHeader({ crit: [] })],
  ["crit is null", withHeader({ crit: null })],
].map(([comment, challenge]) => malformed("Header")(`${comment}`, `${challenge}`));

const claimTypes: readonly Case[] = (
  [
    ["iss left out", { iss: undefined }],
    ["iss is somebody else", { iss: "somebody" }],
    ["iss in upper case", { iss: "Tallystick" }],
    ["iss is a list", { iss: ["tallystick"] }],
    ["aud left out", { aud: undefined }],
    ["aud is a list", { aud: [environment] }],
    ["aud is null", { aud: null }],
    ["aud is a number", { aud: 1 }],
    ["iat left out", { iat: undefined }],
    ["iat is text", { iat: `${issuedAt}` }],
    ["iat is true", { iat: true, exp: 2 }],
    ["iat is null", { iat: null }],
    ["iat is a fraction", { iat: issuedAt + 0.5 }],
    ["iat beyond whole numbers that are exact", { iat: 2 ** 53, exp: 2 ** 53 + 2 }],
    ["exp left out", { exp: undefined }],
    ["exp is text", { exp: `${issuedAt + 60}` }],
    ["exp is a fraction", { exp: issuedAt + 59.5 }],
    ["exp is a list", { exp: [issuedAt + 60] }],
    ["jti left out", { jti: undefined }],
    ["jti is a number", { jti: 1 }],
    ["jti is a list", { jti: [nonce] }],
  ] as const
).map(([comment, change]) => malformed("ClaimType")(comment, withClaims(change)));

const lifeAndNonce: readonly Case[] = (
  [
    ["life of 0 seconds", { exp: issuedAt }],
    ["life of 61 seconds", { exp: issuedAt + 61 }],
    ["life of -1 second", { exp: issuedAt - 1 }],
    ["life of an hour", { exp: issuedAt + 3600 }],
    ["empty nonce", { jti: "" }],
    ["nonce of 21 characters", { jti: nonce.slice(1) }],
    ["nonce of 23 characters", { jti: `${nonce}A` }],
    ["nonce with padding", { jti: `${nonce}==` }],
    ["nonce with +", { jti: nonce.replace("A", "+") }],
    ["nonce with a letter that is not ASCII", { jti: nonce.replace("A", "Ä") }],
    ["nonce with LF at its end", { jti: `${nonce}\n` }],
    ["nonce of 21 characters and LF", { jti: `${nonce.slice(1)}\n` }],
  ] as const
).map(([comment, change]) => malformed("Boundary")(comment, withClaims(change)));

const signatures: readonly Case[] = (
  [
    ["stranger's key", withClaims({}, strangerKey)],
    [
      "stranger's key under its own kid",
      jws(JSON.stringify({ ...header, kid: strangerKey.kid }), claimsText, strangerKey),
    ],
    [
      "first byte of the signature changed",
      `${ordinaryHeader}.${ordinaryClaims}.${flipped(ordinarySignature, 0)}`,
    ],
    [
      "last byte of the signature changed",
      `${ordinaryHeader}.${ordinaryClaims}.${flipped(ordinarySignature, 63)}`,
    ],
    [
      "signature of zero bytes",
      `${ordinaryHeader}.${ordinaryClaims}.${Buffer.alloc(64).toString("base64url")}`,
    ],
    [
      "signature of the identity",
      `${ordinaryHeader}.${ordinaryClaims}.${Buffer.from([1, ...Buffer.alloc(63)]).toString("base64url")}`,
    ],
    ["S + L instead of S", `${ordinaryHeader}.${ordinaryClaims}.${malleated(ordinarySignature)}`],
    [
      "signature over other claims",
      `${ordinaryHeader}.${Buffer.from(JSON.stringify({ ...claims, jti: "EBESExQVFhcYGRobHB0eHw" })).toString("base64url")}.${ordinarySignature}`,
    ],
    [
      "signature over another header",
      `${Buffer.from('{"alg":"EdDSA","typ":"tally-challenge+jwt"}').toString("base64url")}.${ordinaryClaims}.${ordinarySignature}`,
    ],
    [
      "signature over the claims alone",
      `${ordinaryHeader}.${ordinaryClaims}.${checkerKey.sign(ordinaryClaims).toString("base64url")}`,
    ],
    [
      "signature over the decoded parts",
      `${ordinaryHeader}.${ordinaryClaims}.${checkerKey.sign(`${JSON.stringify(header)}.${claimsText}`).toString("base64url")}`,
    ],
  ] as const
).map(([comment, challenge]) => refused(comment, "Signature", "untrusted", challenge));

const audiences: readonly Case[] = ["mac-mini", "", "vp", "vps2", "VPS", "vps ", "vps\n", "*"].map((aud) =>
  refused(`audience ${JSON.stringify(aud)}`, "Audience", "audience", withClaims({ aud })),
);

const clocks: readonly Case[] = [
  refused("31 seconds early", "Clock", "early", ordinary, issuedAt - 31),
  refused("an hour early", "Clock", "early", ordinary, issuedAt - 3600),
  refused("clock that stands at 1970", "Clock", "early", ordinary, 0),
  refused("30 seconds after its end", "Clock", "expired", ordinary, issuedAt + 90),
  refused("a year after its end", "Clock", "expired", ordinary, issuedAt + 31_536_000),
  refused(
    "life of 1 second, 30 seconds after its end",
    "Clock",
    "expired",
    withClaims({ exp: issuedAt + 1 }),
    issuedAt + 31,
  ),
  refused("iat before 1970", "Clock", "expired", withClaims({ iat: -60, exp: 0 })),
];

const late = issuedAt + 3600;
const soon = issuedAt - 3600;

/** Two faults at once: the one that comes first in the order of checks is reported. */
const twoFaults: readonly Case[] = [
  refused("malformed and untrusted", "Order", "malformed", withClaims({ jti: "AAEC" }, strangerKey)),
  refused(
    "malformed and for another environment",
    "Order",
    "malformed",
    withClaims({ aud: "mac-mini", exp: issuedAt + 61 }),
  ),
  refused("malformed and early", "Order", "malformed", withHeader({ typ: "JWT" }), soon),
  refused("malformed and expired", "Order", "malformed", withHeader({ crit: [] }), late),
  refused(
    "untrusted and for another environment",
    "Order",
    "untrusted",
    withClaims({ aud: "mac-mini" }, strangerKey),
  ),
  refused("untrusted and early", "Order", "untrusted", withClaims({}, strangerKey), soon),
  refused("untrusted and expired", "Order", "untrusted", withClaims({}, strangerKey), late),
  refused("for another environment and early", "Order", "audience", withClaims({ aud: "mac-mini" }), soon),
  refused("for another environment and expired", "Order", "audience", withClaims({ aud: "mac-mini" }), late),
];

const notes = {
  Ordinary: { bugType: "BASIC", description: "What every responder meets every day." },
  Boundary: { bugType: "EDGE_CASE", description: "The last that is allowed, or the first that is not." },
  KeyHint: {
    bugType: "MISSING_STEP",
    description: "kid is a hint: every trusted key is tried, whatever it says.",
  },
  Json: {
    bugType: "EDGE_CASE",
    description:
      "JSON (RFC 8259) and nothing beside it; the last of two equal members counts; unknown members are ignored.",
  },
  Structure: {
    bugType: "EDGE_CASE",
    description: "Three parts with a dot between them, at most 2,048 bytes.",
  },
  Encoding: {
    bugType: "SIGNATURE_MALLEABILITY",
    description: "Base64url without padding, canonical, and UTF-8 within.",
  },
  Header: {
    bugType: "AUTH_BYPASS",
    description: "One algorithm, one type, no extension: a token made for something else is no challenge.",
  },
  ClaimType: { bugType: "EDGE_CASE", description: "Claims of another type are malformed, not converted." },
  Signature: { bugType: "AUTH_BYPASS", description: "No trusted key signed these bytes." },
  Audience: {
    bugType: "AUTH_BYPASS",
    description: "A challenge for one environment is of no use at another.",
  },
  Clock: { bugType: "AUTH_BYPASS", description: "A challenge ends; 30 seconds of leeway either way." },
  Order: {
    bugType: "MISSING_STEP",
    description: "Two faults at once: the first in the order of checks is reported.",
  },
};

export const challengeVectors = vectorFile("EdDSA", "tally-v1-challenge", notes, [
  {
    type: "Challenge",
    environment,
    publicKeys: [formerKey.publicKey, checkerKey.publicKey],
    cases: [
      ...accepted,
      ...structure,
      ...encodings,
      ...hostileJson,
      ...headers,
      ...claimTypes,
      ...lifeAndNonce,
      ...signatures,
      ...audiences,
      ...clocks,
      ...twoFaults,
    ],
  },
]);
