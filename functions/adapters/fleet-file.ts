import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";
import { type Fleet, type FleetMistake, readFleet } from "../core/fleet.ts";
import { limits } from "../core/limits.ts";
import { syntaxMistakes } from "./fleet-syntax.ts";

/** One mistake in a fleet file. It tells where and what was expected, never what was found: that may be a secret. */
export interface FileMistake {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** As `environments.vps.health`; empty for the file as a whole. */
  readonly path: string;
  readonly expected: string;
}

export type FleetFileReading =
  | { readonly kind: "fleet"; readonly fleet: Fleet }
  | { readonly kind: "mistakes"; readonly mistakes: readonly FileMistake[] };

/** Aliases may stand for so many nodes in all; more is a bomb ("a billion laughs"), not a fleet. */
const aliasesMax = 1_000;

/** Reads a fleet from the text of a YAML or JSON file; `name` is what mistakes call the file. Never throws. */
export function readFleetFile(text: string, name: string): FleetFileReading {
  const fail = (expected: string): FleetFileReading => ({
    kind: "mistakes",
    mistakes: [{ file: name, line: 1, path: "", expected }],
  });
  if (Buffer.byteLength(text) > limits.fleetBytesMax) {
    return fail(`a file of at most ${limits.fleetBytesMax} bytes`);
  }
  try {
    return readDocument(text, name);
  } catch {
    // The parser recurses into nested nodes, and refuses aliases without end: its message may quote the file.
    return fail(
      "plain YAML: neither nested a thousand levels deep nor with aliases that multiply each other",
    );
  }
}

function readDocument(text: string, file: string): FleetFileReading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const ofSyntax = syntaxMistakes(document);
  if (ofSyntax.length > 0) {
    const mistakes = ofSyntax.map(({ offset, expected }) => ({
      ...{ file, line: lines.linePos(offset).line, path: "" },
      expected,
    }));
    return { kind: "mistakes", mistakes };
  }
  const reading = readFleet(document.toJS({ maxAliasCount: aliasesMax }));
  if (reading.kind === "fleet") return reading;
  const resolve = (node: unknown) => (isAlias(node) ? node.resolve(document) : node);
  const mistakes = reading.mistakes.map(({ path, expected }) => ({
    ...{ file, line: lines.linePos(offsetOf(document.contents, path, resolve)).line, path: pathText(path) },
    expected: withoutPreamble(expected),
  }));
  return { kind: "mistakes", mistakes: mistakes.sort((one, other) => one.line - other.line) };
}

/** zod begins its own messages with what went wrong; here every line says "expected" itself. */
function withoutPreamble(expected: string): string {
  return expected.replace(/^(?:Invalid [a-z ]+|Too small|Too big): expected /, "");
}

/** The offset of the node at a path, or of the last one before it that is there. */
function offsetOf(
  root: Node | null,
  path: FleetMistake["path"],
  resolve: (node: unknown) => unknown,
): number {
  let offset = root?.range?.[0] ?? 0;
  let node: unknown = root;
  for (const step of path) {
    const collection = resolve(node);
    const [at, next] = isMap(collection)
      ? memberOf(collection, step)
      : isSeq(collection)
        ? [startOf(collection.items[Number(step)]), collection.items[Number(step)]]
        : [undefined, undefined];
    if (at === undefined) return offset;
    offset = at;
    node = next;
  }
  return offset;
}

/** A member is where its key is: that is the line that people look for. */
function memberOf(map: YAMLMap, step: string | number): [at: number | undefined, value: unknown] {
  const pair = map.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  return pair ? [startOf(pair.key), pair.value] : [undefined, undefined];
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}

/** Odd keys are quoted, so that none of them can write on a terminal, and cut: a key may be a value misplaced. */
function pathText(path: FleetMistake["path"]): string {
  return path.map(stepText).join(".");
}

const stepLengthMax = 64;

function stepText(step: string | number): string {
  const text = String(step);
  if (/^[\w.-]{1,64}$/.test(text)) return text;
  const cut = text.length > stepLengthMax ? `${text.slice(0, stepLengthMax)}…` : text;
  return JSON.stringify(cut);
}

/** One line for each mistake, in columns. */
export function mistakeLines(mistakes: readonly FileMistake[]): string[] {
  const places = mistakes.map(({ file, line }) => `${file}:${line}`);
  const width = Math.max(0, ...places.map(({ length }) => length));
  return mistakes.map(({ path, expected }, index) => {
    const place = (places[index] ?? "").padEnd(width);
    return `${place}  ${path === "" ? "" : `${path}: `}expected ${expected}`;
  });
}
