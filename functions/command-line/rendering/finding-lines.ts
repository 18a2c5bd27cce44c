import type { HolderReport, Report } from "../../core/report.ts";
import { causePhrase, heldPhrase, minuteWords, remedyPhrase, storedPhrase } from "../../core/wording.ts";
import { counted, listed } from "./counting.ts";
import { factLines, labelled, type Page } from "./layout.ts";
import { signs } from "./paint.ts";

interface Finding {
  readonly environment: string;
  readonly holder: HolderReport;
}

const namesMax = 24;

/** What is not right: what runs, what is stored, why, and what is done. Alike findings are told once. */
export function findingLines(report: Report, page: Page): string[] {
  const findings = findingsOf(report);
  if (findings.length === 0) return [];
  const alike = Map.groupBy(findings, ({ holder }) => JSON.stringify(holder));
  return [page.paint.strong("NOT RIGHT"), ...[...alike.values()].flatMap((group) => groupLines(group, page))];
}

/** Everything that was seen and either is wrong or calls for somebody to act. */
export function findingsOf({ environments }: Report): readonly Finding[] {
  return environments.flatMap(({ name, secrets }) =>
    secrets.filter(isFinding).map((holder) => ({ environment: name, holder })),
  );
}

function isFinding({ verdict, cause, remedy }: HolderReport): boolean {
  return verdict.kind !== "unknown" && (cause !== undefined || remedy.kind !== "none");
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

/** A step that ends in a command has it on a line of its own, unbroken, so that it can be copied. */
const commandAtEnd = /^(?<words>.*:) (?<command>(?:aws|tallystick) .+)$/;

function stepLines(step: string, number: number, page: Page): string[] {
  const { words, command } = commandAtEnd.exec(step)?.groups ?? {};
  const label = `      ${number}. `;
  const lines = labelled({ text: label, paint: page.paint.dim }, { text: words ?? step }, page);
  return command === undefined ? lines : [...lines, " ".repeat(label.length) + page.paint.strong(command)];
}
