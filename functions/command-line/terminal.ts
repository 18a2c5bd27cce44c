import type { EnvironmentVariables } from "../adapters/environment-source.ts";

/** A stream that may be a terminal; Node's own standard streams fit. */
export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/** All that a command may touch of the process that runs it. */
export interface Terminal {
  /** Results only, so that they can be piped. */
  readonly out: OutputStream;
  /** Everything else: progress, mistakes, advice. */
  readonly error: OutputStream;
  readonly variables: EnvironmentVariables;
}

const columnsDefault = 80;
/** Below this a table is no table any more; the terminal wraps it. */
const columnsMin = 40;

/** How wide a text may be; 80 where nobody says, as in a pipe, or where a terminal says 0. */
export function columnsOf({ columns = 0 }: OutputStream): number {
  return columns === 0 ? columnsDefault : Math.max(columnsMin, columns);
}

/** Colour on a terminal only, unless NO_COLOR (no-color.org) or FORCE_COLOR says otherwise; the former wins. */
export function wantsColour(stream: OutputStream, variables: EnvironmentVariables): boolean {
  const { NO_COLOR: never = "", FORCE_COLOR: forced = "" } = variables;
  if (never !== "") return false;
  if (forced !== "") return forced !== "0" && forced !== "false";
  return isCapable(stream, variables);
}

/**
 * Whether a line can be written over. A terminal that was never given a size says 0 columns (a fresh pseudo-terminal
 * does): to a spinner its line is infinitely many lines high, and it would take them away for ever.
 */
export function isAnimated(stream: OutputStream, variables: EnvironmentVariables): boolean {
  return isCapable(stream, variables) && (stream.columns ?? 0) > 0;
}

function isCapable({ isTTY }: OutputStream, { TERM: terminal }: EnvironmentVariables): boolean {
  return isTTY === true && terminal !== "dumb";
}
