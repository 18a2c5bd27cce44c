import stringWidth from "string-width";
import type { Paint } from "./paint.ts";

/** What a text is laid out on. */
export interface Page {
  readonly columns: number;
  readonly paint: Paint;
}

/** A text in a table: measured as it is, painted afterwards. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

const gap = 2;
/** Prose wider than this is hard to read, however wide the terminal is. */
const proseColumnsMax = 110;

/** Rows in aligned columns, without blanks at their ends. */
export function tableLines(rows: readonly (readonly Cell[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, { text }] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, stringWidth(text));
    }
  }
  return rows.map((row) =>
    row
      .map(({ text, paint = asItIs }, index) => {
        const isLast = index === row.length - 1;
        return (
          (text === "" ? "" : paint(text)) +
          (isLast ? "" : " ".repeat((widths[index] ?? 0) - stringWidth(text) + gap))
        );
      })
      .join("")
      .trimEnd(),
  );
}

/** How wide a table of such columns is. */
export function tableWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap * Math.max(0, widths.length - 1);
}

function asItIs(text: string): string {
  return text;
}

/** A text in lines, each behind the label's width; the label stands before the first. */
export function labelled(
  { text: label, paint: paintLabel = asItIs }: Cell,
  { text, paint = asItIs }: Cell,
  { columns }: Page,
): string[] {
  const indent = stringWidth(label);
  return wrapped(text, Math.min(columns, proseColumnsMax) - indent).map(
    (line, index) => (index === 0 ? paintLabel(label) : " ".repeat(indent)) + paint(line),
  );
}

/** One fact about the thing whose line stands above. */
export function factLines(label: string, text: string, page: Page): string[] {
  return labelled({ text: `    ${label.padEnd(8)}`, paint: page.paint.dim }, { text }, page);
}

/** Breaks a text at blanks; a word that is too wide stays whole, so that it can be copied. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(" ").filter((each) => each !== "")) {
    const longer: string = line === undefined ? word : `${line} ${word}`;
    if (line !== undefined && stringWidth(longer) > columns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line ?? ""];
}

/** Shortens a text at its end to so many columns. */
export function cutEnd(text: string, columns: number): string {
  return stringWidth(text) <= columns ? text : `${head(graphemes(text), columns - 1)}…`;
}

/** Shortens a text in its middle: of names, beginning and end tell most. */
export function cutMiddle(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  const start = Math.ceil((columns - 1) / 2);
  const reversed = head(graphemes(text).toReversed(), columns - 1 - start);
  return `${head(graphemes(text), start)}…${graphemes(reversed).toReversed().join("")}`;
}

const segmenter = new Intl.Segmenter();

/** What people see as one character is never cut in two. */
function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function head(parts: readonly string[], columns: number): string {
  let kept = "";
  for (const part of parts) {
    if (stringWidth(kept + part) > columns) break;
    kept += part;
  }
  return kept;
}
