import type { Report } from "../../core/report.ts";
import { printableCopy } from "../printable.ts";
import { adviceLines } from "./advice-lines.ts";
import { capabilityLines } from "./capability-lines.ts";
import { conclusion } from "./conclusion.ts";
import { findingLines } from "./finding-lines.ts";
import { headline } from "./headline.ts";
import { healLines } from "./heal-lines.ts";
import type { Page } from "./layout.ts";
import { matrixLines } from "./matrix.ts";
import { paintFor } from "./paint.ts";
import { secretLines } from "./secret-lines.ts";
import { unseenLines } from "./unseen-lines.ts";

/** In the order in which somebody who was woken up needs it; the verdict stands last, next to the prompt. */
const sections: readonly ((report: Report, page: Page) => string[])[] = [
  headline,
  matrixLines,
  capabilityLines,
  secretLines,
  healLines,
  findingLines,
  unseenLines,
  adviceLines,
  conclusion,
];

export interface RenderingOptions {
  readonly columns: number;
  readonly colour: boolean;
}

/** A report for people. Pure; whatever a report contains, the text cannot write on the terminal. */
export function reportText(report: Report, { columns, colour }: RenderingOptions): string {
  const page: Page = { columns, paint: paintFor(colour) };
  const printed = printableCopy(report);
  const parts = sections.map((section) => section(printed, page)).filter((lines) => lines.length > 0);
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
