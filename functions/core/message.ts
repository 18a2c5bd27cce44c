import { truthTexts } from "./explanations.ts";
import { limits } from "./limits.ts";
import type { Message } from "./ports.ts";
import type { HealReport, HolderReport, Report, SecretReport } from "./report.ts";
import type { TruthState } from "./truth.ts";
import {
  causePhrase,
  healPhrase,
  minuteWords,
  remedyPhrase,
  storedPhrase,
  verdictPhrase,
} from "./wording.ts";

interface Finding {
  readonly environment: string;
  readonly holder: HolderReport;
}

const tellingTruths: ReadonlySet<TruthState> = new Set([
  "placeholder",
  "expired",
  "rejected",
  "verifier-unseen",
  "expiring",
]);

/**
 * What people are told of a run; undefined where there is nothing to tell. That something could not be seen is
 * no message by itself: without memory it would be sent at every tick of a night with a sleeping laptop.
 */
export function messageOf(report: Report): Message | undefined {
  const findings = report.environments.flatMap(({ name, secrets }) =>
    secrets.filter(isFinding).map((holder) => ({ environment: name, holder })),
  );
  const truths = report.secrets.filter(({ truth }) => tellingTruths.has(truth));
  if (report.status !== "failed" && findings.length === 0 && truths.length === 0 && report.heals.length === 0)
    return undefined;
  const forPerson = needsPerson(report, findings, truths);
  const subject = shortened(`Tallystick: ${headline(report, findings, truths)}`, limits.subjectCharactersMax);
  return {
    subject,
    text: body(report, findings, truths, forPerson),
    data: report,
    attributes: { severity: forPerson ? "alert" : "info", kind: kindOf(report, findings) },
  };
}

function isFinding({ verdict, cause, remedy }: HolderReport): boolean {
  return verdict.kind !== "unknown" && (cause !== undefined || remedy.kind !== "none");
}

function needsPerson(report: Report, findings: readonly Finding[], truths: readonly SecretReport[]): boolean {
  return (
    report.status === "failed" ||
    truths.length > 0 ||
    findings.length > 0 ||
    report.heals.some(({ status }) => status !== "healed" && status !== "superseded")
  );
}

function kindOf({ status, heals }: Report, findings: readonly Finding[]): string {
  if (status === "failed") return "failed";
  if (findings.length > 0) return "drift";
  return heals.length > 0 ? "repaired" : "truth";
}

/** The gravest thing, in words that stand alone. */
function headline(report: Report, findings: readonly Finding[], truths: readonly SecretReport[]): string {
  const [truth] = truths;
  const [finding] = findings;
  const [heal] = report.heals;
  const more = truths.length + findings.length + report.heals.length - 1;
  const suffix = more > 0 ? ` (+${more} more)` : "";
  if (report.status === "failed") return "the check could not do its work";
  if (finding !== undefined && finding.holder.cause !== "rejected")
    return `${findingWords(finding)}${suffix}`;
  if (truth !== undefined)
    return `${truth.name} ${truthTexts[truth.truth].short}: a person has to act${suffix}`;
  if (finding !== undefined) return `${findingWords(finding)}${suffix}`;
  return heal === undefined ? "all in sync" : `${healWords(heal)}${suffix}`;
}

function findingWords({ environment, holder }: Finding): string {
  return holder.cause === "latent"
    ? `${environment} would start with a wrong ${holder.name}`
    : `${environment} holds ${shortVerdict(holder)} ${holder.name}`;
}

function healWords({ environment, was, status }: HealReport): string {
  const [first] = was;
  const what = first === undefined ? "a secret" : `${shortVerdict(first)} ${first.secret}`;
  return `${environment} held ${what} - ${status === "healed" ? "repaired, verified" : "not repaired"}`;
}

function shortVerdict({ verdict }: Pick<HolderReport, "verdict">): string {
  switch (verdict.kind) {
    case "behind":
      return "an old";
    case "mangled":
      return "a mangled";
    case "unset":
      return "no";
    case "in-sync":
      return "a";
    default:
      return "a wrong";
  }
}

function body(
  report: Report,
  findings: readonly Finding[],
  truths: readonly SecretReport[],
  forPerson: boolean,
): string {
  const sections = [
    [firstLine(report, forPerson)],
    report.heals.length === 0 ? [] : ["REPAIRS", ...report.heals.flatMap(healLines)],
    findings.length === 0 ? [] : ["WRONG NOW", ...findings.flatMap(findingLines)],
    truths.length === 0 ? [] : ["THE SECRETS THEMSELVES", ...truths.map(truthLine)],
    impactLines(report),
    unseenLines(report),
    [
      `Run ${report.run.id}, started by ${report.run.trigger}, mode ${report.run.mode}, ${minuteWords(report.run.startedAt)}.`,
    ],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function firstLine({ status }: Report, forPerson: boolean): string {
  if (status === "failed")
    return "The check could not read any secret from its source. You have to look at it: nothing was checked.";
  return forPerson
    ? "Something is wrong, and somebody has to act: see below."
    : "Nobody has to do anything: what was wrong is repaired and verified.";
}

function healLines(heal: HealReport): string[] {
  const was = heal.was.map(({ secret, verdict, cause }) => {
    const why = causePhrase(cause === undefined ? {} : { cause });
    return `  ${secret} was ${verdictPhrase(verdict)}${why === undefined ? "" : `; ${why}`}`;
  });
  return [`- ${heal.environment}: ${healPhrase(heal)}`, ...was];
}

function findingLines({ environment, holder }: Finding): string[] {
  const why = causePhrase(holder);
  return [
    `- ${environment}, ${holder.name}: runs ${verdictPhrase(holder.verdict)}`,
    ...(holder.stored === undefined ? [] : [`  stored: ${storedPhrase(holder.stored)}`]),
    ...(why === undefined ? [] : [`  why: ${why}`]),
    `  what is done: ${remedyPhrase(holder)}`,
    ...(holder.remedy.steps ?? []).map((step, index) => `  ${index + 1}. ${step}`),
  ];
}

function truthLine({ name, truth, expiresAt, detail }: SecretReport): string {
  const until = expiresAt === undefined ? "" : ` (${minuteWords(expiresAt)})`;
  const { short, toDo } = truthTexts[truth];
  return `- ${name}: ${short}${until}. ${detail === undefined ? "" : `${detail}. `}${toDo}`;
}

function impactLines({ environments }: Report): string[] {
  const all = environments.flatMap(({ name, capabilities }) =>
    capabilities.map((capability) => ({ environment: name, ...capability })),
  );
  const denied = all.filter(({ status }) => status === "denied");
  if (denied.length === 0) return [];
  const works = all.filter(({ status }) => status === "works");
  return [
    "IMPACT",
    ...denied.map(
      ({ environment, name, dependsOn }) =>
        `- refused: ${name} on ${environment} (needs ${dependsOn.join(", ")})`,
    ),
    ...works.map(
      ({ environment, name, dependsOn }) =>
        `- works: ${name} on ${environment} (needs ${dependsOn.length === 0 ? "no secret" : dependsOn.join(", ")})`,
    ),
  ];
}

function unseenLines({ environments }: Report): string[] {
  const unseen = environments.flatMap(({ name, secrets }) =>
    secrets.some(({ verdict }) => verdict.kind === "unknown") ? [name] : [],
  );
  return unseen.length === 0 ? [] : [`NOT SEEN (which says nothing, good or bad): ${unseen.join(", ")}`];
}

function shortened(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 3)}...`;
}
