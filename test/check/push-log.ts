import { expect } from "vitest";
import type { SmallFleet } from "../heal/small-fleet.ts";

const hourMs = 3_600_000;
/** A repair's start counts, and it may take some of this until Railway is asked; the first of a plan are waited for. */
const slackMs = hourMs / 2;
const dayMs = 24 * hourMs;

/** What Railway had been asked for when a tick began. */
export interface PushLook {
  readonly calls: number;
  readonly redeployments: ReadonlyMap<string, number>;
}

/** What a tick may not do, as the world knows. */
export interface PushRules {
  /** Environments whose processes told nothing. */
  readonly silent: ReadonlySet<string>;
  /** Secrets that could not be read, or whose source is wrong. */
  readonly unwritable: ReadonlySet<string>;
  /** Nothing true could be read at all. */
  readonly isBlind: boolean;
  readonly withoutMemory: boolean;
  /** A truth that changes in the middle of a repair is repaired to once more. */
  readonly roundsMax: number;
  /** A person has named what is to be repaired. */
  readonly isNamed: boolean;
  /** Service → the secrets for which it was pushed to, as the runs tell. */
  readonly repaired: ReadonlyMap<string, readonly string[]>;
  readonly truth: (secret: string) => string;
}

interface Write {
  readonly atMs: number;
  readonly value: string;
}

/** What was changed at Railway, by Railway's own books. */
export class PushLog {
  readonly #fleet: SmallFleet;
  readonly #services: readonly string[];
  readonly #fixesPerDayMax: number;
  /** Service → when it was pushed to, one time for each tick that did. */
  readonly #pushes = new Map<string, number[]>();
  readonly #lastWrites = new Map<string, Write>();

  constructor(fleet: SmallFleet, services: readonly string[], fixesPerDayMax: number) {
    this.#fleet = fleet;
    this.#services = services;
    this.#fixesPerDayMax = fixesPerDayMax;
  }

  begin(): PushLook {
    const redeployments = this.#services.map((service) => [service, this.#redeploymentsOf(service)] as const);
    return { calls: this.#fleet.railway.calls.length, redeployments: new Map(redeployments) };
  }

  expectAllowed(look: PushLook, rules: PushRules): void {
    this.#expectSharedAllowed(look, rules);
    for (const service of this.#services) {
      const redeployed = this.#redeploymentsOf(service) - (look.redeployments.get(service) ?? 0);
      const writes = this.#writesTo(service, look);
      const written = new Set(writes.flatMap(({ variableNames }) => variableNames));
      expect(redeployed, `redeployments of ${service} in one tick`).toBeLessThanOrEqual(rules.roundsMax);
      const forbidden = [...written].filter((name) => rules.unwritable.has(name));
      expect(forbidden, `written to ${service}: unreadable, or of a wrong source`).toEqual([]);
      if (redeployed + writes.length === 0) continue;
      expect(rules.withoutMemory, `${service} was pushed to though nothing was remembered`).toBe(false);
      expect(rules.silent.has(service), `${service} was pushed to though it is not known to be wrong`).toBe(
        false,
      );
      expect(rules.isBlind, `${service} was pushed to though nothing true is known`).toBe(false);
      this.#expectBounded(service);
      this.#expectPatience(service, new Set([...written, ...(rules.repaired.get(service) ?? [])]), rules);
    }
  }

  /** What is shared is every service's: none of them may be unseen. */
  #expectSharedAllowed({ calls }: PushLook, { silent, unwritable, isBlind, withoutMemory }: PushRules): void {
    const shared = this.#writes(calls).filter(({ ids }) => ids["serviceId"] === undefined);
    if (shared.length === 0) return;
    const names = shared.flatMap(({ variableNames }) => variableNames);
    expect(
      names.filter((name) => unwritable.has(name)),
      "shared: unreadable, or of a wrong source",
    ).toEqual([]);
    const unseen = this.#services.filter((service) => silent.has(service));
    expect(unseen, "what they share was set though they were not seen").toEqual([]);
    expect(isBlind || withoutMemory, "what is shared was set blindly").toBe(false);
  }

  #expectBounded(service: string): void {
    const nowMs = this.#now();
    const pushes = [...(this.#pushes.get(service) ?? []), nowMs];
    this.#pushes.set(service, pushes);
    const today = pushes.filter((atMs) => nowMs - atMs < dayMs - slackMs).length;
    expect(today, `pushes to ${service} in 24 hours`).toBeLessThanOrEqual(this.#fixesPerDayMax);
  }

  /** The same value is not written again at once, but for a person who says so. */
  #expectPatience(
    service: string,
    written: ReadonlySet<string>,
    { isNamed, roundsMax, truth }: PushRules,
  ): void {
    for (const secret of written) {
      const key = JSON.stringify([service, secret]);
      const last = this.#lastWrites.get(key);
      const write = { atMs: this.#now(), value: truth(secret) };
      this.#lastWrites.set(key, write);
      const isTooSoon = last?.value === write.value && write.atMs - last.atMs < hourMs - slackMs;
      expect(
        isTooSoon && !isNamed && roundsMax === 1,
        `${secret} was pushed to ${service} again within the cool-down`,
      ).toBe(false);
    }
  }

  #redeploymentsOf(service: string): number {
    return this.#fleet.railway.state.deployments(service).filter(({ reason }) => reason === "redeploy")
      .length;
  }

  #writesTo(service: string, { calls }: PushLook) {
    return this.#writes(calls).filter(({ ids }) => ids["serviceId"] === service);
  }

  #writes(since: number) {
    return this.#fleet.railway.calls
      .slice(since)
      .filter(({ operation }) => operation === "variableCollectionUpsert");
  }

  #now(): number {
    return this.#fleet.clock?.now() ?? 0;
  }
}
