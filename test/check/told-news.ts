import { expect } from "vitest";
import type { MessageForm } from "../../functions/core/message-form.ts";
import type { Message } from "../../functions/core/ports.ts";
import type { HolderReport, Report } from "../../functions/core/report.ts";

/** How long somebody who began to tell and failed may keep others from telling the same. */
const tellingMs = 300_000;
const dayMs = 86_400_000;
/** Told to have changed so often within three days, something may be told to flap. */
const flapChanges = 6;

type News = MessageForm["news"][number];

/** What one run came to, and what it told. */
export interface TickResult {
  readonly report: Report;
  readonly published: readonly Message[];
  readonly publishFailed: boolean;
  readonly endedAtMs: number;
  /** Which of all runs ended so: two may end in one moment. */
  readonly ending: number;
}

interface Told {
  readonly isOpen: boolean;
  readonly isFlapping: boolean;
  /** What people know of it. */
  readonly content: string;
  readonly atMs: number;
  /** When they were told that it had come, changed or gone. */
  readonly changesMs: readonly number[];
}

const untold: Told = { isOpen: false, isFlapping: false, content: "", atMs: 0, changesMs: [] };

/** What people have been told, reckoned from the messages alone. */
export class ToldNews {
  readonly #told = new Map<string, Told>();
  #excusedUntilMs = 0;

  /** What people still believe to be wrong, or to flap. */
  get open(): readonly string[] {
    return [...this.#told].filter(([, told]) => told.isOpen || told.isFlapping).map(([key]) => key);
  }

  /** Expects that what these runs saw is told, and nothing twice; their order is that of their ends. */
  expectTold(results: readonly TickResult[]): void {
    const readable = results.filter(({ report }) => report.run.memory === undefined);
    for (const result of readable) this.#hear(result);
    for (const { publishFailed, endedAtMs } of results)
      if (publishFailed) this.#excusedUntilMs = Math.max(this.#excusedUntilMs, endedAtMs + tellingMs);
    const isLate = readable.some(({ endedAtMs }) => endedAtMs < this.#excusedUntilMs);
    if (isLate) return;
    const seen = new Map(readable.flatMap(({ report, endedAtMs }) => sightsOf(report, endedAtMs)));
    expect(this.#missing(seen), "seen, and nobody was told").toEqual([]);
  }

  #hear({ report, published, endedAtMs }: TickResult): void {
    expect(published.length, "messages of one run").toBeLessThanOrEqual(1);
    for (const news of published.flatMap(({ data }) => (data as MessageForm).news))
      this.#hearNews(news, report, endedAtMs);
  }

  #hearNews(news: News, report: Report, atMs: number): void {
    const key = keyOf(news.about);
    const before = this.#told.get(key) ?? untold;
    const words = `${news.headline} (${news.kind})`;
    const next = { content: contentOf(news), atMs, isFlapping: before.isFlapping };
    const changesMs = [...before.changesMs.filter((changeMs) => changeMs > atMs - 3 * dayMs), atMs];
    switch (news.kind) {
      case "resolved":
        expect(before.isOpen || before.isFlapping, `over, and nobody knew of it: ${words}`).toBe(true);
        expect(isSeenWrong(news, report), `over, and not seen right: ${words}`).toBe(false);
        this.#told.set(key, { ...next, changesMs, isOpen: false, isFlapping: false });
        return;
      case "repaired":
        expect(news.repair?.status, words).toBe("healed");
        this.#told.set(key, { ...next, changesMs, isOpen: false });
        return;
      case "reminder":
        expect(before.isOpen, `a reminder of nothing: ${words}`).toBe(true);
        expect(atMs - before.atMs, `reminded too soon: ${words}`).toBeGreaterThanOrEqual(dayMs);
        this.#told.set(key, { ...before, atMs });
        return;
      case "flapping":
        if (before.isFlapping)
          expect(atMs - before.atMs, `reminded too soon: ${words}`).toBeGreaterThanOrEqual(dayMs);
        else expect(before.changesMs.length, words).toBeGreaterThanOrEqual(flapChanges);
        this.#told.set(key, { ...next, changesMs, isOpen: false, isFlapping: true });
        return;
      case "steady":
        expect(before.isFlapping, words).toBe(true);
        this.#told.set(key, { ...next, changesMs: [], isOpen: true, isFlapping: false });
        return;
      default: {
        const isSame = before.isOpen && before.content === next.content;
        expect(isSame, `told twice, with nothing new in it: ${words}`).toBe(false);
        expect(before.isFlapping, `flaps, and is told of all the same: ${words}`).toBe(false);
        this.#told.set(key, { ...next, changesMs, isOpen: true });
      }
    }
  }

  #missing(seen: ReadonlyMap<string, Sight>): string[] {
    return [...seen].flatMap(([key, { isWrong, endedAtMs }]) => {
      const { isOpen, isFlapping, atMs } = this.#told.get(key) ?? untold;
      if (isFlapping) return [];
      if (isWrong !== isOpen) return [`${key} is ${isWrong ? "wrong" : "right again"}`];
      return isOpen && endedAtMs - atMs >= dayMs ? [`${key} is still wrong`] : [];
    });
  }
}

interface Sight {
  readonly isWrong: boolean;
  readonly endedAtMs: number;
}

/** What a run saw to be wrong or right. What somebody repairs now is told by who repairs it. */
function sightsOf({ environments, secrets, heals }: Report, endedAtMs: number): [string, Sight][] {
  const holders = environments.flatMap(({ name, secrets: held }) =>
    held.flatMap((holder): [string, boolean][] => {
      const heal = heals.findLast((one) => one.environment === name && one.secrets.includes(holder.name));
      const isUnfinished = heal?.status === "failed" || heal?.status === "timed-out";
      const isBusy = holder.remedy.withheld?.reason === "in-flight" || heal?.reason === "in-flight";
      if ((holder.verdict.kind === "unknown" && !isUnfinished) || isBusy) return [];
      return [
        [
          keyOf({ kind: "holder", environment: name, secret: holder.name }),
          isUnfinished || isFinding(holder),
        ],
      ];
    }),
  );
  const sources = secrets.flatMap(({ name, truth, detail }): [string, boolean][] => {
    if (truth === "unknown") return [];
    const isSuspect = detail !== undefined && truth !== "placeholder";
    return [
      // That it will expire is told once, and never reminded of.
      ...(truth === "expiring"
        ? []
        : [[keyOf({ kind: "secret", secret: name }), wrongTruths.has(truth)] as [string, boolean]]),
      [keyOf({ kind: "source", secret: name }), isSuspect],
    ];
  });
  return [...holders, ...sources].map(([key, isWrong]) => [key, { isWrong, endedAtMs }]);
}

const wrongTruths: ReadonlySet<string> = new Set(["placeholder", "expired", "rejected", "verifier-unseen"]);

/** An environment falls silent with all its secrets, and is told of once. */
function keyOf(about: News["about"]): string {
  return JSON.stringify(about.kind === "unseen" ? ["unseen", about.environment] : Object.values(about));
}

function contentOf({ kind, verdict, cause, withheld, repair, truth, versionId, about }: News): string {
  // The next value of a secret may be as wrong as the one before: that is news of the secret itself.
  const ofSecret = about.kind === "secret" ? [truth, versionId] : [verdict, cause, withheld, repair?.reason];
  return JSON.stringify([kind, ...ofSecret]);
}

function isSeenWrong({ about }: News, report: Report): boolean {
  if (about.kind !== "holder") return false;
  const holder = report.environments
    .find(({ name }) => name === about.environment)
    ?.secrets.find(({ name }) => name === about.secret);
  return holder === undefined || holder.verdict.kind === "unknown" || isFinding(holder);
}

/** Wrong now, or at the next start; what could not be seen is neither. */
function isFinding({ verdict, cause, remedy }: HolderReport): boolean {
  return verdict.kind !== "unknown" && (cause !== undefined || remedy.kind !== "none");
}
