import { expect, it } from "vitest";
import { createInProcessMemory } from "../../functions/adapters/in-process-memory.ts";
import type { MessageForm } from "../../functions/core/message-form.ts";
import type { Memory, Message } from "../../functions/core/ports.ts";
import type { Report } from "../../functions/core/report.ts";
import { type Announcer, announce } from "../../functions/heal/announcement.ts";
import { ToldNews } from "../check/told-news.ts";
import { dayMs, hourMs, SimulatedYear, startMs } from "./simulated-year.ts";

const laptopPatienceMs = 72 * hourMs;

/** What must be told of silence and of the secrets themselves, by the reports alone. */
class Expected {
  readonly #silentSince = new Map<string, number>();
  readonly #told = new Set<string>();
  readonly #states = new Map<string, string>();
  readonly counts = { unseen: 0, truth: 0 };

  see({ environments, secrets }: Report, nowMs: number): void {
    for (const { name, secrets: held } of environments) {
      const isJudged = held.every(({ verdict }) => verdict.kind !== "unknown" || verdict.because !== "truth");
      if (isJudged)
        this.#hear(
          name,
          held.some(({ verdict }) => verdict.kind === "unknown"),
          nowMs,
        );
    }
    for (const { name, truth, version } of secrets) {
      if (truth === "unknown") continue;
      const state = JSON.stringify([truth, version?.id]);
      const isNews = truth !== "valid" && this.#states.get(name) !== state;
      if (isNews) this.counts.truth += 1;
      this.#states.set(name, state);
    }
  }

  #hear(environment: string, isSilent: boolean, nowMs: number): void {
    if (!isSilent) {
      this.#silentSince.delete(environment);
      this.#told.delete(environment);
      return;
    }
    const sinceMs = this.#silentSince.get(environment) ?? nowMs;
    this.#silentSince.set(environment, sinceMs);
    const patienceMs = environment === "laptop" ? laptopPatienceMs : dayMs;
    if (nowMs - sinceMs < patienceMs || this.#told.has(environment)) return;
    this.#told.add(environment);
    this.counts.unseen += 1;
  }
}

/** Counts what is written. */
function countingMemory(): { readonly memory: Memory; readonly writes: () => number } {
  const memory = createInProcessMemory();
  let count = 0;
  const noteMatters: Memory["noteMatters"] = (changes, claim) => {
    count += changes.length;
    return memory.noteMatters(changes, claim);
  };
  return { memory: { ...memory, noteMatters }, writes: () => count };
}

it("tells of a year what happened in it: nothing is missed, nothing told twice, all that was told is resolved", async ({
  annotate,
}) => {
  const year = new SimulatedYear(20_260_101);
  const { memory, writes } = countingMemory();
  const told = new ToldNews();
  const expected = new Expected();
  const kinds = new Map<string, number>();
  const sent = { runs: 0, messages: 0, alerts: 0, busiestDay: 0 };
  const byDay = new Map<number, number>();
  let nowMs = startMs;
  const published: Message[] = [];
  const announcer: Announcer = {
    ...{ memory, remindEveryMs: dayMs },
    clock: { now: () => nowMs, sleep: async () => {} },
    patience: {
      sourceMs: dayMs,
      environmentMs: (name) => (name === "laptop" ? laptopPatienceMs : dayMs),
    },
    notifier: { publish: async (message) => void published.push(message) },
  };
  const run = async (atMs: number, isCalm: boolean): Promise<void> => {
    nowMs = atMs;
    published.length = 0;
    const report = year.report(atMs, isCalm);
    await announce(report, announcer);
    expected.see(report, atMs);
    sent.runs += 1;
    for (const { data, attributes } of published) {
      sent.messages += 1;
      if (attributes["severity"] === "alert") sent.alerts += 1;
      const day = Math.floor((atMs - startMs) / dayMs);
      byDay.set(day, (byDay.get(day) ?? 0) + 1);
      for (const { kind } of (data as MessageForm).news) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    told.expectTold([
      { report, published: [...published], publishFailed: false, endedAtMs: atMs, ending: sent.runs },
    ]);
  };

  for (const atMs of year.times()) await run(atMs, false);
  year.calmDown();
  for (let tick = 1; tick <= 12; tick += 1) await run(startMs + 365 * dayMs + tick * 6 * hourMs, true);

  sent.busiestDay = Math.max(...byDay.values());
  const counts = { ...sent, writes: writes(), ...Object.fromEntries([...kinds].toSorted()) };
  await annotate(JSON.stringify(counts));
  expect(told.open, "told, and never told to be over").toEqual([]);
  expect(Object.fromEntries(kinds)).toMatchObject(expected.counts);
  expect(counts).toEqual({
    ...{ runs: 1_567, messages: 294, alerts: 192, busiestDay: 5, writes: 1_663 },
    ...{ drift: 58, "not-repaired": 6, repaired: 24, resolved: 90, reminder: 98, flapping: 18 },
    ...{ suspect: 4, truth: 17, unseen: 5, failed: 3 },
  });
});
