/** How many requests one token may send. */
export interface RequestLimits {
  readonly perHour: number;
  readonly perSecond: number;
}

/** The Pro plan's (facts/railway.md, 6). */
export const proPlanLimits: RequestLimits = { perHour: 10_000, perSecond: 50 };

/** Cloudflare's limit for requests without a query string, and how long it shuts those out. */
const edgePerSecond = 10;
const edgeBlockMs = 60_000;

const secondMs = 1000;
const hourMs = 3_600_000;

/** How much is left, in the words of the API's headers. */
export interface Quota {
  readonly headers: Readonly<Record<string, string>>;
  /** Whole seconds to wait, or null while there is something left. */
  readonly retryAfterSeconds: number | null;
}

/** Counts the requests of each token in fixed windows of an hour and of a second. */
export class QuotaCounter {
  readonly #limits: RequestLimits;
  readonly #counts = new Map<string, { window: number; count: number }>();

  constructor(limits: RequestLimits) {
    this.#limits = limits;
  }

  take(token: string, now: number): Quota {
    const { perHour, perSecond } = this.#limits;
    const inHour = this.#count(`${token}/hour`, Math.floor(now / hourMs));
    const inSecond = this.#count(`${token}/second`, Math.floor(now / secondMs));
    const endOfHourMs = (Math.floor(now / hourMs) + 1) * hourMs;
    return {
      headers: {
        "X-RateLimit-Limit": String(perHour),
        "X-RateLimit-Remaining": String(Math.max(0, perHour - inHour)),
        "X-RateLimit-Reset": String(endOfHourMs / secondMs),
        "RateLimit-Policy": `${perHour};w=3600, ${perSecond};w=1`,
      },
      retryAfterSeconds:
        inHour > perHour ? Math.ceil((endOfHourMs - now) / secondMs) : inSecond > perSecond ? 1 : null,
    };
  }

  #count(key: string, window: number): number {
    const last = this.#counts.get(key);
    const count = last?.window === window ? last.count + 1 : 1;
    this.#counts.set(key, { window, count });
    return count;
  }
}

/** Cloudflare in front of the API, which sees neither token nor body. */
export class EdgeGate {
  #recent: number[] = [];
  #blockedUntil = Number.NEGATIVE_INFINITY;

  /** Whether a request without a query string is let through now. */
  admits(now: number): boolean {
    this.#recent = [...this.#recent.filter((at) => at > now - secondMs), now];
    if (this.#recent.length > edgePerSecond) this.#blockedUntil = now + edgeBlockMs;
    return now >= this.#blockedUntil;
  }
}
