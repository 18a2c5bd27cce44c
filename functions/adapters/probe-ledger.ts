import type { ProbeResult } from "../core/observation.ts";

/** What a try of a capability met, before anybody judges it: two capabilities may judge one call differently. */
export type ProbeOutcome =
  | { readonly kind: "status"; readonly httpStatus: number }
  | { readonly kind: "unknown"; readonly because: string };

/** Calls with a secret that may go unanswered in a row before no more are made to their origin. */
const silencesMax = 2;

/** What was learnt of one origin. */
interface OriginRecord {
  readonly outcomes: Map<string, Promise<ProbeOutcome>>;
  wasDenied: boolean;
  hasAccepted: boolean;
  silencesInARow: number;
}

/**
 * What one run has tried, by origin (scheme, host and port). It keeps a run from calling twice, and from being
 * locked out: gateways count denied calls, and a checker that goes on would shut everybody out.
 */
export class ProbeLedger {
  readonly #origins = new Map<string, OriginRecord>();

  /** The outcome of the same call, made or under way. */
  recall(origin: string, call: string): Promise<ProbeOutcome> | undefined {
    return this.#origins.get(origin)?.outcomes.get(call);
  }

  remember(origin: string, call: string, outcome: Promise<ProbeOutcome>): void {
    this.#record(origin).outcomes.set(call, outcome);
  }

  /** Notes what became of a call that carried a secret. */
  note(origin: string, { kind }: ProbeResult): void {
    const record = this.#record(origin);
    record.wasDenied ||= kind === "denied";
    record.hasAccepted ||= kind === "works";
    record.silencesInARow = kind === "unknown" ? record.silencesInARow + 1 : 0;
  }

  /** Why no further call may carry a secret to this origin. */
  refusal(origin: string): string | undefined {
    const record = this.#origins.get(origin);
    const { host } = new URL(origin);
    if (record?.wasDenied) {
      return `not tried: ${host} denied one call already in this run (gateways lock out)`;
    }
    if (record && record.silencesInARow >= silencesMax) {
      return `not tried: ${host} left ${silencesMax} calls in a row unanswered in this run`;
    }
    return undefined;
  }

  /** Whether the origin has taken a secret already, so that several calls at once risk no lockout. */
  hasAccepted(origin: string): boolean {
    return this.#origins.get(origin)?.hasAccepted ?? false;
  }

  /** Forgets an origin whose process was replaced: what the old one denied, the new one may take. */
  renew(origin: string): void {
    this.#origins.delete(origin);
  }

  #record(origin: string): OriginRecord {
    let record = this.#origins.get(origin);
    if (record === undefined) {
      record = { outcomes: new Map(), wasDenied: false, hasAccepted: false, silencesInARow: 0 };
      this.#origins.set(origin, record);
    }
    return record;
  }
}
