import { counted, listed } from "../../core/counting.ts";
import { alikeFindings, type Finding, findingsOf } from "../../core/finding-groups.ts";
import type { Report } from "../../core/report.ts";
import { signs } from "../../core/tone.ts";
import {
  causePhrase,
  heldPhrase,
  minuteWords,
  remedyPhrase,
  stepParts,
  storedPhrase,
} from "../../core/wording.ts";
import { factLines, labelled, type Page } from "./layout.ts";

const namesMax = 24;

/** What is not right: what runs, what is stored, why, and what is done. Alike findings are told once. */
export function findingLines(report: Report, page: Page): string[] {
  const findings = findingsOf(report);
  if (findings.length === 0) return [];
  return [
    page.paint.strong("NOT RIGHT"),
    ...alikeFindings(findings).flatMap((group) => groupLines(group, page)),
  ];
}

function groupLines(group: readonly Finding[], page: Page): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { holder } = first;
  const why = causePhrase(holder);
  const since = holder.since === undefined ? "" : `, since ${minuteWords(holder.since)}`;
  return [
    ...headingLines(
      holder.name,
      group.map(({ environment }) => environment),
      page,
    ),
    ...factLines("runs", `${heldPhrase(holder)}${since}`, page),
    ...(holder.stored === undefined ? [] : factLines("stored", storedPhrase(holder.stored), page)),
    ...(why === undefined ? [] : factLines("why", why, page)),
    ...factLines("repair", remedyPhrase(holder), page),
    ...(holder.remedy.steps ?? []).flatMap((step, index) => stepLines(step, index + 1, page)),
  ];
}

function headingLines(secret: string, environments: readonly string[], page: Page): string[] {
  const sign = { text: `${signs.bad} `, paint: page.paint.bad };
  const [only] = environments;
  if (environments.length === 1) return labelled(sign, { text: `${secret} on ${only}` }, page);
  const text = `${secret} on ${counted(environments.length, "environment")}: ${listed(environments, namesMax)}`;
  return labelled(sign, { text }, page);
}

function stepLines(step: string, number: number, page: Page): string[] {
  const { words, command } = stepParts(step);
  const label = `      ${number}. `;
  const lines = labelled({ text: label, paint: page.paint.dim }, { text: words }, page);
  return command === undefined ? lines : [...lines, " ".repeat(label.length) + page.paint.strong(command)];
}
