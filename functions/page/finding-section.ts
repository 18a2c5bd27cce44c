import { counted } from "../core/counting.ts";
import { causeTexts, reasonTexts } from "../core/explanations.ts";
import { alikeFindings, type Finding, findingsOf } from "../core/finding-groups.ts";
import type { HolderReport, Report } from "../core/report.ts";
import { causePhrase, heldPhrase, remedyPhrase, stepParts, storedPhrase } from "../core/wording.ts";
import { type Html, html, type Part } from "./html.ts";
import { fact, name, names, section, sign, time } from "./pieces.ts";

const namesMax = 24;
/** More kinds of findings than this are in the report for programs. */
const groupsMax = 200;

/** What is not right: what runs, what is stored, why, and what is done. Alike findings are told once. */
export function findingSection(report: Report): Html | undefined {
  const groups = alikeFindings(findingsOf(report));
  const more = groups.length - groupsMax;
  return section("Not right", "findings", [
    ...groups.slice(0, groupsMax).map(articleOf),
    ...(more > 0 ? [html`<p>and ${more} more</p>`] : []),
  ]);
}

function articleOf(group: readonly Finding[]): Part {
  const [first] = group;
  if (first === undefined) return undefined;
  const { holder } = first;
  const places = group.map(({ environment }) => environment);
  const { steps = [] } = holder.remedy;
  return html`<article>
<h3>${sign("bad")} ${name(holder.name)} on ${places.length > 1 && html`${counted(places.length, "environment")}: `}${names(places, namesMax)}</h3>
<dl>${factsOf(holder)}</dl>
${steps.length > 0 && html`<ol>${steps.map(stepItem)}</ol>\n`}</article>
`;
}

function factsOf(holder: HolderReport): readonly Part[] {
  const { stored, cause, since, remedy } = holder;
  const reason = remedy.withheld?.reason;
  return [
    fact("runs", [heldPhrase(holder), since !== undefined && html`, since ${time(since)}`]),
    stored && fact("stored", storedPhrase(stored)),
    cause && fact("why", causePhrase(holder), causeTexts[cause].means),
    fact("repair", remedyPhrase(holder), reason && reasonTexts[reason].toDo),
  ];
}

function stepItem(step: string): Html {
  const { words, command } = stepParts(step);
  return html`<li>${words}${command !== undefined && html`<code class="command">${command}</code>`}</li>`;
}
