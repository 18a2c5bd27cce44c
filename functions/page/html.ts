import { printable } from "../core/printable.ts";

/** What can stand in a template: text is escaped, HTML is not, nothing is nothing. */
export type Part = Html | string | number | false | undefined | readonly Part[];

/** A piece of HTML. Only `html` and `trusted` make one, so that what is not escaped can be seen at a glance. */
class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

export type { Html };

/**
 * HTML in which every value is escaped, whoever wrote it: ``html`<b title="${name}">${name}</b>` ``. Attributes have to
 * be quoted. Characters that cannot be seen, such as bidirectional overrides, show as U+FFFD.
 */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const [first = "", ...rest] = literals;
  return new Html(rest.reduce((markup, literal, index) => markup + markupOf(parts[index]) + literal, first));
}

/** Our own text that is markup already, such as a style sheet. Never anything that a report holds. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

function markupOf(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.markup;
  if (typeof part === "object") return part.map(markupOf).join("");
  return printable(String(part)).replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
