import { type Explanation, explanationTables } from "../../core/explanations.ts";
import { factLines, type Page, tableLines } from "./layout.ts";

type Meaning = { readonly table: string; readonly text: Explanation };

/** Where a report uses the words of a table. */
const places: Readonly<Record<string, string>> = {
  verdict: "what a process runs with",
  stored: "what is stored for it",
  because: "why it was not seen",
  refusal: "what a responder said instead of an answer",
  cause: "why it is wrong",
  truth: "the state of the secret itself",
  remedy: "what is done about it",
  withheld: "why it is not done now",
  note: "beside an environment",
  heal: "how a repair ended",
  error: "why work could not be done",
  accident: "what happened to a mangled value",
};

/** One word in full; several tables may use it. */
export function explanationText(word: string, meanings: readonly Meaning[], page: Page): string {
  const parts = meanings.map(({ table, text }) =>
    [
      `${page.paint.strong(word)} ${page.paint.dim(`(${table}: ${places[table] ?? table})`)}`,
      ...factLines("short", text.short, page),
      ...factLines("means", text.means, page),
      ...factLines("to do", text.toDo, page),
    ].join("\n"),
  );
  return `${parts.join("\n\n")}\n`;
}

/** Every word with the few letters that a report has for it. */
export function wordListText(page: Page): string {
  const parts = Object.entries(explanationTables).map(([table, texts]) =>
    [
      `${page.paint.strong(table)} ${page.paint.dim(`(${places[table] ?? table})`)}`,
      ...tableLines(
        Object.entries(texts).map(([word, { short }]) => [
          { text: `  ${word}` },
          { text: short, paint: page.paint.dim },
        ]),
      ),
    ].join("\n"),
  );
  return `${[...parts, "tallystick explain WORD tells what it means and what to do."].join("\n\n")}\n`;
}
