import { durationWords } from "../../core/duration.ts";
import { remedyTexts } from "../../core/explanations.ts";
import type { HealReport, RepairedHolder, Report } from "../../core/report.ts";
import { causePhrase, healPhrase, verdictPhrase } from "../../core/wording.ts";
import { factLines, labelled, type Page } from "./layout.ts";
import { signs, type Tone } from "./paint.ts";

/** What the run changed, what was wrong before, and how it ended. */
export function healLines({ heals }: Report, page: Page): string[] {
  return heals.length === 0
    ? []
    : [page.paint.strong("WHAT WAS DONE"), ...heals.flatMap((heal) => healEntry(heal, page))];
}

const tones: Readonly<Record<HealReport["status"], Tone>> = {
  healed: "good",
  superseded: "good",
  started: "warn",
  withheld: "warn",
  "timed-out": "warn",
  failed: "bad",
};

/** One repair; `when` stands before it. */
export function healEntry(heal: HealReport, page: Page, when = ""): string[] {
  const tone = tones[heal.status];
  const time = heal.durationMs === undefined ? "" : ` (${durationWords(heal.durationMs)})`;
  const text = `${when}${heal.environment}: ${healPhrase(heal)}${time}`;
  return [
    ...labelled({ text: `${signs[tone]} `, paint: page.paint[tone] }, { text }, page),
    ...heal.was.flatMap((holder) => repairedLines(holder, page)),
  ];
}

function repairedLines(holder: RepairedHolder, page: Page): string[] {
  const why = causePhrase(holder);
  const was = `${holder.secret} was ${verdictPhrase(holder.verdict)}`;
  return [
    ...factLines("before", why === undefined ? was : `${was}; ${why}`, page),
    ...factLines("repair", remedyTexts[holder.action].short, page),
  ];
}
