import { TallystickError } from "../../core/errors.ts";
import type { CallQuota } from "../../core/observation.ts";
import { isoTime } from "../../core/time.ts";
import { minuteWords } from "../../core/wording.ts";
import type { Failure } from "./failure.ts";
import type { Exchange } from "./transport.ts";

/** A reset that is told as seconds from now wanders a little from answer to answer. */
const sameResetMs = 60_000;

/** Whether Railway has asked that one token be not used for a while. */
export class Throttle {
  #closedUntilMs = Number.NEGATIVE_INFINITY;
  #retryAtMs: number | undefined;
  #quota: CallQuota | undefined;

  /** What the token's hour still allows, as the last answer said. */
  get quota(): CallQuota | undefined {
    return this.#quota;
  }

  /** @throws TallystickError `railway-throttled` as long as it is closed */
  requireOpen(nowMs: number): void {
    if (nowMs >= this.#closedUntilMs) return;
    throw new TallystickError(
      "railway-throttled",
      `Railway asked for fewer calls, so that none is made with this token now${this.#againWords()}`,
      { retryable: true, retryAfterMs: this.#retryAfterMs(nowMs) },
    );
  }

  /**
   * A throttled call closes it for the rest of the run: waits of 40 minutes have been seen, and a call in between
   * may prolong them. One that used up the quota closes it until the quota is full again.
   */
  note(exchange: Exchange, failure: Failure | undefined, nowMs: number): void {
    if (exchange.kind === "answered") this.#noteQuota(exchange, nowMs);
    if (failure?.code === "railway-throttled") {
      const { retryAfterMs } = failure;
      this.#close(Number.POSITIVE_INFINITY, retryAfterMs === undefined ? undefined : nowMs + retryAfterMs);
    } else if (exchange.kind === "answered" && exchange.header("x-ratelimit-remaining") === "0") {
      const resetMs = resetAtMs(exchange.header("x-ratelimit-reset"), nowMs);
      this.#close(resetMs ?? Number.POSITIVE_INFINITY, resetMs);
    }
  }

  /** Answers may overtake each other: within one hour only fewer are left. */
  #noteQuota({ header }: Extract<Exchange, { kind: "answered" }>, nowMs: number): void {
    const remaining = header("x-ratelimit-remaining");
    const untilMs = resetAtMs(header("x-ratelimit-reset"), nowMs);
    if (remaining === undefined || !/^\d{1,9}$/.test(remaining) || untilMs === undefined) return;
    // What was left of an hour that is over says nothing of the next one.
    if (untilMs <= nowMs) return;
    const before = this.#quota;
    const isSameHour = before !== undefined && Math.abs(before.untilMs - untilMs) < sameResetMs;
    const callsLeft = isSameHour ? Math.min(before.callsLeft, Number(remaining)) : Number(remaining);
    this.#quota = { callsLeft, untilMs };
  }

  #againWords(): string {
    return this.#retryAtMs === undefined ? "" : `; it goes on at ${minuteWords(isoTime(this.#retryAtMs))}`;
  }

  /** An answer that was longer under way does not shorten what a later one asked for. */
  #close(untilMs: number, retryAtMs: number | undefined): void {
    if (untilMs < this.#closedUntilMs) return;
    this.#closedUntilMs = untilMs;
    this.#retryAtMs = retryAtMs ?? this.#retryAtMs;
  }

  #retryAfterMs(nowMs: number): number | undefined {
    return this.#retryAtMs === undefined ? undefined : Math.max(0, this.#retryAtMs - nowMs);
  }
}

/** Railway documents the header's name only, so each usual form is understood: a date, epoch or from now on. */
function resetAtMs(reset: string | undefined, nowMs: number): number | undefined {
  if (reset === undefined) return undefined;
  if (!/^\d{1,16}$/.test(reset)) return finite(Date.parse(reset));
  const number = Number(reset);
  if (number > 100_000_000_000) return number;
  return number > 1_000_000_000 ? number * 1000 : nowMs + number * 1000;
}

function finite(number: number): number | undefined {
  return Number.isFinite(number) ? number : undefined;
}
