import { printableCopy } from "../core/printable.ts";
import type { Report } from "../core/report.ts";
import { adviceLines } from "./rendering/advice-lines.ts";
import { capabilityLines } from "./rendering/capability-lines.ts";
import { conclusion } from "./rendering/conclusion.ts";
import { findingLines } from "./rendering/finding-lines.ts";
import { headline } from "./rendering/headline.ts";
import { healLines } from "./rendering/heal-lines.ts";
import type { Page } from "./rendering/layout.ts";
import { matrixLines } from "./rendering/matrix.ts";
import { paintFor } from "./rendering/paint.ts";
import { secretLines } from "./rendering/secret-lines.ts";
import { unseenLines } from "./rendering/unseen-lines.ts";

/** From what is to why and what next; the verdict stands last, next to the prompt. */
const sections: readonly ((report: Report, page: Page) => string[])[] = [
  headline,
  matrixLines,
  secretLines,
  capabilityLines,
  findingLines,
  unseenLines,
  healLines,
  adviceLines,
  conclusion,
];

export interface RenderingOptions {
  readonly columns: number;
  readonly colour: boolean;
}

/** A report for people. Pure; whatever a report contains, the text cannot write on the terminal. */
export function renderReport(report: Report, { columns, colour }: RenderingOptions): string {
  const page: Page = { columns, paint: paintFor(colour) };
  const printed = printableCopy(report);
  const parts = sections.map((section) => section(printed, page)).filter((lines) => lines.length > 0);
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
