import { chatText } from "./chat-text.ts";
import { mailText, subjectOf } from "./mail-text.ts";
import { messageFormOf } from "./message-form.ts";
import { itemsOf, type NewsItem } from "./news-items.ts";
import type { Message } from "./ports.ts";
import { printable, printableCopy } from "./printable.ts";
import type { Report } from "./report.ts";
import type { Telling } from "./tellings.ts";

/** What a message has beside its news. */
export interface MessageFrame {
  /** The same where the same is told twice. */
  readonly id: string;
  readonly threadId: string;
  readonly nowMs: number;
  /** Where the run's log is; a laptop has none. */
  readonly logUrl?: string | undefined;
}

/** The one message of a run, in every form; undefined where there is nothing to tell. */
export function messageOf(
  report: Report,
  tellings: readonly Telling[],
  { id, threadId, nowMs, logUrl }: MessageFrame,
): Message | undefined {
  // Whatever a report contains, it cannot write on a screen, nor turn the direction of a line.
  const printed = printableCopy(report);
  const items = itemsOf(printed, tellings.map(printedTelling), nowMs);
  const [gravest] = items;
  if (gravest === undefined) return undefined;
  const severity = items.some(({ forPerson }) => forPerson) ? "alert" : "info";
  const { kind } = gravest;
  const subject = subjectOf(items);
  const parts = { report: printed, items, logUrl };
  return {
    subject,
    text: mailText(parts),
    chat: chatText(items, threadId, logUrl),
    data: messageFormOf({ ...parts, id, threadId, severity, kind, subject }),
    attributes: { severity, kind, id, ...environmentsOf(items) },
  };
}

function printedTelling(telling: Telling): Telling {
  const { matter, broke } = telling;
  return {
    ...telling,
    matter: { ...matter, about: printableCopy(matter.about) },
    broke: broke.map(printable),
  };
}

/** So many names by which a subscriber may choose fit into an attribute in any case. */
const environmentsMax = 100;

function environmentsOf(items: readonly NewsItem[]): { readonly environment?: readonly string[] } {
  const names = items.flatMap(({ about }) => ("environment" in about ? [about.environment] : []));
  const environment = [...new Set(names)].slice(0, environmentsMax);
  return environment.length === 0 ? {} : { environment };
}
