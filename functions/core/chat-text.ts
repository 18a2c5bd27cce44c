import { factsOf, subjectOf } from "./mail-text.ts";
import { actionWords, type NewsItem } from "./news-items.ts";
import type { ChatText } from "./ports.ts";

const newsMax = 10;
const stepsMax = 10;
const keywordsMax = 10;

/** What a chat channel shows: a line for each fact, and apart from them what is to be done. */
export function chatText(items: readonly NewsItem[], threadId: string, logUrl: string | undefined): ChatText {
  const told = items.slice(0, newsMax);
  const parts = told.map((item) => [
    ...(items.length > 1 ? [item.headline] : []),
    ...factsOf(item)
      .filter(({ label }) => label !== "to do")
      .map(({ label, texts }) => `${label}: ${texts.join("; ")}`),
  ]);
  const more = items.length - told.length;
  const paragraphs = [
    actionWords(items),
    ...parts.map((lines) => lines.join("\n")),
    ...(more > 0 ? [`and ${more} more: see the mail`] : []),
    ...(logUrl === undefined ? [] : [`log: ${logUrl}`]),
  ];
  const steps = items.filter(({ forPerson }) => forPerson).flatMap(({ toDo }) => toDo);
  return {
    title: subjectOf(items),
    description: paragraphs.join("\n\n"),
    nextSteps: [...new Set(steps)].slice(0, stepsMax),
    keywords: [...new Set(items.flatMap(({ kind, about }) => [kind, ...namesIn(about)]))].slice(
      0,
      keywordsMax,
    ),
    summary: items
      .slice(0, 1)
      .map(({ headline }) => headline)
      .join(""),
    threadId,
  };
}

function namesIn(about: NewsItem["about"]): readonly string[] {
  return [
    ...("environment" in about ? [about.environment] : []),
    ...("secret" in about ? [about.secret] : []),
  ];
}
