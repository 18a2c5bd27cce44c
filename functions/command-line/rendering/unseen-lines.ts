import { listed } from "../../core/counting.ts";
import { silenceTexts } from "../../core/explanations.ts";
import type { HolderReport, Report, StoredReport, VerdictReport } from "../../core/report.ts";
import { signs, toneOfStored } from "../../core/tone.ts";
import { storedPhrase } from "../../core/wording.ts";
import { factLines, labelled, type Page } from "./layout.ts";

type Silence = Extract<VerdictReport, { kind: "unknown" }>;

/** A holder that could not be seen to run anything. */
export interface UnseenHolder {
  readonly environment: string;
  readonly secret: string;
  readonly silence: Silence;
  readonly stored?: StoredReport;
  /** Nothing of its environment was seen, so that the environment's name says it all. */
  readonly whole: boolean;
}

const namesMax = 24;

/** What could not be seen, by the reason; where its stored value is known, that is told instead. */
export function unseenLines(report: Report, page: Page): string[] {
  const unseen = unseenHolders(report);
  if (unseen.length === 0) return [];
  const byReason = Map.groupBy(unseen, ({ silence }) => JSON.stringify(silence));
  return [
    `${page.paint.strong("NOT SEEN")} ${page.paint.dim("(which says nothing, good or bad)")}`,
    ...[...byReason.values()].flatMap((group) => reasonLines(group, page)),
  ];
}

export function unseenHolders({ environments }: Report): readonly UnseenHolder[] {
  return environments.flatMap(({ name: environment, secrets }) => {
    const whole = secrets.every(({ verdict }) => verdict.kind === "unknown");
    return secrets.flatMap((holder) => unseenHolder(environment, holder, whole));
  });
}

function unseenHolder(
  environment: string,
  { name, verdict, stored }: HolderReport,
  whole: boolean,
): UnseenHolder[] {
  if (verdict.kind !== "unknown") return [];
  return [{ environment, secret: name, silence: verdict, whole, ...(stored !== undefined && { stored }) }];
}

function reasonLines(group: readonly UnseenHolder[], page: Page): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { because, detail } = first.silence;
  const { short, toDo } = silenceTexts[because];
  const places = group.map(({ environment, secret, whole }) =>
    whole ? environment : `${environment} (${secret})`,
  );
  return [
    ...labelled(
      { text: `${signs.warn} `, paint: page.paint.warn },
      { text: `${short}: ${listed([...new Set(places)], namesMax)}` },
      page,
    ),
    ...factLines("detail", detail, page),
    // Of a refusal, the detail is the one thing to do; the table's text has them all.
    ...(because === "refused" ? [] : factLines("to do", toDo, page)),
    ...storedLines(group, page),
  ];
}

function storedLines(group: readonly UnseenHolder[], page: Page): string[] {
  const known = group.flatMap(({ stored, secret, environment }) =>
    stored === undefined ? [] : [{ stored, text: `${secret} is ${storedPhrase(stored)}`, environment }],
  );
  const alike = [...Map.groupBy(known, ({ text }) => text)];
  return alike.flatMap(([text, holders]) => {
    const tone = toneOfStored(holders[0]?.stored ?? { kind: "sealed" });
    const places = holders.map(({ environment }) => environment);
    const [line = "", ...rest] = factLines(
      "stored",
      `${signs[tone]} ${text} on ${listed(places, tone === "bad" ? places.length : namesMax)}`,
      page,
    );
    return [line.replace(signs[tone], page.paint[tone](signs[tone])), ...rest];
  });
}
