import { limits } from "../../core/limits.ts";
import type { Clock } from "../../core/ports.ts";

const secondMs = 1_000;

/**
 * Keeps one token below its calls a second: who goes over it is answered 429 and, at Railway's edge, may be kept out
 * for a day. Calls line up; each takes its turn before it waits for it.
 */
export class CallPace {
  /** When the last calls began, or are to begin. */
  readonly #turnsMs: number[] = [];
  #perSecond: number = limits.railwayCallsPerSecondMin;

  async turn(clock: Clock): Promise<void> {
    const nowMs = clock.now();
    const free = this.#turnsMs.at(-this.#perSecond);
    const turnMs = free === undefined ? nowMs : Math.max(nowMs, free + secondMs);
    this.#turnsMs.push(turnMs);
    if (this.#turnsMs.length > limits.railwayCallsPerSecondMax) this.#turnsMs.shift();
    if (turnMs > nowMs) await clock.sleep(turnMs - nowMs);
  }

  /** Learns the plan's own limit, such as `10000;w=3600, 50;w=1` (IETF draft "RateLimit header fields"). */
  note(policy: string | undefined): void {
    const perSecond = Number(/(?:^|[\s,])(\d{1,6})\s*;\s*w=1(?:$|[\s,;])/.exec(policy ?? "")?.[1]);
    if (!(perSecond >= 1)) return;
    // A fifth is left for others who hold the same token.
    const ours = Math.max(1, Math.floor(perSecond * 0.8));
    this.#perSecond = Math.min(limits.railwayCallsPerSecondMax, ours);
  }
}
