import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { expect } from "vitest";

/** A value that looks like a secret, the same in every run, and that must show up nowhere. */
export function canary(label: string): string {
  return createHash("sha256").update(`canary ${label}`).digest("base64");
}

/** So much of a value is a leak already: `JSON.parse` quotes no more than ten characters of its input. */
const pieceLength = 8;

/**
 * Expects that none of the canaries, nor a piece of one, is in a text or in all that can be printed of a value:
 * as it is, in base64, in hex, percent-encoded, escaped for JSON, backwards, or in other letter case.
 */
export function expectNoCanary(output: unknown, canaries: readonly string[]): void {
  const printed = printedForms(output).join("\n").toLowerCase();
  const found = canaries.flatMap((value, index) =>
    disguises(value).flatMap(([disguise, text]) =>
      piecesOf(text).some((piece) => printed.includes(piece.toLowerCase())) ? [`${index}: ${disguise}`] : [],
    ),
  );
  expect(found, "canaries by number, and how they were disguised").toEqual([]);
}

/** All roads that a value takes to a log. */
function printedForms(output: unknown): string[] {
  if (typeof output === "string") return [output];
  const inspected = inspect(output, { depth: null, showHidden: true, maxStringLength: null });
  const ofError = output instanceof Error ? [output.message, output.stack ?? "", inspect(output.cause)] : [];
  return [inspected, JSON.stringify(output) ?? "", String(output), ...ofError];
}

function disguises(value: string): (readonly [disguise: string, text: string])[] {
  const bytes = Buffer.from(value);
  return [
    ["plain", value],
    ["backwards", [...value].reverse().join("")],
    ["JSON", JSON.stringify(value).slice(1, -1)],
    ["percent-encoded", encodeURIComponent(value)],
    ["hex", bytes.toString("hex")],
    ...[0, 1, 2].map((offset) => {
      // Inside of a longer text, base64 looks different by where the value begins, and so do its ends.
      const shifted = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
      return [`base64 from byte ${offset}`, shifted.slice(4, -4)] as const;
    }),
    ["base64url", bytes.toString("base64url").slice(4, -4)],
  ];
}

function piecesOf(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - pieceLength + 1) }, (_, start) =>
    text.slice(start, start + pieceLength),
  );
}
