import { expect } from "vitest";
import type { Message } from "../../functions/core/ports.ts";
import type { HolderReport, Report } from "../../functions/core/report.ts";
import { epochMs } from "../../functions/core/time.ts";

/** How long somebody who began to tell and failed may keep others from telling the same. */
const tellingMs = 300_000;
const dayMs = 86_400_000;

/** What one run came to, and what it told. */
export interface TickResult {
  readonly report: Report;
  readonly published: readonly Message[];
  readonly publishFailed: boolean;
  readonly endedAtMs: number;
  /** Which of all runs ended so: two may end in one moment. */
  readonly ending: number;
}

interface Episode {
  readonly verdict: string;
  readonly number: number;
}

/** What people have been told, reckoned from the messages alone. */
export class ToldNews {
  readonly #episodes = new Map<string, Episode>();
  /** News → the reminder's number at which it was told last. */
  readonly #told = new Map<string, Set<number>>();
  /** Told while somebody who failed to tell some of it still held that: it may be told once more (same id). */
  readonly #doubtful = new Set<string>();
  #excusedUntilMs = 0;

  /** Expects that what is new in these runs is told, and nothing twice; their order is that of their ends. */
  expectTold(results: readonly TickResult[]): void {
    const readable = results.filter(({ report }) => report.run.memory === undefined);
    const found = readable.map((result) => this.#expectNews(result));
    for (const { publishFailed, endedAtMs } of results)
      if (publishFailed) this.#excusedUntilMs = Math.max(this.#excusedUntilMs, endedAtMs + tellingMs);
    const isQuietTick = results.some(({ report }) => report.heals.some(isInFlight));
    const isLate = readable.some(({ endedAtMs }) => endedAtMs < this.#excusedUntilMs);
    if (isQuietTick || isLate) return;
    const untold = found.flat().filter((key) => !this.#told.has(key));
    expect(untold, "found, and nobody was told").toEqual([]);
  }

  /** A message of a run that remembers has something in it that nobody was told before. Gives what must be told. */
  #expectNews({ report, published, endedAtMs }: TickResult): string[] {
    const news = this.#newsOf(report, endedAtMs);
    for (const message of published) {
      const isNew = news.some(
        ([key, reminder]) => this.#doubtful.delete(key) || !this.#told.get(key)?.has(reminder),
      );
      expect(isNew, `told twice, with nothing new in it: ${message.subject}: ${sinceOf(report)}`).toBe(true);
      for (const [key, reminder] of news) {
        this.#told.set(key, (this.#told.get(key) ?? new Set()).add(reminder));
        if (endedAtMs < this.#excusedUntilMs) this.#doubtful.add(key);
      }
    }
    return this.#findings(report, endedAtMs);
  }

  /** What somebody repairs now is told by who repairs it; where they have died, once their claim has run out. */
  #findings({ environments }: Report, nowMs: number): string[] {
    return environments.flatMap(({ name, secrets }) =>
      secrets
        .filter((holder) => isFinding(holder) && holder.remedy.withheld?.reason !== "in-flight")
        .map((holder) => this.#holderNews(name, holder, nowMs)[0]),
    );
  }

  #newsOf(report: Report, nowMs: number): (readonly [key: string, reminder: number])[] {
    const { run, environments, secrets, heals, status } = report;
    const day = run.startedAt.slice(0, 10);
    return [
      ...environments.flatMap(({ name, secrets: holders }) => {
        for (const holder of holders) this.#see(name, holder);
        return holders.filter(isFinding).map((holder) => this.#holderNews(name, holder, nowMs));
      }),
      ...secrets
        .filter(({ truth }) => truth === "placeholder")
        .map(({ name, version }) => [JSON.stringify(["placeholder", name, version?.id]), 0] as const),
      ...heals
        .filter(({ status: end }) => end !== "withheld")
        .map(({ environment }) => [JSON.stringify(["heal", run.id, environment]), 0] as const),
      ...(status === "failed" ? [[JSON.stringify(["failed", day]), 0] as const] : []),
    ];
  }

  #see(environment: string, { name, verdict }: HolderReport): void {
    if (verdict.kind === "unknown") return;
    const key = JSON.stringify([environment, name]);
    const before = this.#episodes.get(key);
    const text = verdictText(verdict);
    if (before?.verdict !== text)
      this.#episodes.set(key, { verdict: text, number: (before?.number ?? 0) + 1 });
  }

  #holderNews(
    environment: string,
    { name, cause, remedy, since, verdict }: HolderReport,
    nowMs: number,
  ): readonly [key: string, reminder: number] {
    const episode = this.#episodes.get(JSON.stringify([environment, name]))?.number;
    const what = [verdict.kind, cause, remedy.kind, remedy.withheld?.reason];
    const reminder = since === undefined ? 0 : Math.floor((nowMs - epochMs(since)) / dayMs);
    return [JSON.stringify(["holder", environment, name, episode, ...what]), reminder];
  }
}

function verdictText(verdict: HolderReport["verdict"]): string {
  return verdict.kind === "split"
    ? JSON.stringify(verdict.instances.map((each) => each.verdict.kind).toSorted())
    : JSON.stringify(verdict);
}

function sinceOf({ environments }: Report): string {
  const holders = environments.flatMap(({ name, secrets }) =>
    secrets.filter(isFinding).map((holder) => `${name}/${holder.name} since ${holder.since}`),
  );
  return holders.join(", ");
}

function isInFlight({ reason }: Report["heals"][number]): boolean {
  return reason === "in-flight";
}

/** Wrong now, or at the next start; what could not be seen is neither. */
function isFinding({ verdict, cause, remedy }: HolderReport): boolean {
  return verdict.kind !== "unknown" && (cause !== undefined || remedy.kind !== "none");
}
