import { durationWords } from "../core/duration.ts";
import { verdictTexts } from "../core/explanations.ts";
import type { HealMemory, RunMemory, WrongMemory } from "../core/memory.ts";
import type { HealReport } from "../core/report.ts";
import { isoTime } from "../core/time.ts";
import { minuteWords } from "../core/wording.ts";
import { printableCopy } from "./printable.ts";
import { counted } from "./rendering/counting.ts";
import { triggerWords } from "./rendering/headline.ts";
import { healEntry } from "./rendering/heal-lines.ts";
import { factLines, type Page, tableLines } from "./rendering/layout.ts";
import { paintFor, signs, type Tone } from "./rendering/paint.ts";
import { statusTones } from "./rendering/tone.ts";
import type { RenderingOptions } from "./report-text.ts";

/** What is remembered of the time since then, oldest first. */
export interface History {
  readonly sinceMs: number;
  readonly runs: readonly RunMemory[];
  readonly heals: readonly HealMemory[];
}

/** A history for people, the newest last, next to the prompt. Pure; nothing in it can write on the terminal. */
export function renderHistory(history: History, { columns, colour }: RenderingOptions): string {
  const page: Page = { columns, paint: paintFor(colour) };
  const { sinceMs, runs, heals } = printableCopy(history);
  const counts = `${counted(runs.length, "run")}, ${counted(heals.length, "repair")}`;
  const parts = [
    [`${page.paint.strong("tallystick  ")}history since ${timeWords(sinceMs)} · ${counts}`],
    runs.length + heals.length === 0 ? ["Nothing of that time is kept."] : [],
    titled("RUNS", runLines(runs, page), page),
    titled(
      "REPAIRS",
      heals.flatMap((heal) => healEntry(reportOf(heal), page, `${timeWords(heal.startedAtMs)} `)),
      page,
    ),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function titled(title: string, lines: readonly string[], { paint }: Page): readonly string[] {
  return lines.length === 0 ? [] : [paint.strong(title), ...lines];
}

function timeWords(epochMs: number): string {
  return minuteWords(isoTime(epochMs));
}

/** One aligned line for each run, and below it what was wrong. */
function runLines(runs: readonly RunMemory[], page: Page): readonly string[] {
  const heads = tableLines(
    runs.map(({ startedAtMs, durationMs, trigger, status }) => [
      { text: signs[toneOf(status)], paint: page.paint[toneOf(status)] },
      { text: timeWords(startedAtMs) },
      { text: status, paint: page.paint[toneOf(status)] },
      { text: `${wordOf(triggerWords, trigger)}, took ${durationWords(durationMs)}`, paint: page.paint.dim },
    ]),
  );
  return runs.flatMap((run, index) => [heads[index] ?? "", ...findingLines(run, page)]);
}

/** So many are named of one run; the JSON has them all. */
const namedMax = 8;

function findingLines({ startedAtMs, wrong, wrongCount, unknownCount = 0 }: RunMemory, page: Page): string[] {
  const more = (wrongCount ?? wrong.length) - Math.min(wrong.length, namedMax);
  return [
    ...wrong.slice(0, namedMax).flatMap((one) => factLines("wrong", wrongWords(one, startedAtMs), page)),
    ...(more > 0 ? factLines("wrong", `and ${more} more`, page) : []),
    ...(unknownCount > 0 ? factLines("unseen", counted(unknownCount, "running value"), page) : []),
  ];
}

function wrongWords({ environment, secret, verdict, sinceMs }: WrongMemory, atMs: number): string {
  const words = Object.hasOwn(verdictTexts, verdict)
    ? verdictTexts[verdict as keyof typeof verdictTexts].short
    : verdict;
  const age = sinceMs === undefined ? "" : ageWords(atMs - sinceMs);
  return `${secret} on ${environment}: ${words}${age}`;
}

/** What a run was the first to find has been so from then on, as far as anybody knows. */
function ageWords(ageMs: number): string {
  return ageMs < 1_000 ? ", found now" : `, for ${durationWords(ageMs)}`;
}

/** What a newer version wrote may be a word that this one does not know. */
function wordOf(words: Readonly<Record<string, string>>, word: string): string {
  return (Object.hasOwn(words, word) ? words[word] : undefined) ?? word;
}

function toneOf(status: string): Tone {
  const tones: Readonly<Record<string, Tone>> = statusTones;
  return (Object.hasOwn(tones, status) ? tones[status] : undefined) ?? "warn";
}

/** A repair in the words of a report; one that has told no end is as it was when it was started. */
function reportOf({ environment, targets, startedAtMs, end }: HealMemory): HealReport {
  return {
    environment,
    secrets: targets.map(({ secret }) => secret),
    status: end?.status ?? "started",
    ...(end?.reason !== undefined && { reason: end.reason }),
    ...(end !== undefined && { durationMs: Math.max(0, end.atMs - startedAtMs) }),
    was: targets.flatMap(({ was }) => was ?? []),
  };
}
