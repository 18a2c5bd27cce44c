import { counted } from "../core/counting.ts";
import { durationWords } from "../core/duration.ts";
import { reasonTexts } from "../core/explanations.ts";
import type { HealMemory, RunMemory } from "../core/memory.ts";
import type { Report } from "../core/report.ts";
import { modeWords, runFacts, triggerWords } from "../core/run-wording.ts";
import { summaryOf } from "../core/summary.ts";
import { statusTones } from "../core/tone.ts";
import { findingSection } from "./finding-section.ts";
import { type Html, html, type Part } from "./html.ts";
import { laterSection } from "./later-section.ts";
import { matrixSection } from "./matrix-section.ts";
import { impactSection, repairSection, secretSection, unseenSection } from "./other-sections.ts";
import { sign, time } from "./pieces.ts";
import { style } from "./style.ts";
import { timelineSection } from "./timeline-section.ts";

/** Everything that a page shows. */
export interface PageContent {
  readonly report: Report;
  /** Oldest first; none where nothing outlives a run. */
  readonly runs: readonly RunMemory[];
  /** Repairs that ended after the report was made. */
  readonly laterHeals?: readonly HealMemory[];
  /** Something that a reader has to know of the page itself. */
  readonly note?: string | undefined;
}

/** A whole document that needs nothing else: no network, no script. Pure. */
export function renderPage(content: PageContent, options: { readonly refreshS?: number } = {}): string {
  const { refreshS } = options;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
${refreshS !== undefined && html`<meta http-equiv="refresh" content="${refreshS}">\n`}<title>${summaryOf(content.report).what} · Tallystick</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body class="tally own auto">
<div class="page">
${headerOf(content, "header")}<main>
${sectionsOf(content)}</main>
${footerOf(content.report, "footer")}</div>
</body>
</html>
`.toString();
}

export type Theme = "light" | "dark";

/** The same as a part of somebody else's page, in a colour scheme that it names. */
export function renderFragment(content: PageContent, theme: Theme): string {
  const main = html`<div class="main">\n${sectionsOf(content)}</div>\n`;
  return framed(html`${headerOf(content, "div")}${main}${footerOf(content.report, "div")}`, theme);
}

/** Where there is no report to show: what is the matter, and what to do. */
export function renderNotice(
  { title, text }: { readonly title: string; readonly text: string },
  theme: Theme,
): string {
  const lines = html`<p class="brand">Tallystick</p>\n<h1>${sign("warn")}<span>${title}</span></h1>\n<p class="act">${text}</p>`;
  return framed(html`<div class="head">${lines}</div>\n`, theme);
}

/** CloudWatch leaves its own styles away where an element of that class is (its user guide, "Details about custom widgets"). */
function framed(content: Html, theme: Theme): string {
  return html`<div class="tally ${theme} cwdb-no-default-styles"><style>${style}</style>
<div class="page">
${content}</div></div>
`.toString();
}

function sectionsOf({ report, runs, laterHeals = [] }: PageContent): Part {
  const findings = findingSection(report);
  const impact = impactSection(report);
  return [
    laterSection(laterHeals),
    matrixSection(report),
    column(findings ?? impact),
    column(secretSection(report), findings && impact, repairSection(report), unseenSection(report)),
    timelineSection(runs),
  ];
}

function column(...sections: readonly Part[]): Part {
  const filled = sections.filter((each) => each !== undefined);
  return filled.length > 0 && html`<div class="column">\n${filled}</div>\n`;
}

/** The first line says what is wrong and whether anybody has to act; then what the run was. */
function headerOf({ report, note }: PageContent, tag: "header" | "div"): Html {
  const { run, environments, secrets, status } = report;
  const { what, act, forPerson } = summaryOf(report);
  const tone = statusTones[status];
  const lines = html`<p class="brand">Tallystick</p>
<h1>${sign(tone)}<span>${what}</span></h1>
<p class="act ${forPerson ? "bad" : "good"}">${act}</p>
<p class="facts"><b class="${tone}">${status}</b> ${runFacts(report).join(" · ")}</p>
<p class="run">${time(run.startedAt)} ${triggerWords[run.trigger]}, took ${durationWords(run.durationMs)} · ${modeWords[run.mode]} · ${counted(environments.length, "environment")}, ${counted(secrets.length, "secret")}</p>
${run.memory === "unreadable" && html`<p class="note">${reasonTexts["no-memory"].means} ${reasonTexts["no-memory"].toDo}</p>\n`}${note !== undefined && html`<p class="note">${note}</p>\n`}`;
  return tag === "header" ? html`<header>${lines}</header>\n` : html`<div class="head">${lines}</div>\n`;
}

function footerOf({ run, schema }: Report, tag: "footer" | "div"): Html {
  const key = run.publicKey !== undefined && html` · public key <code>${run.publicKey}</code>`;
  const lines = html`
<p><span aria-hidden="true">✓</span> as it should be · <span aria-hidden="true">✗</span> wrong · <span aria-hidden="true">?</span> not seen, ahead, or under way. Every word: <code>tallystick explain</code>.</p>
<p>Run <code>${run.id}</code> · ${schema}${key}</p>
`;
  return tag === "footer"
    ? html`<footer class="foot">${lines}</footer>\n`
    : html`<div class="foot">${lines}</div>\n`;
}
