import { settings } from "../contract.ts";
import { type ErrorCode, TallystickError } from "../core/errors.ts";
import { printable, printableLines } from "../core/printable.ts";
import { exitCodeOfMistake, exitCodes } from "../core/report.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { paintFor } from "./rendering/paint.ts";
import { type Terminal, wantsColour } from "./terminal.ts";

/** A mistake in the call itself; `message` says what was wrong and what would be right. */
export function mistake(message: string): TallystickError {
  return new TallystickError("call-invalid", message);
}

/** How a seed is made, wherever one is missed. */
export const seedAdvice = `set ${settings.signingSeed} (make one: openssl rand -base64 32), or ${settings.signingSeedSecret} to its name in AWS Secrets Manager`;

/** Tells people of a failure on standard error, and gives the exit code that tells programs. */
export function tellFailure({ error: stream, variables }: Terminal, error: unknown): number {
  const paint = paintFor(wantsColour(stream, variables));
  const text = printableLines(wordsOf(error));
  stream.write(`${paint.bad("tallystick:")} ${text}\n`);
  const isDebugging = (variables[settings.debug] ?? "") !== "";
  if (isDebugging && error instanceof Error) stream.write(`${paint.dim(framesOf(error))}\n`);
  return exitCodeOf(error);
}

const codes: Readonly<Record<ErrorCode, typeof exitCodeOfMistake | typeof exitCodes.failed>> = {
  "fleet-invalid": exitCodeOfMistake,
  "event-invalid": exitCodeOfMistake,
  "call-invalid": exitCodeOfMistake,
  "setting-missing": exitCodeOfMistake,
  "setting-invalid": exitCodeOfMistake,
  "seed-unreadable": exitCodeOfMistake,
  "truth-unreadable": exitCodes.failed,
  "railway-unreachable": exitCodes.failed,
  "railway-not-authorized": exitCodes.failed,
  "railway-throttled": exitCodes.failed,
  "railway-budget-spent": exitCodes.failed,
  "railway-refused": exitCodes.failed,
  "railway-malformed": exitCodes.failed,
  "publish-failed": exitCodes.failed,
  "heal-not-started": exitCodes.failed,
  "memory-unreadable": exitCodes.failed,
  "run-failed": exitCodes.failed,
};

/** A failure that may pass by itself is nobody's mistake. */
function exitCodeOf(error: unknown): number {
  if (isUnfitSeed(error)) return exitCodeOfMistake;
  return error instanceof TallystickError && !error.retryable ? codes[error.code] : exitCodes.failed;
}

function isUnfitSeed(error: unknown): error is ProtocolError {
  return error instanceof ProtocolError && error.code === "seed-unfit";
}

/** Only our own errors' messages are made for people; any other could quote a value. */
function wordsOf(error: unknown): string {
  if (error instanceof TallystickError) return error.message;
  if (isUnfitSeed(error)) return `${error.message}; ${seedAdvice}`;
  const kind = error instanceof Error ? error.name : typeof error;
  return `stopped by an unexpected error (${kind}); set ${settings.debug}=1 to see where, and report it`;
}

/** Where an error came from, without its message. */
function framesOf(error: Error): string {
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return frames.map(printable).join("\n");
}
