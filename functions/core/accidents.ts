import type { Secret } from "../protocol/secret.ts";

/** What can happen to a value on its way, by id. The list is closed and published; `explain` knows each. @internal */
export const accidentIds = [
  "trailing-newline",
  "outer-blanks",
  "trimmed",
  "quotes-kept",
  "quotes-lost",
  "name-kept",
  "export-kept",
  "bearer-kept",
  "bearer-lost",
  "percent-encoded",
  "percent-decoded",
  "base64-encoded",
  "base64-decoded",
  "literal-newline",
  "backslash-escaped",
  "unrendered",
  "dollar-expanded",
  "first-line-only",
  "cut-at-hash",
  "cut-at-blank",
  "cut-at-255",
  "cut-at-256",
  "cut-at-1024",
  "case-changed",
  "byte-order-mark",
  "unicode-normalised",
  "placeholder",
] as const;

export type Accident = (typeof accidentIds)[number];

type Accidents = Readonly<
  Record<
    Exclude<Accident, "placeholder" | "unrendered">,
    (text: string, names: readonly string[]) => readonly string[]
  >
>;

const byText: Accidents = {
  "trailing-newline": (text) => [`${text}\n`, `${text}\r\n`, `${text}\r`, `${text}\n\n`, `${text}\r\n\r\n`],
  "outer-blanks": (text) =>
    blanks.flatMap((blank) => [`${text}${blank}`, `${blank}${text}`, `${blank}${text}${blank}`]),
  trimmed: (text) => [text.trim(), text.trimEnd(), text.trimStart()],
  "quotes-kept": (text) =>
    quotes
      .flatMap((quote) => [
        `${quote}${text}${quote}`,
        `${quote}${text}${quote}\n`,
        `${quote}${text}`,
        `${text}${quote}`,
      ])
      .concat(JSON.stringify(text), `'${text.replaceAll("'", `'"'"'`)}'`),
  "quotes-lost": (text) =>
    quotes.flatMap((quote) => (isQuoted(text, quote) ? [text.slice(1, -1)] : [text.replaceAll(quote, "")])),
  "name-kept": (text, names) =>
    names.flatMap((name) =>
      quotedForms(text).flatMap((form) => [
        `${name}=${form}`,
        `${name}: ${form}`,
        `${name}:${form}`,
        `${name} = ${form}`,
      ]),
    ),
  "export-kept": (text, names) => [
    `export ${text}`,
    ...names.flatMap((name) => quotedForms(text).map((form) => `export ${name}=${form}`)),
  ],
  "bearer-kept": (text) => [`Bearer ${text}`, `bearer ${text}`, `Authorization: Bearer ${text}`],
  "bearer-lost": (text) => [text.replace(/^bearer\s+/i, "")],
  "percent-encoded": percentEncodings,
  "percent-decoded": (text) => [percentDecoded(text), percentDecoded(text.replaceAll("+", " "))],
  "base64-encoded": (text) => [text, `${text}\n`].flatMap(base64Encodings),
  "base64-decoded": (text) => base64Decodings(text),
  "literal-newline": (text) => [
    text.replaceAll("\n", "\\n"),
    text.replaceAll("\\n", "\n"),
    text.replaceAll("\n", " "),
    text.replaceAll("\n", ""),
    text.replaceAll("\n", "\r\n"),
    text.replaceAll("\r\n", "\n"),
    `${text}\\n`,
    `${text}\\r\\n`,
  ],
  "backslash-escaped": (text) => [
    JSON.stringify(text).slice(1, -1),
    asciiEscaped(JSON.stringify(text).slice(1, -1)),
    text.replace(/[^A-Za-z0-9_@%+=:,./-]/g, "\\$&"),
    text.replace(/["$`\\]/g, "\\$&"),
    text.replaceAll("\\", "\\\\"),
    text.replaceAll("\\\\", "\\"),
    text.replaceAll("\\", ""),
  ],
  "dollar-expanded": (text) => [
    text.replace(/\$\{[^}]*\}|\$[A-Za-z_][A-Za-z0-9_]*|\$[0-9*@#?!-]/g, ""),
    text.replace(/\$\{[^}]*\}|\$[A-Za-z_][A-Za-z0-9_]*/g, ""),
    text.replace(/\$[0-9*@#?!-]/g, ""),
    text.replaceAll("$$", "$"),
    text.replaceAll("$", ""),
  ],
  "first-line-only": (text) => [text.split(/\r?\n/, 1).join("")],
  "cut-at-hash": (text) => [
    text.split("#", 1).join(""),
    text.split("#", 1).join("").trimEnd(),
    text.split(/\s#/, 1).join(""),
  ],
  "cut-at-blank": (text) => [text.split(/\s/, 1).join(""), text.split(" ", 1).join("")],
  "cut-at-255": (text) => [text.slice(0, 255), cutAtByte(text, 255)],
  "cut-at-256": (text) => [text.slice(0, 256), cutAtByte(text, 256)],
  "cut-at-1024": (text) =>
    [1_024, 1_023].flatMap((length) => [text.slice(0, length), cutAtByte(text, length)]),
  "case-changed": (text) => [text.toLowerCase(), text.toUpperCase()],
  "byte-order-mark": (text) => [`\ufeff${text}`, text.replace(/^\ufeff/, ""), `\u00ef\u00bb\u00bf${text}`],
  "unicode-normalised": (text) =>
    (["NFC", "NFD", "NFKC", "NFKD"] as const).map((form) => text.normalize(form)),
};

const quotes = ['"', "'", "`"] as const;
const blanks = [" ", "\t", "  ", "   ", "    ", "\u00a0", " \n", "\n", "\r\n"] as const;

const placeholders = [
  "undefined",
  "null",
  "none",
  "nil",
  "NaN",
  "true",
  "false",
  "0",
  "1",
  "changeme",
  "change-me",
  "change_me",
  "change me",
  "replaceme",
  "replace-me",
  "replace_me",
  "todo",
  "fixme",
  "tbd",
  "test",
  "testing",
  "dummy",
  "example",
  "placeholder",
  "default",
  "xxx",
  "xxxx",
  "xxxxxxxx",
  "secret",
  "password",
  "token",
  "your-secret-here",
  "your-token-here",
  "your_secret_here",
  "your_token_here",
  "insert-here",
  "[object Object]",
  "[secret]",
  "[REDACTED]",
  "REDACTED",
  "<redacted>",
  "***",
  "****",
  "******",
  "********",
  "...",
  "__OPENCLAW_REDACTED__",
] as const;
const placeholderTexts = placeholders.flatMap((text) => [
  text,
  text.toUpperCase(),
  // Python prints None, and people write Changeme.
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`,
  `<${text}>`,
  `"${text}"`,
]);
const placeholderSet: ReadonlySet<string> = new Set(placeholderTexts.map((text) => text.toLowerCase()));

/** Whether a text is a well-known stand-in that somebody forgot to replace. */
export function isPlaceholder(text: string): boolean {
  return placeholderSet.has(text.trim().toLowerCase());
}

/** One way in which a value may have been mangled, and the value that would come of it. */
export interface AccidentCandidate {
  readonly accident: Accident;
  readonly value: Secret;
}

/**
 * All that a known value may have become on its way, in the order of the published list. Candidates that are
 * empty, ill-formed or equal to the value itself are left out.
 */
export function accidentsOf(value: Secret, names: readonly string[]): AccidentCandidate[] {
  if (!value.satisfies((text) => text.isWellFormed())) return [];
  return Object.entries(byText).flatMap(([accident, mangle]) =>
    value
      .derive((text) => distinct(mangle(text, names).filter((mangled) => mangled !== text)))
      .map((mangled) => ({ accident: accident as Accident, value: mangled })),
  );
}

/** The accidents that leave nothing of the value: an unrendered reference to it, or a forgotten stand-in. */
export function valuelessAccidents(names: readonly string[], anySecret: Secret): AccidentCandidate[] {
  const unrendered = names.flatMap((name) => [
    `\${{${name}}}`,
    `\${{ ${name} }}`,
    `\${{shared.${name}}}`,
    `\${{ shared.${name} }}`,
    `\${{secrets.${name}}}`,
    `\${{ secrets.${name} }}`,
    `\${${name}}`,
    `$${name}`,
    `%${name}%`,
    `{{${name}}}`,
    `{{ ${name} }}`,
    `$(${name})`,
    `process.env.${name}`,
  ]);
  const texts = [
    ...unrendered.map((text) => ["unrendered", text] as const),
    ...distinct(placeholderTexts).map((text) => ["placeholder", text] as const),
  ];
  return texts.flatMap(([accident, text]) =>
    anySecret.derive(() => [text]).map((value) => ({ accident, value })),
  );
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== "" && text.isWellFormed());
}

function isQuoted(text: string, quote: string): boolean {
  return text.length > 2 && text.startsWith(quote) && text.endsWith(quote);
}

function quotedForms(text: string): string[] {
  return [text, `"${text}"`, `'${text}'`].flatMap((form) => [form, `${form}\n`]);
}

function percentEncodings(text: string): string[] {
  const component = encodeURIComponent(text);
  const strict = component.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const lowerCase = component.replace(/%[0-9A-F]{2}/g, (triplet) => triplet.toLowerCase());
  const path = component.replaceAll("%2F", "/");
  return [
    component,
    strict,
    lowerCase,
    component.replaceAll("%20", "+"),
    encodeURI(text),
    path,
    encodeURIComponent(component),
  ];
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What a JSON encoder writes that keeps to ASCII. */
function asciiEscaped(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Cut by a store that counts bytes; a character that is cut in two is gone. */
function cutAtByte(text: string, bytes: number): string {
  return Buffer.from(text, "utf8")
    .subarray(0, bytes)
    .toString("utf8")
    .replace(/\ufffd+$/, "");
}

function base64Encodings(text: string): string[] {
  const encoded = Buffer.from(text, "utf8").toString("base64");
  const urlSafe = Buffer.from(text, "utf8").toString("base64url");
  const lines = [64, 76].map((width) => encoded.replace(new RegExp(`.{${width}}(?=.)`, "g"), "$&\n"));
  return [encoded, encoded.replace(/=+$/, ""), urlSafe, ...lines].flatMap((form) => [form, `${form}\n`]);
}

function base64Decodings(text: string): string[] {
  if (!/^[A-Za-z0-9+/_-]{8,}={0,2}\n?$/.test(text)) return [];
  const decoded = Buffer.from(text, "base64").toString("utf8");
  return decoded.includes("\ufffd") ? [] : [decoded, decoded.trimEnd()];
}
