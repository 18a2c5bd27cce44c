import { counted } from "../core/counting.ts";
import { durationWords } from "../core/duration.ts";
import { verdictTexts } from "../core/explanations.ts";
import type { RunMemory } from "../core/memory.ts";
import { isoTime } from "../core/time.ts";
import { statusTones, type Tone } from "../core/tone.ts";
import { type Html, html, type Part } from "./html.ts";
import { name, section, sign, time } from "./pieces.ts";
import { type Spell, type Timeline, timelineOf, type WrongHolder } from "./timeline.ts";

/** Those that were wrong last; the others are counted. */
const holdersMax = 24;
/** The last spells of a holder are told in words, all are drawn. */
const spellsToldMax = 3;
/** The drawing's own units: it is stretched to the width that there is. */
const width = 1_000;
const spellWidthMin = 5;

/** The last runs: who was wrong, when, and how long; each drawn line is told in words beside it. */
export function timelineSection(runs: readonly RunMemory[]): Html | undefined {
  const timeline = timelineOf(runs);
  if (timeline === undefined) return undefined;
  const { holders } = timeline;
  const more = holders.length - holdersMax;
  return section(
    "The last runs",
    "wide timeline",
    [
      html`<ul>
${runLine(timeline)}${holders.slice(0, holdersMax).map((holder) => holderLine(holder, timeline))}</ul>`,
      more > 0 && html`<p class="more">and ${counted(more, "more holder")} that was wrong before</p>`,
    ].filter((part) => part !== false),
    "who was wrong, when, and how long",
  );
}

function runLine(timeline: Timeline): Html {
  const { runs, fromMs, untilMs } = timeline;
  const byTone = Map.groupBy(runs, ({ status }) => toneOfStatus(status));
  const ticks = [...byTone].map(
    ([tone, group]) =>
      html`<path class="tick ${tone}" d="${group.map((run) => `M${placeOf(run.startedAtMs, timeline)} 1V13`).join("")}"/>`,
  );
  const counts = [...Map.groupBy(runs, ({ status }) => status)].map(
    ([status, group], index) =>
      html`${index > 0 && ", "}${sign(toneOfStatus(status))} ${group.length} ${status}`,
  );
  return lineOf(html`<b>${counted(runs.length, "run")}</b>`, ticks, [
    html`${time(isoTime(fromMs))} to ${time(isoTime(untilMs))}: `,
    counts,
  ]);
}

function holderLine({ environment, secret, spells }: WrongHolder, timeline: Timeline): Html {
  const told = spells.slice(-spellsToldMax);
  const untold = spells.length - told.length;
  const words = told.map((spell) => html`<span class="spell">${spellWords(spell, timeline)}</span>`);
  return lineOf(
    html`${name(secret)} <span class="more">on ${name(environment)}</span>`,
    spells.map((spell) => spellMark(spell, timeline)),
    [untold > 0 && html`<span class="spell">${untold} times before</span>`, words],
  );
}

function lineOf(who: Part, marks: Part, words: Part): Html {
  return html`<li><div class="who">${who}</div>
<svg viewBox="0 0 ${width} 14" preserveAspectRatio="none" aria-hidden="true" focusable="false"><path class="rail" d="M0 7H${width}"/>${marks}</svg>
<div class="words">${words}</div></li>\n`;
}

function spellMark({ fromMs, untilMs }: Spell, timeline: Timeline): Html {
  const from = placeOf(fromMs, timeline);
  const until = placeOf(untilMs ?? timeline.untilMs, timeline);
  const length = Math.max(spellWidthMin, until - from);
  const x = Math.min(from, width - length);
  return html`<rect class="spell${untilMs === undefined && " open"}" x="${x}" y="2" width="${length}" height="10"/>`;
}

function placeOf(ms: number, { fromMs, untilMs }: Timeline): number {
  const share = (ms - fromMs) / Math.max(1, untilMs - fromMs);
  return Math.round(Math.min(1, Math.max(0, share)) * width);
}

function spellWords({ fromMs, untilMs, verdicts }: Spell, timeline: Timeline): Part {
  const what = verdicts.map(verdictWords).join(", then ");
  const long = durationWords((untilMs ?? timeline.untilMs) - fromMs);
  return untilMs === undefined
    ? html`${sign("bad")} ${what} since ${time(isoTime(fromMs))}, ${long} so far`
    : html`${sign("good")} ${what} from ${time(isoTime(fromMs))}, for ${long}`;
}

/** A word of a newer version is shown as it is. */
function verdictWords(kind: string): string {
  return Object.entries(verdictTexts).find(([known]) => known === kind)?.[1].short ?? kind;
}

function toneOfStatus(status: string): Tone {
  return Object.entries(statusTones).find(([known]) => known === status)?.[1] ?? "warn";
}
