import { truthTexts } from "./explanations.ts";
import { limits } from "./limits.ts";
import type { Message } from "./ports.ts";
import type { HealReport, HolderReport, Report, SecretReport, Trigger } from "./report.ts";
import type { TruthState } from "./truth.ts";
import {
  causePhrase,
  healPhrase,
  isQuiet,
  minuteWords,
  remedyPhrase,
  storedPhrase,
  verdictPhrase,
} from "./wording.ts";

interface Finding {
  readonly environment: string;
  readonly holder: HolderReport;
}

interface Refusal {
  readonly environment: string;
  readonly capability: string;
}

/** What a message is made of, the gravest first. */
interface News {
  readonly report: Report;
  /** Holders that are wrong or will be, but for a rejected secret: that is told of the secret itself. */
  readonly findings: readonly Finding[];
  readonly truths: readonly SecretReport[];
  /** Refused calls that none of these explains. */
  readonly refusals: readonly Refusal[];
  /** Whether somebody has to do something. */
  readonly forPerson: boolean;
}

/** States of a secret itself that people are told of. */
export const tellingTruths: ReadonlySet<TruthState> = new Set([
  "placeholder",
  "expired",
  "rejected",
  "verifier-unseen",
  "expiring",
]);

/** Nothing but what this run has started a repair for: it tells its own end, and with it what was wrong. */
function isLeftToRepair({ report, findings, truths, refusals }: News): boolean {
  const started = report.heals.filter(({ status }) => status === "started");
  return (
    report.status !== "failed" &&
    truths.length + refusals.length === 0 &&
    started.length > 0 &&
    started.length === report.heals.length &&
    findings.every((finding) => isMendedBy(finding, started))
  );
}

/** What this run or another has begun to mend waits for nobody. */
function isUnderRepair(finding: Finding, { heals }: Report): boolean {
  const underWay = heals.filter(
    ({ status, reason }) => status === "started" || (status === "withheld" && reason === "in-flight"),
  );
  return isMendedBy(finding, underWay);
}

function isMendedBy({ environment, holder }: Finding, heals: readonly HealReport[]): boolean {
  return heals.some((heal) => heal.environment === environment && heal.secrets.includes(holder.name));
}

/**
 * What people are told of a run; undefined where there is nothing to tell. That something could not be seen is
 * no message by itself: without memory it would be sent at every tick of a night with a sleeping laptop.
 */
export function messageOf(report: Report): Message | undefined {
  const news = newsOf(report);
  if (isLeftToRepair(news)) return undefined;
  const things = news.findings.length + news.truths.length + news.refusals.length + report.heals.length;
  if (report.status !== "failed" && things === 0) return undefined;
  const what = `${headline(news)}${things > 1 ? ` (+${things - 1} more)` : ""}`;
  return {
    subject: shortened(`Tallystick: ${what}`, limits.subjectCharactersMax),
    text: body(news, what),
    data: report,
    attributes: { severity: news.forPerson ? "alert" : "info", kind: kindOf(news) },
  };
}

function newsOf(report: Report): News {
  const findings = report.environments.flatMap(({ name, secrets }) =>
    secrets.filter(isFinding).map((holder) => ({ environment: name, holder })),
  );
  const truths = report.secrets.filter(({ truth }) => tellingTruths.has(truth));
  const refusals = unexplainedRefusals(
    report,
    new Set([...truths, ...findings.map(({ holder }) => holder)].map(({ name }) => name)),
  );
  const forPerson =
    report.status === "failed" ||
    truths.length > 0 ||
    refusals.length > 0 ||
    findings.some((finding) => needsPerson(finding.holder) && !isUnderRepair(finding, report)) ||
    report.heals.some(isUnfinished);
  return { report, findings, truths, refusals, forPerson };
}

/** What is told of a holder: what is wrong now, or will be at its next start. */
export function isFinding({ verdict, cause, remedy }: HolderReport): boolean {
  return (
    verdict.kind !== "unknown" && cause !== "rejected" && (cause !== undefined || remedy.kind !== "none")
  );
}

function unexplainedRefusals({ environments }: Report, told: ReadonlySet<string>): Refusal[] {
  return environments.flatMap(({ name: environment, capabilities }) =>
    capabilities
      .filter(({ status, dependsOn }) => status === "denied" && !dependsOn.some((secret) => told.has(secret)))
      .map(({ name: capability }) => ({ environment, capability })),
  );
}

/** What waits for a deployment or a rotation ends by itself. */
const passingReasons: ReadonlySet<string | undefined> = new Set([
  "deploying",
  "rotation-in-progress",
  "limit",
  "in-flight",
  "cooldown",
]);

function needsPerson({ remedy }: HolderReport): boolean {
  return !passingReasons.has(remedy.withheld?.reason);
}

/** A repair that did not come to its proof is nobody's good news. */
function isUnfinished({ status, reason }: HealReport): boolean {
  return (
    status !== "healed" && status !== "superseded" && status !== "started" && !passingReasons.has(reason)
  );
}

function kindOf({ report, findings, refusals }: News): string {
  if (report.status === "failed") return "failed";
  if (findings.length > 0 || refusals.length > 0 || report.heals.some(isUnfinished)) return "drift";
  return report.heals.length > 0 ? "repaired" : "truth";
}

/** The gravest thing, in words that stand alone. */
function headline({ report, findings, truths, refusals }: News): string {
  const [finding] = findings;
  const [refusal] = refusals;
  const [truth] = truths;
  if (report.status === "failed") return "the check could not read any secret from its source";
  if (truth !== undefined) return `${truth.name} ${truthTexts[truth.truth].short}`;
  if (finding !== undefined) return findingWords(finding);
  if (refusal !== undefined) return `${refusal.environment} refuses ${refusal.capability}`;
  return report.heals.slice(0, 1).map(healWords).join("");
}

function findingWords({ environment, holder }: Finding): string {
  return holder.cause === "latent"
    ? `${environment} would start with a wrong ${holder.name}`
    : `${environment} holds ${heldWords(holder)} ${holder.name}`;
}

function healWords({ environment, was, status }: HealReport): string {
  const [first] = was;
  if (status === "superseded") return `${environment}: a repair was not needed any more`;
  const outcome =
    status !== "healed" ? "not repaired" : isQuiet(was) ? "set, read back" : "repaired, verified";
  return first === undefined
    ? `${environment}: ${outcome}`
    : `${environment} held ${heldWords(first)} ${first.secret} - ${outcome}`;
}

function heldWords({ verdict }: Pick<HolderReport, "verdict">): string {
  switch (verdict.kind) {
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

function body(news: News, what: string): string {
  const { report, findings, truths, forPerson } = news;
  const sections = [
    [`${what}.`, forPerson ? "Somebody has to act: see below." : "Nobody has to do anything."],
    titled("THE SECRETS THEMSELVES", truths.flatMap(truthLines)),
    titled("WRONG NOW", findings.flatMap(findingLines)),
    titled("REPAIR STARTED, which tells its own end", endedWith(report, "started").flatMap(healLines)),
    titled("NOT REPAIRED", endedWith(report, ...unrepaired).flatMap(healLines)),
    titled("NOT NEEDED ANY MORE", endedWith(report, "superseded").flatMap(healLines)),
    titled("REPAIRED", endedWith(report, "healed").flatMap(healLines)),
    titled("IMPACT", impactLines(report)),
    titled("NOT SEEN, which says nothing, good or bad", unseenLines(report)),
    [`Run ${report.run.id}, ${triggerWords[report.run.trigger]}, ${minuteWords(report.run.startedAt)}.`],
  ];
  const paragraphs = sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${paragraphs.join("\n\n")}\n`;
}

const unrepaired = ["failed", "timed-out", "withheld"] as const;

function endedWith({ heals }: Report, ...statuses: readonly HealReport["status"][]): readonly HealReport[] {
  return heals.filter(({ status }) => statuses.includes(status));
}

const triggerWords: Readonly<Record<Trigger, string>> = {
  schedule: "started by the schedule",
  label: "started by a changed secret",
  manual: "started by hand",
  cli: "started on the command line",
};

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function truthLines({ name, truth, expiresAt, detail }: SecretReport): string[] {
  const until = expiresAt === undefined ? "" : ` (${minuteWords(expiresAt)})`;
  const { short, means, toDo } = truthTexts[truth];
  return [`- ${name}: ${short}${until}`, `  ${detail ?? means}`, `  to do: ${toDo}`];
}

function findingLines({ environment, holder }: Finding): string[] {
  const why = causePhrase(holder);
  return [
    `- ${environment}, ${holder.name}: runs ${verdictPhrase(holder.verdict)}`,
    ...(holder.stored === undefined ? [] : [`  stored: ${storedPhrase(holder.stored)}`]),
    ...(why === undefined ? [] : [`  why: ${why}`]),
    `  repair: ${remedyPhrase(holder)}`,
    ...(holder.remedy.steps ?? []).map((step, index) => `  ${index + 1}. ${step}`),
  ];
}

function healLines(heal: HealReport): string[] {
  const was = heal.was.map(({ secret, verdict, cause }) => {
    const why = causePhrase(cause === undefined ? {} : { cause });
    return `  ${secret} was ${verdictPhrase(verdict)}${why === undefined ? "" : `; why: ${why}`}`;
  });
  return [`- ${heal.environment}: ${healPhrase(heal)}`, ...was];
}

function impactLines({ environments }: Report): string[] {
  const all = environments.flatMap(({ name, capabilities }) =>
    capabilities.map((capability) => ({ environment: name, ...capability })),
  );
  if (!all.some(({ status }) => status === "denied")) return [];
  const line = (word: string, { environment, name, dependsOn }: (typeof all)[number]): string =>
    `- ${word}: ${name} on ${environment} (needs ${dependsOn.length === 0 ? "no secret" : dependsOn.join(", ")})`;
  return [
    ...all.filter(({ status }) => status === "denied").map((capability) => line("refused", capability)),
    ...all.filter(({ status }) => status === "works").map((capability) => line("works", capability)),
  ];
}

function unseenLines({ environments }: Report): string[] {
  return environments.flatMap(({ name, secrets }) => {
    const unseen = secrets.find(({ verdict }) => verdict.kind === "unknown");
    return unseen === undefined ? [] : [`- ${name}: ${verdictPhrase(unseen.verdict)}`];
  });
}

function shortened(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 3)}...`;
}
