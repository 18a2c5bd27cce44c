import { type Document, type ErrorCode, isScalar, visit } from "yaml";

/** A place that is no YAML, and what YAML expects there. */
export interface SyntaxMistake {
  readonly offset: number;
  readonly expected: string;
}

/** Says YAML's errors in our words: its own may quote what stands there. */
export function syntaxMistakes(document: Document): SyntaxMistake[] {
  const errors = [...document.errors, ...document.warnings].map(({ code, pos }) => ({
    offset: pos[0],
    expected: words[code] ?? "valid YAML",
  }));
  return [...errors, ...prototypeKeys(document)];
}

/** zod passes over this one key without a word, and so would the secret that somebody means to watch. */
function prototypeKeys(document: Document): SyntaxMistake[] {
  const mistakes: SyntaxMistake[] = [];
  visit(document, {
    Pair(_index, { key }) {
      if (isScalar(key) && key.value === "__proto__") {
        mistakes.push({ offset: key.range?.[0] ?? 0, expected: "another key: __proto__ is none" });
      }
    },
  });
  return mistakes;
}

const words: Readonly<Partial<Record<ErrorCode, string>>> = {
  DUPLICATE_KEY: "each key once: this one stands above already",
  BAD_INDENT: "the same indentation as the lines around it",
  TAB_AS_INDENT: "spaces for indentation, no tabs",
  BAD_ALIAS: "an alias (*name) of an anchor (&name) above",
  BAD_DQ_ESCAPE: "an escape that YAML knows in a double-quoted text; use single quotes for a plain backslash",
  MISSING_CHAR: "a character that is missing here, such as a closing quote, a bracket or a comma",
  MULTIPLE_DOCS: "one document: no second one after ---",
  TAG_RESOLVE_FAILED: "no tag (!name)",
  BLOCK_AS_IMPLICIT_KEY: "one key: value on a line, or quotes around a value with a colon",
  MULTILINE_IMPLICIT_KEY: "a key on one line",
  KEY_OVER_1024_CHARS: "a key of at most 1,024 characters",
  NON_STRING_KEY: "a text as key",
  UNEXPECTED_TOKEN: "valid YAML: something stands here that does not belong",
  BAD_SCALAR_START: "quotes around a text that begins with a character like this",
  RESOURCE_EXHAUSTION: "a flatter file",
};
