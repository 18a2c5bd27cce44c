import { durationWords } from "../core/duration.ts";
import { remedyTexts, silenceTexts, truthTexts, verdictTexts } from "../core/explanations.ts";
import { alikeUnseen, type UnseenHolder, unseenHolders, unseenPlaces } from "../core/finding-groups.ts";
import type { CapabilityReport, HealReport, RepairedHolder, Report, SecretReport } from "../core/report.ts";
import { isTelling, secretFacts } from "../core/run-wording.ts";
import { capabilityTones, healTones, truthTones } from "../core/tone.ts";
import { causePhrase, healPhrase, isQuiet, storedPhrase, verdictPhrase } from "../core/wording.ts";
import { type Html, html, type Part } from "./html.ts";
import { fact, name, names, section, sign } from "./pieces.ts";

const namesMax = 24;
/** Longer lists are counted: the report for programs has them whole. */
const itemsMax = 60;

/** The secrets themselves, as far as there is something to say of them. */
export function secretSection({ secrets }: Report): Html | undefined {
  return section("The secrets themselves", "secrets", bounded(secrets.filter(isTelling).map(secretItem)));
}

function secretItem(secret: SecretReport): Part {
  const { name: secretName, truth, detail } = secret;
  const { means, toDo } = truthTexts[truth];
  const isValid = truth === "valid";
  const [state, ...facts] = secretFacts(secret);
  return html`<article><h3>${sign(truthTones[truth])} ${name(secretName)}: ${state}</h3>
<p class="more">${facts.join(", ")}</p><dl>${[
    !isValid && fact("means", means),
    fact("detail", detail),
    !isValid && fact("to do", toDo),
  ]}</dl></article>\n`;
}

interface PlacedCapability extends CapabilityReport {
  readonly environment: string;
}

/** The gravest first: what is denied is what somebody misses. */
const order = ["denied", "broken", "unknown", "works"] as const;

/** What can be done and what cannot, and which secrets that hangs on. */
export function impactSection({ environments }: Report): Html | undefined {
  const all = environments.flatMap(({ name: environment, capabilities }) =>
    capabilities.map((capability) => ({ environment, ...capability })),
  );
  const sorted = order.flatMap((status) => all.filter((capability) => capability.status === status));
  return section("Impact", "impact", listOf(sorted.map(capabilityItem)));
}

function capabilityItem({ name: capability, environment, status, ...more }: PlacedCapability): Html {
  const { dependsOn, because, httpStatus } = more;
  const tone = capabilityTones[status];
  const answer = status === "works" || httpStatus === undefined ? "" : ` (${httpStatus})`;
  const needs = dependsOn.length === 0 ? "no secret" : names(dependsOn, namesMax);
  return html`<li><span class="what">${sign(tone)} ${name(capability)}</span> <b class="${tone}">${status}${answer}</b>
<span class="more">on ${name(environment)}, needs ${needs}${because !== undefined && `; ${because}`}</span></li>\n`;
}

/** What could not be seen, by the reason; where its stored value is known, that is told too. */
export function unseenSection(report: Report): Html | undefined {
  const items = alikeUnseen(unseenHolders(report)).map(unseenItem);
  return section("Not seen", "unseen", listOf(items), "which says nothing, good or bad");
}

function unseenItem(group: readonly UnseenHolder[]): Part {
  const [first] = group;
  if (first === undefined) return undefined;
  const { because, detail } = first.silence;
  const stored = group.flatMap((holder) =>
    holder.stored === undefined ? [] : [{ ...holder, stored: holder.stored }],
  );
  return html`<li>${sign("warn")} ${silenceTexts[because].short}: ${names(unseenPlaces(group), namesMax)}
<span class="more">${detail}</span>${because !== "refused" && html`<span class="more">${silenceTexts[because].toDo}</span>`}${stored
    .slice(0, namesMax)
    .map(
      (holder) =>
        html`<span class="more">stored on ${name(holder.environment)}: ${name(holder.secret)} is ${storedPhrase(holder.stored)}</span>`,
    )}</li>\n`;
}

/** What the run changed, what was wrong before, how it ended, and what proves it. */
export function repairSection({ heals }: Report): Html | undefined {
  return section("What was done", "repairs", bounded(heals.map(healItem)));
}

function healItem(heal: HealReport): Part {
  const { environment, status, durationMs, was, secrets } = heal;
  const took = durationMs === undefined ? "" : ` (${durationWords(durationMs)})`;
  const proof = proofWords(heal);
  return html`<article><h3>${sign(healTones[status])} ${name(environment)}: ${healPhrase(heal)}${took}</h3><dl>${[
    was.length === 0 && secrets.length > 0 && fact("of", names(secrets, namesMax)),
    was.flatMap(repairedFacts),
    status === "healed" && proof !== undefined && fact("proof", proof),
  ]}</dl></article>\n`;
}

function repairedFacts(holder: RepairedHolder): readonly Part[] {
  const why = causePhrase(holder);
  return [
    fact(
      "before",
      html`${name(holder.secret)} was ${verdictPhrase(holder.verdict)}${why !== undefined && `; ${why}`}`,
    ),
    fact("repair", remedyTexts[holder.action].short),
  ];
}

/** The phrase of a repair by its snapshot says already what that proves. */
function proofWords({ was, evidence }: HealReport): string | undefined {
  if (isQuiet(was)) return remedyTexts["set-quietly"].means;
  return evidence === "snapshot" ? undefined : verdictTexts["in-sync"].means;
}

function listOf(items: readonly Part[]): readonly Part[] {
  return items.length === 0 ? [] : [html`<ul>${items.slice(0, itemsMax)}</ul>`, ...restOf(items)];
}

function bounded(items: readonly Part[]): readonly Part[] {
  return [...items.slice(0, itemsMax), ...restOf(items)];
}

function restOf(items: readonly Part[]): readonly Part[] {
  return items.length <= itemsMax ? [] : [html`<p class="more">and ${items.length - itemsMax} more</p>`];
}
