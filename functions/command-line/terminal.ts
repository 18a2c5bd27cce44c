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

/** How wide a text may be; 80 where nobody says, as in a pipe. */
export function columnsOf({ columns }: OutputStream): number {
  return Math.max(columnsMin, columns ?? columnsDefault);
}

/** Colour on a terminal only, unless NO_COLOR (no-color.org) or FORCE_COLOR says otherwise; the former wins. */
export function wantsColour(stream: OutputStream, variables: EnvironmentVariables): boolean {
  const { NO_COLOR: never = "", FORCE_COLOR: forced = "" } = variables;
  if (never !== "") return false;
  if (forced !== "") return forced !== "0" && forced !== "false";
  return isAnimated(stream, variables);
}

/** Whether what was written can be written over: a terminal, and not one that says it is dumb. */
export function isAnimated({ isTTY }: OutputStream, { TERM: terminal }: EnvironmentVariables): boolean {
  return isTTY === true && terminal !== "dumb";
}
