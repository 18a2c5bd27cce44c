import { createHmac } from "node:crypto";

import { type Case, vectorFile } from "./vector-file.ts";

const environment = "railway-production";
const nonce = "AAECAwQFBgcICQoLDA0ODw";
const names = ["INTERNAL_AUTH_SECRET", "OPENCLAW_GATEWAY_TOKEN"];

function fingerprint(value: string, name: string, question = nonce): string {
  return createHmac("sha256", value).update(`tally/v1\n${environment}\n${name}\n${question}`).digest("hex");
}

const auth = fingerprint("xyz789new", "INTERNAL_AUTH_SECRET");
const token = fingerprint("gw_0123456789", "OPENCLAW_GATEWAY_TOKEN");
const ordinary = {
  version: 1,
  environment,
  instance: "replica-1",
  deployment: "0f3c9a52-6e1d-4c5e-9d0b-1f2e3d4c5b6a",
  startedAt: "2026-11-22T10:00:00Z",
  challenge: nonce,
  echo: fingerprint("tally/v1", "_echo"),
  running: { INTERNAL_AUTH_SECRET: auth, OPENCLAW_GATEWAY_TOKEN: null },
  stored: { INTERNAL_AUTH_SECRET: auth },
};

const body = (tally: unknown) => JSON.stringify({ status: "ok", tally });
const changed = (change: object) => body({ ...ordinary, ...change });

/** What is read of the ordinary answer; a case names only what differs. */
const reading = {
  instance: ordinary.instance,
  deployment: ordinary.deployment,
  startedAt: ordinary.startedAt,
  running: ordinary.running,
  stored: ordinary.stored,
};

function answered(comment: string, flag: string, text: string, change: object = {}): Case {
  return { comment, flags: [flag], body: text, answer: { ...reading, ...change }, result: "valid" };
}

function not(code: string, comment: string, flag: string, text: string): Case {
  return { comment, flags: [flag], body: text, result: "invalid", code };
}

const malformed = (flag: string, list: readonly (readonly [string, string])[]) =>
  list.map(([comment, text]) => not("malformed", comment, flag, text));

function refusal(comment: string, error: string, time?: unknown, told?: string): Case {
  const text = body({ version: 1, error, time });
  const expected = { code: "refused", refusal: { code: error, ...(told && { time: told }) } };
  return { comment, flags: ["Refusal"], body: text, result: "invalid", ...expected };
}

const answers: readonly Case[] = [
  answered("ordinary", "Ordinary", changed({})),
  answered(
    "both values",
    "Ordinary",
    changed({ running: { [names[0] ?? ""]: auth, [names[1] ?? ""]: token } }),
    {
      running: { INTERNAL_AUTH_SECRET: auth, OPENCLAW_GATEWAY_TOKEN: token },
    },
  ),
  answered(
    "as little as may be",
    "LeftOut",
    body({ version: 1, environment, challenge: nonce, echo: ordinary.echo, running: {} }),
    {
      instance: undefined,
      deployment: undefined,
      startedAt: undefined,
      running: {},
      stored: {},
    },
  ),
  answered("nothing running, something stored", "LeftOut", changed({ running: {} }), { running: {} }),
  answered("stored is unset", "LeftOut", changed({ stored: { INTERNAL_AUTH_SECRET: null } }), {
    stored: { INTERNAL_AUTH_SECRET: null },
  }),
  answered("place", "Ordinary", changed({ place: { environment: "e-1", service: "s-1" } }), {
    place: { environment: "e-1", service: "s-1" },
  }),
  answered(
    "place with a member that nobody knows",
    "Ignored",
    changed({ place: { environment: "e-1", service: "s-1", x: 1 } }),
    { place: { environment: "e-1", service: "s-1" } },
  ),
  answered(
    "a name that was not asked for",
    "Ignored",
    changed({ running: { ...ordinary.running, OTHER: token } }),
  ),
  answered(
    "a name that was not asked for, with nonsense",
    "Ignored",
    changed({ running: { ...ordinary.running, OTHER: "xyz789new", "": [], "x y": {} } }),
  ),
  answered("members that nobody knows", "Ignored", changed({ hint: "x", time: 1, delivery: {} })),
  answered(
    "the rest of the health endpoint",
    "Ignored",
    JSON.stringify({ status: "degraded", error: "no database", checks: [{}], tally: ordinary }),
  ),
  answered("blanks around", "Ordinary", `\n ${changed({})}\r\n`),
  answered("instance of 1 character", "Boundary", changed({ instance: "a" }), { instance: "a" }),
  answered("instance of 128 characters", "Boundary", changed({ instance: "i".repeat(128) }), {
    instance: "i".repeat(128),
  }),
  answered("instance with every kind of character", "Boundary", changed({ instance: "aZ9._:-" }), {
    instance: "aZ9._:-",
  }),
  answered(
    "startedAt with a fraction",
    "Boundary",
    changed({ startedAt: "2026-11-22T10:00:00.123456789Z" }),
    { startedAt: "2026-11-22T10:00:00.123456789Z" },
  ),
  answered(
    "a member twice: the last one counts",
    "Json",
    changed({}).replace('"version":1', '"version":2,"version":1'),
  ),
  answered(
    "__proto__ among the fingerprints",
    "Prototype",
    changed({}).replace('"running":{', '"running":{"__proto__":{"INTERNAL_AUTH_SECRET":"x"},'),
  ),
  answered(
    "__proto__ in the tally",
    "Prototype",
    changed({}).replace('"version":1', '"__proto__":{"error":"challenge-expired"},"version":1'),
  ),
];

const absent: readonly Case[] = [
  ["empty body", ""],
  ["text", "ok"],
  ["a page", "<!doctype html><title>502 Bad Gateway</title>"],
  ["cut in the middle", changed({}).slice(0, -1)],
  ["text after the object", `${changed({})}x`],
  ["byte-order mark", `\uFEFF${changed({})}`],
  ["null", "null"],
  ["a list", `[${changed({})}]`],
  ["a text", JSON.stringify(changed({}))],
  ["no tally member", '{"status":"ok"}'],
  ["tally in upper case", JSON.stringify({ Tally: ordinary })],
  [
    "tally under __proto__",
    JSON.stringify({ status: "ok" }).replace("{", `{"__proto__":{"tally":${JSON.stringify(ordinary)}},`),
  ],
  ["NaN", changed({}).replace('"status":"ok"', '"status":NaN')],
].map(([comment, text]) => not("absent", `${comment}`, "Absent", `${text}`));

const shapes: readonly Case[] = [
  ...[null, true, 1, "ok", [], [ordinary]].map((tally) =>
    not("malformed", `tally is ${JSON.stringify(tally)}`.slice(0, 40), "Shape", body(tally)),
  ),
  ...malformed("Version", [
    ["version left out", changed({ version: undefined })],
    ["version 0", changed({ version: 0 })],
    ["version 2", changed({ version: 2 })],
    ["version is text", changed({ version: "1" })],
    ["version is true", changed({ version: true })],
  ]),
  ...malformed("Shape", [
    ["environment left out", changed({ environment: undefined })],
    ["another environment", changed({ environment: "vps" })],
    ["environment in upper case", changed({ environment: "Railway-Production" })],
    ["environment is a list", changed({ environment: [environment] })],
    ["challenge left out", changed({ challenge: undefined })],
    ["challenge is a number", changed({ challenge: 1 })],
    ["challenge is null", changed({ challenge: null })],
    ["echo left out", changed({ echo: undefined })],
    ["echo in upper case", changed({ echo: ordinary.echo.toUpperCase() })],
    ["echo of 63 digits", changed({ echo: ordinary.echo.slice(1) })],
    ["running left out", changed({ running: undefined })],
    ["running is null", changed({ running: null })],
    ["running is a list", changed({ running: [auth] })],
    ["stored is null", changed({ stored: null })],
    ["stored is a list", changed({ stored: [] })],
    ["empty instance", changed({ instance: "" })],
    ["instance of 129 characters", changed({ instance: "i".repeat(129) })],
    ["instance with a blank", changed({ instance: "mac mini" })],
    ["instance with LF at its end", changed({ instance: "mac-mini\n" })],
    ["instance is a number", changed({ instance: 1 })],
    ["instance is null", changed({ instance: null })],
    ["deployment with a slash", changed({ deployment: "a/b" })],
    ["deployment is an object", changed({ deployment: {} })],
    ["startedAt is a number", changed({ startedAt: 1795341600 })],
    ["startedAt with an offset", changed({ startedAt: "2026-11-22T10:00:00+00:00" })],
    ["startedAt without a zone", changed({ startedAt: "2026-11-22T10:00:00" })],
    ["startedAt in a month 13", changed({ startedAt: "2026-13-22T10:00:00Z" })],
    ["startedAt at 24 o'clock", changed({ startedAt: "2026-11-22T24:00:00Z" })],
    ["place is text", changed({ place: "e-1" })],
    ["place without a service", changed({ place: { environment: "e-1" } })],
    ["place without an environment", changed({ place: { service: "s-1" } })],
    ["place with a blank", changed({ place: { environment: "e 1", service: "s-1" } })],
    ["place is null", changed({ place: null })],
  ]),
];

const fingerprints: readonly Case[] = (
  [
    ["in upper case", auth.toUpperCase()],
    ["of 63 digits", auth.slice(1)],
    ["of 65 digits", `${auth}0`],
    ["with a letter beyond f", auth.replace(/^./, "g")],
    ["with LF at its end", `${auth}\n`],
    ["with a prefix", `sha256:${auth}`],
    ["empty", ""],
    ["a number", 1],
    ["a list", [auth]],
    ["an object", { hmac: auth }],
    ["false", false],
  ] as const
).flatMap(([comment, value]) => [
  not(
    "malformed",
    `running fingerprint ${comment}`,
    "Fingerprint",
    changed({ running: { INTERNAL_AUTH_SECRET: value } }),
  ),
  not(
    "malformed",
    `stored fingerprint ${comment}`,
    "Fingerprint",
    changed({ stored: { INTERNAL_AUTH_SECRET: value } }),
  ),
]);

const otherNonce = "EBESExQVFhcYGRobHB0eHw";
const staleAndFaulty: readonly Case[] = [
  not(
    "stale",
    "another challenge, sound in itself",
    "Stale",
    changed({ challenge: otherNonce, echo: fingerprint("tally/v1", "_echo", otherNonce) }),
  ),
  not("stale", "empty challenge", "Stale", changed({ challenge: "" })),
  not("stale", "challenge in another letter case", "Stale", changed({ challenge: nonce.toLowerCase() })),
  not("faulty", "echo of another value", "Faulty", changed({ echo: fingerprint("tally/v2", "_echo") })),
  not("faulty", "echo under another name", "Faulty", changed({ echo: fingerprint("tally/v1", "echo") })),
  not(
    "faulty",
    "echo of another nonce",
    "Faulty",
    changed({ echo: fingerprint("tally/v1", "_echo", otherNonce) }),
  ),
  not(
    "faulty",
    "echo with its last digit changed",
    "Faulty",
    changed({ echo: ordinary.echo.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")) }),
  ),
];

const refusals: readonly Case[] = [
  refusal("malformed", "challenge-malformed"),
  refusal("untrusted", "challenge-untrusted"),
  refusal("audience, with the time", "challenge-audience", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
  refusal("early, with the time", "challenge-early", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
  refusal(
    "expired, with a fraction of a second",
    "challenge-expired",
    "2026-11-22T10:00:00.5Z",
    "2026-11-22T10:00:00.5Z",
  ),
  refusal("time that is no time: left out", "challenge-expired", "xyz789new"),
  refusal("time that is a number: left out", "challenge-expired", 1795341600),
  refusal("a code that is not known yet", "challenge-replayed"),
  refusal("code of two words of 16 letters", `${"a".repeat(16)}-${"b".repeat(16)}`),
  {
    ...refusal("an answer beside the error: a refusal", "challenge-expired"),
    body: changed({ error: "challenge-expired" }),
  },
  ...malformed("Refusal", [
    ["code with digits", body({ version: 1, error: "challenge-xyz789new" })],
    ["code of one word", body({ version: 1, error: "error" })],
    ["code of a word of 17 letters", body({ version: 1, error: `challenge-${"a".repeat(17)}` })],
    ["code whose first word has 17 letters", body({ version: 1, error: `${"a".repeat(17)}-expired` })],
    ["code of five words", body({ version: 1, error: "a-b-c-d-e" })],
    ["code in upper case", body({ version: 1, error: "Challenge-Expired" })],
    ["code with LF at its end", body({ version: 1, error: "challenge-expired\n" })],
    ["code that is null", body({ version: 1, error: null })],
    ["code that is a list", body({ version: 1, error: ["challenge-expired"] })],
    ["refusal of another version", body({ version: 2, error: "challenge-expired" })],
  ]),
];

/** Two faults at once: shape before stale, stale before faulty. */
const twoFaults: readonly Case[] = [
  not("malformed", "malformed and stale", "Order", changed({ challenge: otherNonce, instance: "" })),
  not("malformed", "malformed and faulty", "Order", changed({ echo: auth, running: [] })),
  not(
    "malformed",
    "another environment and stale",
    "Order",
    changed({ environment: "vps", challenge: otherNonce }),
  ),
  not("stale", "stale and faulty", "Order", changed({ challenge: otherNonce, echo: auth })),
  not(
    "malformed",
    "another version and a refusal",
    "Order",
    changed({ version: 2, error: "challenge-expired" }),
  ),
];

const notes = {
  Ordinary: { bugType: "BASIC", description: "What every checker meets every day." },
  LeftOut: { bugType: "EDGE_CASE", description: "null is unset; what is left out is not known." },
  Ignored: {
    bugType: "EDGE_CASE",
    description: "Members and names that were not asked for are never looked at.",
  },
  Boundary: { bugType: "EDGE_CASE", description: "The last that is allowed." },
  Json: { bugType: "EDGE_CASE", description: "The last of two equal members counts." },
  Prototype: { bugType: "AUTH_BYPASS", description: "Only what the object itself was sent with counts." },
  Absent: { bugType: "EDGE_CASE", description: "No JSON object, or one without a tally: nobody answered." },
  Version: {
    bugType: "MISSING_STEP",
    description: "Another version is not understood, however similar it looks.",
  },
  Shape: { bugType: "EDGE_CASE", description: "A member that is there must be right." },
  Fingerprint: { bugType: "EDGE_CASE", description: "64 lower-case hex digits, or null." },
  Stale: { bugType: "AUTH_BYPASS", description: "An answer to another question says nothing about now." },
  Faulty: {
    bugType: "MISSING_STEP",
    description: "A responder that computes wrongly must not look like drift.",
  },
  Refusal: {
    bugType: "EDGE_CASE",
    description: "Codes are words without digits, so that no value can be passed off as one.",
  },
  Order: {
    bugType: "MISSING_STEP",
    description: "Two faults at once: the first in the order of checks is reported.",
  },
};

export const answerVectors = vectorFile("HMAC-SHA-256", "tally-v1-answer", notes, [
  {
    type: "Answer",
    environment,
    nonce,
    names,
    cases: [...answers, ...absent, ...shapes, ...fingerprints, ...staleAndFaulty, ...refusals, ...twoFaults],
  },
]);
