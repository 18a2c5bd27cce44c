import type { Command } from "commander";
import { explain, explanationTables } from "../core/explanations.ts";
import type { CommandContext } from "./command-context.ts";
import { mistake } from "./failure.ts";
import { nearNames } from "./near-names.ts";
import { explanationText, wordListText } from "./rendering/explanation-text.ts";
import type { Page } from "./rendering/layout.ts";
import { paintFor } from "./rendering/paint.ts";
import { columnsOf, type Terminal, wantsColour } from "./terminal.ts";

const examples = `
Examples:
  tallystick explain                 every word, by where a report uses it
  tallystick explain rollback        what it means and what to do
  tallystick explain trailing-newline`;

/** `tallystick explain`: the words of a report. */
export function addExplainCommand(program: Command, { terminal, act }: CommandContext): void {
  program
    .command("explain")
    .description("what a word of a report means, and what to do about it")
    .argument("[word]", "a verdict, cause, accident, reason, state of the truth, or error")
    .addHelpText("after", examples)
    .action(act(async (word: string | undefined) => explainWord(terminal, word)));
}

function explainWord({ out, variables }: Terminal, word: string | undefined): number {
  const page: Page = { columns: columnsOf(out), paint: paintFor(wantsColour(out, variables)) };
  out.write(word === undefined ? wordListText(page) : explanationText(word, meaningsOf(word), page));
  return 0;
}

function meaningsOf(word: string): ReturnType<typeof explain> {
  const meanings = explain(word);
  if (meanings.length > 0) return meanings;
  const known = [...new Set(Object.values(explanationTables).flatMap((table) => Object.keys(table)))];
  const near = nearNames(word, known);
  const advice =
    near.length === 0 ? "tallystick explain lists all words" : `did you mean ${near.join(", ")}?`;
  throw mistake(`explain does not know the word ${JSON.stringify(word)}; ${advice}`);
}
