import type { Accident } from "../../functions/core/accidents.ts";
import type { SecretName } from "./foreign-values.ts";

/** Which secret has the accident, and through which tools of mangling.py. */
export interface AccidentCase {
  readonly secret: SecretName;
  readonly tools: readonly string[];
  /** Nothing of the value is left, so that no version can be told. */
  readonly leavesNothing?: true;
}

/** At least one for each accident; the compiler and a test see to it that none is forgotten. */
export const accidentCases: Readonly<Record<Accident, readonly AccidentCase[]>> = {
  "trailing-newline": [{ secret: "PLAIN_KEY", tools: ["lf", "crlf"] }],
  "outer-blanks": [{ secret: "PLAIN_KEY", tools: ["after", "before", "both", "tab"] }],
  trimmed: [{ secret: "BLANK_KEY", tools: ["both", "before", "after"] }],
  "quotes-kept": [
    { secret: "FORM_KEY", tools: ["shell"] },
    { secret: "PLAIN_KEY", tools: ["json", "back-tick"] },
  ],
  "quotes-lost": [{ secret: "QUOTED_KEY", tools: ["shell"] }],
  "name-kept": [{ secret: "PLAIN_KEY", tools: ["plain", "quoted", "yaml"] }],
  "export-kept": [
    { secret: "PLAIN_KEY", tools: ["plain"] },
    { secret: "FORM_KEY", tools: ["quoted"] },
  ],
  "bearer-kept": [{ secret: "TOKEN_KEY", tools: ["word"] }],
  "bearer-lost": [{ secret: "BEARER_KEY", tools: ["word"] }],
  "percent-encoded": [
    { secret: "FORM_KEY", tools: ["component", "form"] },
    { secret: "UMLAUT_KEY", tools: ["component"] },
  ],
  "percent-decoded": [{ secret: "PERCENT_KEY", tools: ["component", "form"] }],
  "base64-encoded": [
    { secret: "PLAIN_KEY", tools: ["plain", "of-line", "url-safe", "lines"] },
    { secret: "UMLAUT_KEY", tools: ["plain"] },
  ],
  "base64-decoded": [{ secret: "BASE64_KEY", tools: ["plain"] }],
  "backslash-escaped": [{ secret: "SPEECH_KEY", tools: ["json", "twice"] }],
  "literal-newline": [{ secret: "LINES_KEY", tools: ["kept", "joined"] }],
  unrendered: [
    {
      secret: "PLAIN_KEY",
      tools: ["railway", "railway-shared", "shell", "windows"],
      leavesNothing: true,
    },
  ],
  "dollar-expanded": [{ secret: "DOLLAR_KEY", tools: ["template"] }],
  "cut-at-hash": [{ secret: "HASH_KEY", tools: ["shell"] }],
  "cut-at-blank": [{ secret: "WORDS_KEY", tools: ["shell"] }],
  "cut-at-255": [{ secret: "LONG_KEY", tools: ["field"] }],
  "cut-at-256": [{ secret: "LONG_KEY", tools: ["field"] }],
  "cut-at-1024": [{ secret: "VERY_LONG_KEY", tools: ["field", "c-string"] }],
  "first-line-only": [{ secret: "LINES_KEY", tools: ["lines"] }],
  "case-changed": [
    { secret: "PLAIN_KEY", tools: ["lower", "upper"] },
    { secret: "UMLAUT_KEY", tools: ["upper"] },
  ],
  "byte-order-mark": [{ secret: "PLAIN_KEY", tools: ["windows", "misread"] }],
  "unicode-normalised": [{ secret: "UMLAUT_KEY", tools: ["nfd", "nfkc"] }],
  placeholder: [{ secret: "PLAIN_KEY", tools: ["none", "word"], leavesNothing: true }],
};
