import type { Message } from "../core/ports.ts";

/** Limits of Amazon Q Developer in chat applications (its administrator guide, "custom-notifs"). */
const titleCharactersMax = 250;
const descriptionCharactersMax = 8_000;
const more = "\n… (the mail and the run's log have all of it)";

/**
 * A message in the one form that Amazon Q Developer takes to a channel; anything else on a topic it drops in silence.
 * What a name in the text could say in Slack's own markup is taken from it.
 */
export function chatNotification({ subject, text }: Message): object {
  return {
    version: "1.0",
    source: "custom",
    content: {
      textType: "client-markdown",
      title: cut(plain(subject), titleCharactersMax, ""),
      description: cut(plain(text), descriptionCharactersMax, more) || "(no text)",
    },
  };
}

/** Slack reads these three as markup, whatever stands around them (Slack API, "Formatting text"). */
function plain(text: string): string {
  const printable = text.replaceAll(/(?!\n)\p{Cc}/gu, " ");
  return printable.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function cut(text: string, charactersMax: number, note: string): string {
  if (text.length <= charactersMax) return text;
  const kept = text.slice(0, charactersMax - note.length).toWellFormed();
  // Half an entity would be read as text.
  return kept.replace(/&[a-z]{0,3}$/, "") + note;
}
