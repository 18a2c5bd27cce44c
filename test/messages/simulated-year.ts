import type { HealReason } from "../../functions/core/heal-outcome.ts";
import type { HealReport, HolderReport, Report, SecretReport } from "../../functions/core/report.ts";
import { isoTime } from "../../functions/core/time.ts";
import { behind, heal, holder, report } from "../core/reports.ts";

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
export const startMs = Date.UTC(2026, 0, 1);
const token = "OPENCLAW_GATEWAY_TOKEN";
const names = ["INTERNAL_AUTH_SECRET", token];
const services = ["railway-production", "railway-staging"];
const hosts = ["vps", "mac-mini", "laptop"];

interface Place {
  readonly environment: string;
  readonly secret: string;
  /** Since when it was seen to be wrong; absent where it is right. */
  wrongSinceMs?: number;
  /** When somebody puts it right, or the next repair may be tried. */
  untilMs: number;
  /** Until when it goes to and fro at every look. */
  flapsUntilMs: number;
  tries: number;
}

/** Dice that fall the same way for the same seed (mulberry32). */
function diceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A fleet over a year, as its checks report it: drifts that are repaired, fail to be, or wait for a person; hosts that
 * flap; a laptop that sleeps at night and is away for days; a token that is replaced every month, sometimes too late.
 */
export class SimulatedYear {
  readonly #roll: () => number;
  readonly #places: readonly Place[];
  #tokenBornMs = startMs;
  #tokenVersion = 1;
  #tokenLateMs = 0;
  #laptopAwayUntilMs = 0;
  #sourceWrongUntilMs = 0;
  #isFailed = false;
  #run = 0;

  constructor(seed: number) {
    this.#roll = diceOf(seed);
    const fresh = { untilMs: 0, flapsUntilMs: 0, tries: 0 };
    this.#places = [...services, ...hosts].flatMap((environment) =>
      names.map((secret) => ({ environment, secret, ...fresh })),
    );
  }

  /** When checks are made: every six hours, and twice a week by a changed secret. */
  *times(): Generator<number> {
    for (let atMs = startMs; atMs < startMs + 365 * dayMs; atMs += 6 * hourMs) {
      yield atMs;
      if (this.#roll() < 0.07) yield atMs + Math.floor(this.#roll() * 5) * hourMs + 60_000;
    }
  }

  /** Nothing more goes wrong, and all that is wrong was put right. */
  calmDown(): void {
    for (const place of this.#places) {
      delete place.wrongSinceMs;
      Object.assign(place, { flapsUntilMs: 0, untilMs: Number.POSITIVE_INFINITY });
    }
    this.#laptopAwayUntilMs = 0;
    this.#sourceWrongUntilMs = 0;
    this.#isFailed = false;
  }

  report(nowMs: number, isCalm = false): Report {
    if (!isCalm) this.#live(nowMs);
    if (isCalm) this.#tokenBornMs = nowMs;
    this.#run += 1;
    const heals: HealReport[] = [];
    const isAsleep = !isCalm && (nowMs % dayMs < 6 * hourMs || nowMs < this.#laptopAwayUntilMs);
    const environments = [...services, ...hosts].map((name) => ({
      name,
      secrets: this.#places
        .filter(({ environment }) => environment === name)
        .map((place) => this.#holder(place, nowMs, isAsleep, heals)),
      capabilities: [],
    }));
    const run = { id: `run-${this.#run}`, startedAt: isoTime(nowMs) };
    const status = this.#isFailed ? "failed" : "drifted";
    return { ...report({ status, run, secrets: this.#secrets(nowMs), heals }), environments };
  }

  #live(nowMs: number): void {
    const roll = this.#roll;
    this.#isFailed = roll() < 0.002;
    if (roll() < 0.004) this.#laptopAwayUntilMs = nowMs + (2 + roll() * 8) * dayMs;
    if (roll() < 0.002) this.#sourceWrongUntilMs = nowMs + roll() * 3 * dayMs;
    this.#liveToken(nowMs);
    for (const place of this.#places) {
      if (place.wrongSinceMs === undefined && nowMs >= place.untilMs) this.#mayDrift(place, nowMs);
      else if (this.#isMendedByPerson(place, nowMs)) delete place.wrongSinceMs;
      if (nowMs < place.flapsUntilMs) this.#flap(place, nowMs);
    }
  }

  #liveToken(nowMs: number): void {
    if (nowMs < this.#tokenBornMs + 27 * dayMs + this.#tokenLateMs) return;
    this.#tokenBornMs = nowMs;
    this.#tokenVersion += 1;
    this.#tokenLateMs = this.#roll() < 0.3 ? 5 * dayMs : 0;
  }

  #mayDrift(place: Place, nowMs: number): void {
    if (this.#roll() >= 0.004) return;
    const isHost = hosts.includes(place.environment);
    place.wrongSinceMs = nowMs;
    place.tries = 0;
    place.untilMs = isHost ? nowMs + this.#roll() * 4 * dayMs : 0;
    if (isHost && this.#roll() < 0.15) place.flapsUntilMs = nowMs + (2 + this.#roll() * 3) * dayMs;
  }

  #isMendedByPerson(place: Place, nowMs: number): boolean {
    return hosts.includes(place.environment) && place.wrongSinceMs !== undefined && nowMs >= place.untilMs;
  }

  #flap(place: Place, nowMs: number): void {
    if (place.wrongSinceMs === undefined) place.wrongSinceMs = nowMs;
    else delete place.wrongSinceMs;
    place.untilMs = place.flapsUntilMs;
  }

  #holder(place: Place, nowMs: number, isAsleep: boolean, heals: HealReport[]): HolderReport {
    const { environment, secret: name } = place;
    if (this.#isFailed)
      return holder({ name, verdict: { kind: "unknown", because: "truth", detail: "not read" } });
    if (environment === "laptop" && isAsleep)
      return holder({ name, verdict: { kind: "unknown", because: "unreachable", detail: "no answer" } });
    if (place.wrongSinceMs === undefined) return holder({ name });
    const wrong = holder({
      ...{ name, verdict: behind, cause: "variable", since: isoTime(place.wrongSinceMs) },
      remedy: { kind: "by-hand", steps: ["Set it.", "Restart it."] },
    });
    if (hosts.includes(environment)) return wrong;
    if (nowMs < this.#sourceWrongUntilMs && name === names[0])
      return {
        ...wrong,
        remedy: { kind: "withheld", withheld: { reason: "source-suspect", wouldBe: "redeploy" } },
      };
    return this.#repaired(place, wrong, heals);
  }

  /** Most repairs succeed at once; some fail a few times, some are not proven in time. */
  #repaired(place: Place, wrong: HolderReport, heals: HealReport[]): HolderReport {
    const { environment, secret } = place;
    const was = [{ secret, verdict: behind, cause: "variable", action: "set-and-redeploy" }] as const;
    const ended = (status: HealReport["status"], reason?: HealReason): void => {
      heals.push(heal({ environment, secrets: [secret], status, was, ...(reason && { reason }) }));
    };
    place.tries += 1;
    const luck = this.#roll();
    if (luck < 0.2 && place.tries < 4) {
      ended("failed", luck < 0.1 ? "deployment-failed" : "not-written");
      return { ...wrong, remedy: { kind: "set-and-redeploy" } };
    }
    delete place.wrongSinceMs;
    if (luck >= 0.3) {
      ended("healed");
      return holder({ name: secret });
    }
    ended("timed-out", "unproven");
    return holder({ name: secret, verdict: { kind: "unknown", because: "timeout", detail: "slow" } });
  }

  #secrets(nowMs: number): readonly SecretReport[] {
    if (this.#isFailed) return names.map((name) => ({ name, truth: "unknown", detail: "not read" }));
    const ageMs = nowMs - this.#tokenBornMs;
    const truth = ageMs >= 30 * dayMs ? "expired" : ageMs >= 25 * dayMs ? "expiring" : "valid";
    const expiresAt = isoTime(this.#tokenBornMs + 30 * dayMs);
    const isSuspect = nowMs < this.#sourceWrongUntilMs;
    return [
      {
        name: "INTERNAL_AUTH_SECRET",
        truth: "valid",
        ...(isSuspect && { detail: "the current version is a twin" }),
      },
      { name: token, truth, expiresAt, version: { id: `version-${this.#tokenVersion}` } },
    ];
  }
}
