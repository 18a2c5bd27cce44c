import { describe, expect, it } from "vitest";

import { type Accident, accidentIds, accidentsOf, isPlaceholder } from "../../functions/core/accidents.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { holderOf, service, texts, version } from "./world.ts";

const token = texts.current;
const long = (length: number): string => "Ab3-".repeat(length).slice(0, length);
const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** For each accident: the true value, and what became of it. */
const cases: Readonly<Record<Accident, readonly (readonly [string, string])[]>> = {
  "trailing-newline": ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n"].map((end) => [token, token + end]),
  "outer-blanks": [
    [token, `${token} `],
    [token, ` ${token}`],
    [token, ` ${token} `],
    [token, `\t${token}`],
    [token, `${token}    `],
    [token, `\u00a0${token}`],
    [token, `${token} \n`],
    [token, `\n${token}`],
  ],
  trimmed: [
    [` ${token}\n`, token],
    [` ${token}\n`, ` ${token}`],
    [` ${token}\n`, `${token}\n`],
  ],
  "quotes-kept": ['"', "'", "`"].flatMap((quote) => [
    [token, `${quote}${token}${quote}`] as const,
    [token, `${quote}${token}`] as const,
    [token, `${token}${quote}`] as const,
  ]),
  "quotes-lost": [
    [`\`${token}\``, token],
    [`'${token}'`, token],
    [`\`${token}\``, token],
    [`a"b"${token}`, `ab${token}`],
    [`"${token}`, token],
    ['""', ""],
  ],
  "name-kept": ["TOKEN=", "TOKEN: ", "TOKEN:", "TOKEN = ", "APP_TOKEN="]
    .map((name) => [token, name + token] as const)
    .concat([
      [token, `TOKEN="${token}"`],
      [token, `TOKEN='${token}'`],
      [token, `TOKEN=${token}\n`],
      [token, `TOKEN="${token}"\n`],
    ]),
  "export-kept": [
    [token, `export ${token}`],
    [token, `export TOKEN=${token}`],
    [token, `export APP_TOKEN="${token}"`],
    [token, `export TOKEN='${token}'`],
  ],
  "bearer-kept": ["Bearer ", "bearer ", "Authorization: Bearer "].map((prefix) => [token, prefix + token]),
  "bearer-lost": [
    [`Bearer ${token}`, token],
    [`bearer  ${token}`, token],
  ],
  "percent-encoded": [
    ["a+b/c=d", "a%2Bb%2Fc%3Dd"],
    ["a+b/c=d", "a%2bb%2fc%3dd"],
    ["a(b)!c", "a%28b%29%21c"],
    ["a b&c", "a+b%26c"],
    ["a/b<c", "a/b%3Cc"],
    ["a/b&c", "a/b%26c"],
    ["a&b", "a%2526b"],
  ],
  "percent-decoded": [
    ["a%2Bb%2Fc", "a+b/c"],
    ["a%2Bb+c", "a+b c"],
    ["100+200", "100 200"],
  ],
  "base64-encoded": [
    [token, base64(token)],
    [token, base64(token).replaceAll("=", "")],
    [token, `${base64(token)}\n`],
    [token, base64(`${token}\n`)],
    [long(100), base64(long(100)).replace(/(.{76})/g, "$1\n")],
    [long(100), `${base64(long(100)).replace(/(.{64})/g, "$1\n")}\n`],
    ["??>>??>>~~", Buffer.from("??>>??>>~~").toString("base64url")],
  ],
  "base64-decoded": [
    [base64(token), token],
    [base64(`${token}\n`), token],
    [`${base64("two\nlines")}\n`, "two\nlines"],
    [Buffer.from("??>>??>>~~").toString("base64url"), "??>>??>>~~"],
  ],
  "backslash-escaped": [
    ['a"b', 'a\\"b'],
    ["a b", "a\\ b"],
    ["a$b'c", "a\\$b'c"],
    ["a\\'b", "a\\\\'b"],
    ["a\\\\b", "a\\b"],
    ["a\\b\\c", "abc"],
    ["schlüssel", "schl\\u00fcssel"],
  ],
  "literal-newline": [
    [token, `${token}\\n`],
    [token, `${token}\\r\\n`],
    ['"a"\nb c', '"a"\\nb c'],
    ["a\\nb", "a\nb"],
    ["a\nb", "a b"],
    ["a\nb", "ab"],
    ["a\nb", "a\\nb"],
    ["a\nb", "a\r\nb"],
    ["a\r\nb", "a\nb"],
  ],
  unrendered: [
    `\${{TOKEN}}`,
    `\${{ TOKEN }}`,
    `\${{shared.TOKEN}}`,
    `\${{ shared.APP_TOKEN }}`,
    `\${{secrets.TOKEN}}`,
    `\${{ secrets.TOKEN }}`,
    `\${APP_TOKEN}`,
    "$TOKEN",
    "%TOKEN%",
    "{{TOKEN}}",
    "{{ TOKEN }}",
    "$(TOKEN)",
    "process.env.TOKEN",
  ].map((held) => [token, held]),
  "dollar-expanded": [
    ["ab$cd-ef", "ab-ef"],
    [`ab\${cd}ef`, "abef"],
    ["ab$1cd", "abcd"],
    ["a$b-$1c", "a-c"],
    ["a$b-$1c", "a-$1c"],
    ["a$b-$1c", "a$b-c"],
    ["ab$$cd", "ab$cd"],
    ["ab$ cd", "ab cd"],
  ],
  "cut-at-hash": [
    ["ab#cd", "ab"],
    ["ab #cd", "ab"],
    ["a#b #cd", "a#b"],
  ],
  "cut-at-blank": [
    ["ab cd ef", "ab"],
    ["ab\tcd", "ab"],
    ["a\tb cd", "a\tb"],
  ],
  "cut-at-255": [
    [long(300), long(255)],
    ["ü".repeat(300), "ü".repeat(127)],
  ],
  "cut-at-256": [
    [long(300), long(256)],
    ["ü".repeat(300), "ü".repeat(128)],
  ],
  "cut-at-1024": [
    [long(2000), long(1024)],
    [long(2000), long(1023)],
  ],
  "first-line-only": [
    ["-----BEGIN KEY-----\nabc", "-----BEGIN KEY-----"],
    ["one two\r\nthree", "one two"],
    ["abc\ndef", "abc"],
  ],
  "case-changed": [
    [token, token.toLowerCase()],
    [token, token.toUpperCase()],
  ],
  "byte-order-mark": [
    [token, `\ufeff${token}`],
    ["\ufeff a b", " a b"],
    [token, `\u00ef\u00bb\u00bf${token}`],
  ],
  "unicode-normalised": [
    ["\u00e4\u00f6", "a\u0308o\u0308"],
    ["a\u0308o\u0308", "\u00e4\u00f6"],
    ["\ufb01\u00e4", "fi\u00e4"],
    ["\ufb01\u00e4", "fia\u0308"],
  ],
  placeholder: [
    "undefined",
    "null",
    "None",
    "NONE",
    "changeme",
    "CHANGEME",
    "<changeme>",
    '"null"',
    "[object Object]",
  ].map((held) => [token, held]),
};

/** What became of a value, told as the verdict on a variable that the service calls APP_TOKEN. */
function storedVerdict(truth: string, held: string): unknown {
  return holderOf({
    truth: { current: version(truth), older: [] },
    service: service({ stored: { TOKEN: held } }),
    environment: { variables: { TOKEN: "APP_TOKEN" } },
  }).stored;
}

describe("an accident", () => {
  it.each(accidentIds)("%s has a case", (id) => {
    expect(cases[id]).not.toEqual([]);
  });

  const rows = accidentIds.flatMap((id) =>
    cases[id].filter(([, held]) => held !== "").map(([truth, held]) => ({ id, truth, held })),
  );

  it.each(rows)("$id turns $truth into $held", ({ id, truth, held }) => {
    expect(storedVerdict(truth, held)).toMatchObject({ kind: "mangled", accident: id });
  });

  it.each(rows)("$id does not make $held of a foreign value", ({ id, held }) => {
    const valueless = id === "unrendered" || id === "placeholder";
    expect(storedVerdict(texts.foreign, held)).toMatchObject({ kind: valueless ? "mangled" : "foreign" });
  });

  it("of the fingerprint is recognised as one in memory is", () => {
    const { verdict } = holderOf({ running: [base64(texts.current)] });
    expect(verdict).toEqual({ kind: "mangled", accident: "base64-encoded", versionId: "v-cur" });
  });

  it("that leaves nothing of the value names no version", () => {
    expect(storedVerdict(token, "changeme")).toEqual({ kind: "mangled", accident: "placeholder" });
  });

  it("of the pending version is recognised", () => {
    const { verdict } = holderOf({
      truth: { pending: version(texts.pending) },
      running: [`${texts.pending}\n`],
    });
    expect(verdict).toMatchObject({ kind: "mangled", versionId: "v-pen" });
  });

  it("of a version that was rolled back is recognised", () => {
    const { verdict } = holderOf({ truth: { newer: [version(texts.newer)] }, running: [`${texts.newer}\n`] });
    expect(verdict).toMatchObject({ kind: "mangled", versionId: "v-new" });
  });
});

describe("the order of accidents", () => {
  it("prefers the current version to an older one", () => {
    const truth = { current: version(`${token}\n`), older: [version(` ${token}`)] };
    expect(holderOf({ truth, running: [token] }).verdict).toMatchObject({
      versionId: version(`${token}\n`).id,
    });
  });

  it("prefers the accident that stands first in the published list", () => {
    expect(storedVerdict(token, `${token}\n`)).toMatchObject({ accident: "trailing-newline" });
  });

  it("follows the published list", () => {
    const accidents = accidentsOf(new Secret(` "Bearer ä$b\\n#${long(2000)}%20"\n`), ["TOKEN"]).map(
      ({ accident }) => accident,
    );
    const places = accidents.map((accident) => accidentIds.indexOf(accident));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it.each([
    [10, "mangled"],
    [11, "foreign"],
  ])("of a version %i places back ends in %s", (back, kind) => {
    const older = Array.from({ length: back }, (_, index) => version(`${index}-${texts.ancient}`));
    const oldest = `${back - 1}-${texts.ancient}`;
    expect(holderOf({ truth: { older }, running: [`${oldest}\n`] }).verdict.kind).toBe(kind);
  });
});

describe("candidates", () => {
  const candidatesOf = (text: string): string[] =>
    accidentsOf(new Secret(text), ["TOKEN"]).map(({ value }) => value.reveal());

  it("are never the value itself", () => {
    expect(candidatesOf(token)).not.toContain(token);
  });

  it.each(['""', "#", " ", "$"])("are never empty, not even of %j", (text) => {
    expect(candidatesOf(text)).not.toContain("");
  });

  it("are never ill-formed: a cut through a pair of surrogates is left out", () => {
    const text = `${long(254)}😀${long(100)}`;
    expect(candidatesOf(text).filter((candidate) => !candidate.isWellFormed())).toEqual([]);
  });

  it("do not exist for an ill-formed value", () => {
    expect(candidatesOf("\udc00")).toEqual([]);
  });

  it.each(["not base64!", "short", "////////"])(
    "of base64 are left out where %j decodes to no text",
    (text) => {
      const ids = accidentsOf(new Secret(text), ["TOKEN"]).map(({ accident }) => accident);
      expect(ids).not.toContain("base64-decoded");
    },
  );

  it("of percent-decoding are left out where the signs are not an encoding", () => {
    expect(accidentsOf(new Secret("100%"), ["TOKEN"]).map(({ accident }) => accident)).not.toContain(
      "percent-decoded",
    );
  });
});

describe("a placeholder", () => {
  it.each(["undefined", "NULL", " ChangeMe\n", "<your-token-here>", "[object Object]"])("is %j", (text) => {
    expect(isPlaceholder(text)).toBe(true);
  });

  it.each(["", "changeme-7Zt1", "nullify", token])("is not %j", (text) => {
    expect(isPlaceholder(text)).toBe(false);
  });
});
