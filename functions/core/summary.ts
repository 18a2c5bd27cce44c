import { truthTexts } from "./explanations.ts";
import { isFinding, tellingTruths } from "./message.ts";
import type { HealReport, HolderReport, RepairedHolder, Report } from "./report.ts";
import { statusWords } from "./run-wording.ts";
import { isQuiet } from "./wording.ts";

/** What a page begins with. */
export interface Summary {
  /** The gravest thing, in words that stand alone, and how many there are besides. */
  readonly what: string;
  readonly act: string;
  readonly forPerson: boolean;
}

interface Matter {
  readonly words: string;
  /** Whether somebody has to do something about it. */
  readonly forPerson: boolean;
}

/** What a report comes to at a glance: as it stands, whoever has been told of it before. */
export function summaryOf(report: Report): Summary {
  const matters = mattersOf(report);
  const [gravest] = matters;
  const more = matters.length > 1 ? ` (+${matters.length - 1} more)` : "";
  const forPerson = matters.some((matter) => matter.forPerson);
  return {
    what: gravest === undefined ? sentenceStart(statusWords[report.status]) : `${gravest.words}${more}`,
    act: forPerson ? "Somebody has to act: see below." : "Nobody has to do anything.",
    forPerson,
  };
}

function sentenceStart(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** The gravest first. */
function mattersOf(report: Report): readonly Matter[] {
  const { status, secrets, environments, heals } = report;
  const truths = secrets.filter(({ truth }) => tellingTruths.has(truth));
  const findings = environments.flatMap(({ name: environment, secrets: holders }) =>
    holders.filter(isFinding).map((holder) => ({ environment, holder })),
  );
  const explained = new Set([...truths, ...findings.map(({ holder }) => holder)].map(({ name }) => name));
  const refusals = environments.flatMap(({ name: environment, capabilities }) =>
    capabilities
      .filter((each) => each.status === "denied" && !each.dependsOn.some((secret) => explained.has(secret)))
      .map(({ name }) => `${environment} refuses ${name}`),
  );
  return [
    ...(status === "failed" ? [forPerson("the check could not read any secret from its source")] : []),
    ...truths.map(({ name, truth }) => forPerson(`${name} ${truthTexts[truth].short}`)),
    ...findings.map(({ environment, holder }) => ({
      words: findingWords(environment, holder),
      forPerson: !isPassing(holder.remedy.withheld?.reason) && !isUnderRepair(environment, holder, heals),
    })),
    ...refusals.map(forPerson),
    ...heals.map((heal) => ({ words: healWords(heal), forPerson: isUnfinished(heal) })),
  ];
}

function forPerson(words: string): Matter {
  return { words, forPerson: true };
}

/** What waits for a deployment or a rotation ends by itself. */
function isPassing(reason: string | undefined): boolean {
  return ["deploying", "rotation-in-progress", "limit", "in-flight", "cooldown"].includes(reason ?? "");
}

/** What this run or another has begun to mend waits for nobody. */
function isUnderRepair(environment: string, { name }: HolderReport, heals: readonly HealReport[]): boolean {
  return heals.some(
    (heal) =>
      heal.environment === environment &&
      heal.secrets.includes(name) &&
      (heal.status === "started" || (heal.status === "withheld" && heal.reason === "in-flight")),
  );
}

/** A repair that did not come to its proof is nobody's good news. */
function isUnfinished({ status, reason }: HealReport): boolean {
  return !["healed", "superseded", "started"].includes(status) && !isPassing(reason);
}

function findingWords(environment: string, { name, verdict, cause }: HolderReport): string {
  return cause === "latent"
    ? `${environment} would start with a wrong ${name}`
    : `${environment} holds ${heldWords(verdict.kind)} ${name}`;
}

function healWords({ environment, was, status }: HealReport): string {
  const [first] = was;
  if (status === "superseded") return `${environment}: a repair was not needed any more`;
  if (status === "started") return `${environment}: a repair was started`;
  const outcome =
    status !== "healed" ? "not repaired" : isQuiet(was) ? "set, read back" : "repaired, verified";
  return first === undefined
    ? `${environment}: ${outcome}`
    : `${environment} held ${heldWords(first.verdict.kind)} ${first.secret} - ${outcome}`;
}

function heldWords(kind: RepairedHolder["verdict"]["kind"]): string {
  switch (kind) {
    case "behind":
      return "an old";
    case "mangled":
      return "a mangled";
    case "unset":
      return "no";
    case "in-sync":
      return "a right";
    default:
      return "a wrong";
  }
}
