import { placeOf } from "./dependents.ts";
import { durationWords } from "./duration.ts";
import { causeTexts, truthTexts } from "./explanations.ts";
import { limits } from "./limits.ts";
import { actionWords, isConsequence, type NewsItem } from "./news-items.ts";
import type { CapabilityReport, EnvironmentReport, HolderReport, Report, Trigger } from "./report.ts";
import { labelledLines, listedAtMost, middleCut, shortened } from "./text-lines.ts";
import { minuteWords, verdictCell } from "./wording.ts";

const triggerWords: Readonly<Record<Trigger, string>> = {
  schedule: "started by the schedule",
  label: "started by a changed secret",
  manual: "started by hand",
  cli: "started on the command line",
};

const subjectPrefix = "Tallystick: ";
/** A name longer than this is shortened where the whole does not fit. */
const nameCharactersMax = 30;

/** A subject that stands alone, in printable ASCII, for SNS refuses a whole message for one odd character in it. */
export function subjectOf(items: readonly NewsItem[]): string {
  const more = items.length > 1 ? ` (+${items.length - 1} more)` : "";
  const room = limits.subjectCharactersMax - subjectPrefix.length - more.length;
  const headline = items
    .slice(0, 1)
    .map((item) => ascii(item.headline))
    .join("");
  const cut = headline.length <= room ? headline : withShortNames(headline);
  return `${subjectPrefix}${shortened(cut, room)}${more}`;
}

function withShortNames(text: string): string {
  return text
    .split(" ")
    .map((word) => middleCut(word, nameCharactersMax))
    .join(" ");
}

function ascii(text: string): string {
  return text
    .replaceAll(/[^\x20-\x7e]/gu, "?")
    .replaceAll(/ +/g, " ")
    .trim();
}

export interface MailParts {
  readonly report: Report;
  readonly items: readonly NewsItem[];
  readonly logUrl?: string | undefined;
}

/** Plain text for a phone: what is wrong and whether anybody has to act, then each thing, then the whole fleet. */
export function mailText({ report, items, logUrl }: MailParts): string {
  const causes = items.filter((item) => !isConsequence(item, items));
  const told = causes.slice(0, limits.newsPerMessageMax);
  const rest = items.filter((item) => !told.includes(item)).map(({ headline }) => headline);
  const { run } = report;
  const paragraphs = [
    // In one line, for that is what a phone shows of a mail before it is opened.
    items.slice(0, 1).map(({ headline }) => `${headline}. ${actionWords(items)}`),
    ...told.map((item, index) => itemLines(item, told.length > 1 ? `${index + 1}. ` : undefined)),
    rest.length === 0 ? [] : ["ALSO", ...listedAtMost(rest, restMax).flatMap((text) => lines("- ", text))],
    run.memory === "unreadable" ? lines("", withoutMemory) : [],
    matrixLines(report),
    logUrl === undefined ? [] : ["LOG OF THE RUN", logUrl],
    lines("", `Run ${run.id}, ${triggerWords[run.trigger]}, ${minuteWords(run.startedAt)}.`),
  ];
  const filled = paragraphs.filter((paragraph) => paragraph.length > 0);
  return `${filled.map((paragraph) => paragraph.join("\n")).join("\n\n")}\n`;
}

const restMax = 100;
const withoutMemory =
  "What was told before is not known, for the memory cannot be read: this may be told twice, and nothing is repaired meanwhile.";

function lines(label: string, text: string): readonly string[] {
  return labelledLines(label, text, limits.mailColumnsMax);
}

function itemLines(item: NewsItem, number: string | undefined): readonly string[] {
  return [
    ...(number === undefined ? [] : lines(number, item.headline)),
    ...factsOf(item).flatMap(({ label, texts }) =>
      texts.flatMap((text, index) =>
        lines((index === 0 ? label.toUpperCase() : "").padEnd(labelColumns), text),
      ),
    ),
  ];
}

const labelColumns = 8;

export interface Fact {
  readonly label: string;
  readonly texts: readonly string[];
}

/** What is to be known of one thing, under a label each. */
export function factsOf(item: NewsItem): readonly Fact[] {
  const { what, why, done, toDo } = item;
  const facts: readonly Fact[] = [
    { label: "what", texts: [what ?? ""] },
    { label: "since", texts: [sinceWords(item)] },
    { label: "why", texts: [why ?? ""] },
    { label: "breaks", texts: dependentWords(item, (status) => status === "denied") },
    { label: "used by", texts: dependentWords(item, (status) => status !== "denied") },
    { label: "done", texts: [done ?? ""] },
    { label: "to do", texts: toDo.length > 1 ? toDo.map((step, index) => `${index + 1}. ${step}`) : toDo },
  ];
  return facts
    .map(({ label, texts }) => ({ label, texts: texts.filter((text) => text !== "") }))
    .filter(({ texts }) => texts.length > 0);
}

const minuteMs = 60_000;

function sinceWords({ kind, since, lastedMs }: NewsItem): string {
  if (lastedMs < minuteMs) return `${minuteWords(since)}, found just now`;
  const isOver = kind === "repaired" || kind === "resolved";
  return `${minuteWords(since)}, ${isOver ? "wrong for" : "for"} ${durationWords(lastedMs)}`;
}

const dependentsMax = 8;
const statusWords = { denied: "refused", works: "works", broken: "broken", unknown: "not tried" } as const;

function dependentWords(
  { dependents, broke }: NewsItem,
  isMeant: (status: CapabilityReport["status"]) => boolean,
): readonly string[] {
  const meant = dependents.filter(({ status }) => isMeant(status));
  const words = meant.map(({ name, environment, status }) => {
    const place = placeOf({ name, environment });
    const meanwhile = status !== "denied" && broke.includes(place) ? ", was refused" : "";
    return `${place}: ${statusWords[status]}${meanwhile}`;
  });
  const isListed = new Set(dependents.map(placeOf));
  // What was not tried this time was refused when it was.
  const gone = isMeant("works") ? broke.filter((place) => !isListed.has(place)) : [];
  return listedAtMost([...words, ...gone.map((place) => `${place}: was refused`)], dependentsMax);
}

/** More environments than this nobody reads on a phone: what is well is summed up. */
const rowsMax = 30;

/** The whole fleet: what is not right by name, the rest as a number. */
function matrixLines({ environments, secrets }: Report): readonly string[] {
  const rows = environments.map((environment) => ({ sign: signOf(environment), environment }));
  const notable = rows.filter(({ sign }) => sign !== "ok");
  const well = rows.filter(({ sign }) => sign === "ok").map(({ environment }) => environment.name);
  const odd = secrets.filter(({ truth }) => truth !== "valid" && truth !== "weak");
  return [
    "THE FLEET",
    ...odd.flatMap(({ name, truth }) => lines("!! source: ", `${name} ${truthTexts[truth].short}`)),
    ...notable
      .slice(0, rowsMax)
      .flatMap(({ sign, environment }) => lines(`${sign} `, `${environment.name}: ${cellsOf(environment)}`)),
    ...(notable.length > rowsMax
      ? [`   and ${notable.length - rowsMax} more that are not right or not seen`]
      : []),
    ...(well.length === 0 ? [] : lines("ok ", listedAtMost(well, 6).join(", "))),
  ];
}

function signOf({ secrets }: EnvironmentReport): "!!" | "??" | "ok" {
  const isWrong = secrets.some(
    ({ verdict, cause }) => !calmVerdicts.has(verdict.kind) || cause !== undefined,
  );
  if (isWrong) return "!!";
  return secrets.some(({ verdict }) => verdict.kind === "unknown") ? "??" : "ok";
}

const calmVerdicts: ReadonlySet<string> = new Set(["in-sync", "ahead", "unknown"]);

/** Secrets that fare alike stand together. */
function cellsOf({ secrets }: EnvironmentReport): string {
  const byCell = Map.groupBy(secrets, cellOf);
  return [...byCell]
    .map(
      ([cell, holders]) =>
        `${listedAtMost(
          holders.map(({ name }) => name),
          4,
        ).join(", ")} ${cell}`,
    )
    .join("; ");
}

function cellOf({ verdict, cause }: HolderReport): string {
  if (cause === "latent" || cause === "rejected") return causeTexts[cause].short;
  return verdict.kind === "unknown" && verdict.because === "truth" ? "not compared" : verdictCell(verdict);
}
