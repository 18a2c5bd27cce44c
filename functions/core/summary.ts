import { mattersOf } from "./matters.ts";
import { actionWords, itemsOf } from "./news-items.ts";
import type { Report } from "./report.ts";
import { statusWords } from "./run-wording.ts";
import { reckon } from "./tellings.ts";
import { epochMs } from "./time.ts";

/** What a page begins with. */
export interface Summary {
  /** The gravest thing, in words that stand alone, and how many there are besides. */
  readonly what: string;
  readonly act: string;
  readonly forPerson: boolean;
}

/** Silence is shown where it is; it is no headline. */
const patience = { sourceMs: Number.POSITIVE_INFINITY, environmentMs: () => Number.POSITIVE_INFINITY };

/**
 * What a report comes to at a glance: in the words of a message, as if nobody had been told of anything yet. What is
 * being repaired is still wrong.
 */
export function summaryOf(report: Report): Summary {
  const nowMs = epochMs(report.run.startedAt) + report.run.durationMs;
  const matters = mattersOf(report, patience).map((matter) =>
    matter.seen === "busy" ? { ...matter, seen: "wrong" as const } : matter,
  );
  const { tellings } = reckon(matters, undefined, { nowMs, remindEveryMs: 0 });
  const items = itemsOf(report, tellings, nowMs);
  const [gravest] = items;
  const more = items.length > 1 ? ` (+${items.length - 1} more)` : "";
  return {
    what: gravest === undefined ? sentenceStart(statusWords[report.status]) : `${gravest.headline}${more}`,
    act: actionWords(items),
    forPerson: items.some((item) => item.forPerson),
  };
}

function sentenceStart(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
