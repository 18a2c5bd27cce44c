import type { ChatText } from "../core/ports.ts";

/** Limits of Amazon Q Developer in chat applications (its administrator guide, "custom-notifs"). */
const titleCharactersMax = 250;
const descriptionCharactersMax = 8_000;
/** Limits of our own, where the guide names none. */
const shortCharactersMax = 500;
const threadCharactersMax = 100;
const listMax = 10;
const more = "\n… (the mail and the run's log have all of it)";

/**
 * A message in the one form that Amazon Q Developer takes to a channel; anything else on a topic it drops in silence.
 * What a name in the text could say in the channel's own markup is taken from it.
 */
export function chatNotification(chat: ChatText): object {
  const { title, description, nextSteps, keywords, summary, threadId } = chat;
  const short = (text: string): string => cut(plain(text).replaceAll("\n", " "), shortCharactersMax, "…");
  const list = (texts: readonly string[]) => texts.slice(0, listMax).map(short);
  return {
    version: "1.0",
    source: "custom",
    content: {
      textType: "client-markdown",
      title: cut(plain(title).replaceAll("\n", " "), titleCharactersMax, "…") || "Tallystick",
      description: cut(plain(description), descriptionCharactersMax, more) || "(no text)",
      ...(nextSteps.length > 0 && { nextSteps: list(nextSteps) }),
      ...(keywords.length > 0 && { keywords: list(keywords) }),
    },
    metadata: { threadId: threadId.slice(0, threadCharactersMax), summary: short(summary) },
  };
}

/**
 * Slack reads the first three as markup, whatever stands around them (Slack API, "Formatting text"); the others are
 * bold, code, struck out, italic, a link, an emoji, or a call to everybody, and are replaced by what looks like them.
 */
function plain(text: string): string {
  return text
    .replaceAll(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("*", "∗")
    .replaceAll("`", "ˋ")
    .replaceAll("~", "∼")
    .replaceAll(/(?<![\p{L}\p{N}_])_|_(?![\p{L}\p{N}_])/gu, "＿")
    .replaceAll("](", "] (")
    .replaceAll(/:(?=[a-z0-9_+-]*[a-z][a-z0-9_+-]*:)/gi, "꞉")
    .replaceAll(/@(?=here|channel|everyone)/gi, "＠");
}

function cut(text: string, charactersMax: number, note: string): string {
  if (text.length <= charactersMax) return text.toWellFormed();
  const kept = text.slice(0, charactersMax - note.length).toWellFormed();
  // Half an entity would be read as text.
  return kept.replace(/&[a-z]{0,3}$/, "") + note;
}
