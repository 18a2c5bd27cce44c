import { signs, type Tone } from "../core/tone.ts";
import { minuteWords } from "../core/wording.ts";
import { type Html, html, type Part } from "./html.ts";

/** A name that somebody else chose: kept apart from its neighbours' direction, and broken where it has joints. */
export function name(text: string): Html {
  const pieces = text.split(/(?<=[_\-./])/);
  return html`<bdi class="name">${pieces.map((piece, index) => (index === 0 ? piece : html`<wbr>${piece}`))}</bdi>`;
}

/** Names in a row: the first of many, and how many there are beyond. */
export function names(all: readonly string[], namesMax: number): Html {
  const more = all.length - namesMax;
  const shown = all
    .slice(0, namesMax)
    .map((each, index) => (index === 0 ? name(each) : html`, ${name(each)}`));
  return html`${shown}${more > 0 && ` and ${more} more`}`;
}

/** The sign of a tone; the words beside it say the same, so that nobody has to hear it. */
export function sign(tone: Tone): Html {
  return html`<span class="sign ${tone}" aria-hidden="true">${signs[tone]}</span>`;
}

export function time(iso: string): Html {
  return html`<time datetime="${iso}">${minuteWords(iso)}</time>`;
}

/** A section with its heading; nothing at all where there is nothing in it. */
export function section(
  title: string,
  kind: string,
  parts: readonly Part[],
  aside?: string,
): Html | undefined {
  if (parts.length === 0) return undefined;
  const small = aside === undefined ? undefined : html` <small>${aside}</small>`;
  return html`<section class="${kind}"><h2>${title}${small}</h2>${parts}</section>\n`;
}

/** One fact of a list of facts. */
export function fact(label: string, value: Part, more?: Part): Part {
  if (value === undefined) return undefined;
  const explained = more === undefined ? undefined : html`<span class="more">${more}</span>`;
  return html`<dt>${label}</dt><dd>${value}${explained}</dd>`;
}

/** What is wider than a phone scrolls by itself, also for who has no mouse; the page itself does not. */
export function scrolling(label: string, content: Part): Html {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${content}</div>`;
}
