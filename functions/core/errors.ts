/** Every way in which work can fail, as one word that a log, a metric and `explain` share. */
export type ErrorCode =
  | "fleet-invalid"
  | "event-invalid"
  | "call-invalid"
  | "setting-missing"
  | "setting-invalid"
  | "seed-unreadable"
  | "truth-unreadable"
  | "railway-unreachable"
  | "railway-not-authorized"
  | "railway-throttled"
  | "railway-budget-spent"
  | "railway-refused"
  | "railway-malformed"
  | "publish-failed"
  | "heal-not-started"
  | "memory-unreadable"
  | "run-failed";

/**
 * The one error of this project. The message says what happened, to which thing, and what to do next;
 * it never carries a secret's value, nor text that somebody else wrote (which could echo one).
 */
export class TallystickError extends Error {
  override readonly name = "TallystickError";
  readonly code: ErrorCode;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** When the other side asked to be left alone: how long, in milliseconds. */
  readonly retryAfterMs?: number;

  constructor(
    code: ErrorCode,
    message: string,
    options: { retryable?: boolean; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}
