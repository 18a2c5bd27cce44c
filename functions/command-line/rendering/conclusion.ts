import { exitCodes, type Report } from "../../core/report.ts";
import { runFacts, statusWords } from "../../core/run-wording.ts";
import { signs, statusTones } from "../../core/tone.ts";
import { labelled, type Page } from "./layout.ts";

/** The last line: the verdict on the whole, and what the exit code says. */
export function conclusion(report: Report, page: Page): string[] {
  const { status } = report;
  const tone = statusTones[status];
  const text = `${status}: ${runFacts(report).join(", ")} (exit ${exitCodes[status]}: ${statusWords[status]})`;
  const paint = (line: string): string => page.paint.strong(page.paint[tone](line));
  return labelled({ text: `${signs[tone]} `, paint }, { text, paint }, page);
}
