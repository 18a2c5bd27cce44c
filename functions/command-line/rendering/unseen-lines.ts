import { listed } from "../../core/counting.ts";
import { silenceTexts } from "../../core/explanations.ts";
import { alikeUnseen, type UnseenHolder, unseenHolders, unseenPlaces } from "../../core/finding-groups.ts";
import type { Report } from "../../core/report.ts";
import { signs, toneOfStored } from "../../core/tone.ts";
import { storedPhrase } from "../../core/wording.ts";
import { factLines, labelled, type Page } from "./layout.ts";

const namesMax = 24;

/** What could not be seen, by the reason; where its stored value is known, that is told instead. */
export function unseenLines(report: Report, page: Page): string[] {
  const unseen = unseenHolders(report);
  if (unseen.length === 0) return [];
  return [
    `${page.paint.strong("NOT SEEN")} ${page.paint.dim("(which says nothing, good or bad)")}`,
    ...alikeUnseen(unseen).flatMap((group) => reasonLines(group, page)),
  ];
}

function reasonLines(group: readonly UnseenHolder[], page: Page): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { because, detail } = first.silence;
  const { short, toDo } = silenceTexts[because];
  return [
    ...labelled(
      { text: `${signs.warn} `, paint: page.paint.warn },
      { text: `${short}: ${listed(unseenPlaces(group), namesMax)}` },
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
