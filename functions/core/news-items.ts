import { type Dependent, dependentsOf } from "./dependents.ts";
import { durationWords } from "./duration.ts";
import { explain, newsTexts, reasonTexts, remedyTexts, silenceTexts, truthTexts } from "./explanations.ts";
import { passingReasons } from "./findings.ts";
import { headlineOf, type Piece } from "./headline.ts";
import { healOf } from "./matters.ts";
import { type NewsKind, newsKinds } from "./news.ts";
import type { EnvironmentReport, HolderReport, Report, StoredReport } from "./report.ts";
import type { Telling } from "./tellings.ts";
import { epochMs, isoTime } from "./time.ts";
import {
  causePhrase,
  healPhrase,
  heldPhrase,
  minuteWords,
  remedyPhrase,
  storedPhrase,
  verdictPhrase,
} from "./wording.ts";

/** One piece of news as it is told, the same for mail, chat and machines. */
export interface NewsItem extends Piece {
  readonly headline: string;
  readonly since: string;
  readonly what?: string;
  readonly why?: string;
  /** What needs what is told of, the refused first. */
  readonly dependents: readonly Dependent[];
  /** What was refused for it while it was wrong. */
  readonly broke: readonly string[];
  readonly done?: string;
  readonly toDo: readonly string[];
  readonly forPerson: boolean;
}

/** What is told of a run, the gravest first: what somebody has to do something about, then by its kind. */
export function itemsOf(report: Report, tellings: readonly Telling[], nowMs: number): readonly NewsItem[] {
  const items = oncePerSilence(report, tellings).map((telling) => itemOf(report, telling, nowMs));
  return items.toSorted(
    (one, other) =>
      Number(other.forPerson) - Number(one.forPerson) ||
      newsKinds.indexOf(one.kind) - newsKinds.indexOf(other.kind),
  );
}

/** An environment that falls silent as a whole is told of once, not with each of its secrets. */
function oncePerSilence(report: Report, tellings: readonly Telling[]): readonly Telling[] {
  const told = new Set<string>();
  return tellings.filter(({ kind, matter: { about } }) => {
    if (about.kind !== "unseen" || isPart(kind, environmentOf(report, about.environment))) return true;
    const place = JSON.stringify([kind, about.environment]);
    return !told.has(place) && told.add(place);
  });
}

/** Whether others of an environment are seen while one is not, or the other way round. */
function isPart(kind: NewsKind, environment: EnvironmentReport | undefined): boolean {
  const isResolved = kind === "resolved";
  return environment?.secrets.some(({ verdict }) => (verdict.kind === "unknown") === isResolved) === true;
}

function itemOf(report: Report, { kind, matter, sinceMs, broke, changes }: Telling, nowMs: number): NewsItem {
  const { about } = matter;
  const found = "environment" in about ? environmentOf(report, about.environment) : undefined;
  const named = "secret" in about ? about.secret : undefined;
  const holder = found?.secrets.find(({ name }) => name === named);
  const secret = report.secrets.find(({ name }) => name === named);
  // An expired secret was told of before, when it was about to expire.
  const expiredAt = kind === "truth" && secret?.truth === "expired" ? secret.expiresAt : undefined;
  const beganMs = expiredAt === undefined ? sinceMs : epochMs(expiredAt);
  const heal = about.kind === "holder" ? healOf(report, about.environment, about.secret) : undefined;
  const piece: Piece = {
    ...{ kind, about, changes, lastedMs: Math.max(0, nowMs - beganMs) },
    ...(holder && { holder }),
    ...(heal && { heal }),
    ...(secret && { secret }),
    ...(about.kind === "unseen" && { isPart: isPart(kind, found) }),
  };
  return {
    ...piece,
    ...{ headline: headlineOf(piece), since: isoTime(beganMs), broke },
    dependents: dependentsOn(report, about),
    ...factsOf(piece),
    toDo: toDoOf(piece),
    forPerson: isForPerson(piece),
  };
}

function environmentOf({ environments }: Report, name: string): EnvironmentReport | undefined {
  return environments.find((environment) => environment.name === name);
}

function dependentsOn(report: Report, about: Piece["about"]): readonly Dependent[] {
  if (!("secret" in about) || about.kind === "unseen") return [];
  return dependentsOf(report, about.secret, about.kind === "holder" ? about.environment : undefined);
}

function factsOf({ kind, about, holder, heal, secret }: Piece): Pick<NewsItem, "what" | "why" | "done"> {
  if (about.kind === "holder" && holder !== undefined) return holderFacts(kind, holder, heal, about.secret);
  if (about.kind === "unseen" && holder?.verdict.kind === "unknown")
    return { what: `not seen: ${holder.verdict.detail}` };
  if (about.kind === "capability" && kind !== "resolved") return { what: newsTexts.refused.means };
  if (secret === undefined || kind === "resolved") return {};
  const until = secret.expiresAt === undefined ? "" : ` (${minuteWords(secret.expiresAt)})`;
  const { short, means } = about.kind === "source" ? reasonTexts["source-suspect"] : truthTexts[secret.truth];
  return { what: `${short}${about.kind === "secret" ? until : ""}`, why: secret.detail ?? means };
}

function holderFacts(
  kind: NewsKind,
  holder: HolderReport,
  heal: Piece["heal"],
  secret: string,
): Pick<NewsItem, "what" | "why" | "done"> {
  const was = heal?.was.find((each) => each.secret === secret);
  const isEnd = heal !== undefined && (kind === "repaired" || kind === "not-repaired");
  const stored = holder.stored === undefined ? "" : `; stored: ${storedWords(holder.verdict, holder.stored)}`;
  const what =
    isEnd && was !== undefined ? `ran ${verdictPhrase(was.verdict)}` : `runs ${heldPhrase(holder)}${stored}`;
  const cause = (isEnd ? was?.cause : undefined) ?? holder.cause;
  const why = causePhrase(cause === undefined ? {} : { cause });
  const took = heal?.durationMs === undefined ? "" : `, in ${durationWords(heal.durationMs)}`;
  const action = was === undefined ? "" : ` (${remedyTexts[was.action].short})`;
  return {
    what,
    ...(why !== undefined && kind !== "resolved" && { why }),
    ...(isEnd
      ? { done: `${healPhrase(heal)}${action}${took}` }
      : { done: kind === "resolved" ? "seen to be right, whoever put it right" : idleWords(holder) }),
  };
}

function storedWords(verdict: HolderReport["verdict"], stored: StoredReport): string {
  const words = storedPhrase(stored);
  return words === verdictPhrase(verdict) ? "the same" : words;
}

/** Why nothing was done. */
function idleWords(holder: HolderReport): string {
  if (holder.remedy.kind === "none") return "nothing";
  if (holder.remedy.kind === "by-hand") return "nothing: only a person can";
  return `nothing yet (${remedyPhrase(holder)})`;
}

/** What a person has to do; where it begins with "Nothing", nothing. */
function toDoOf(piece: Piece): readonly string[] {
  const { kind, about, holder, heal, secret } = piece;
  if (kind === "repaired" || kind === "resolved") return [newsTexts[kind].toDo];
  if (kind === "flapping") return [newsTexts.flapping.toDo];
  if (about.kind === "source") return [reasonTexts["source-suspect"].toDo];
  if (about.kind === "holder" && holder !== undefined) return holderToDo(holder, heal);
  if (about.kind === "unseen" && holder?.verdict.kind === "unknown") return [silenceToDo(holder.verdict)];
  if (secret !== undefined) return [truthTexts[secret.truth].toDo];
  return [newsTexts[about.kind === "run" ? "failed" : "refused"].toDo];
}

/** A responder that refused has said why. */
function silenceToDo({ because, code }: Extract<HolderReport["verdict"], { kind: "unknown" }>): string {
  const refusal = code === undefined ? undefined : explain(code).find(({ table }) => table === "refusal");
  return refusal?.text.toDo ?? silenceTexts[because].toDo;
}

function holderToDo({ remedy }: HolderReport, heal: Piece["heal"]): readonly string[] {
  if (remedy.steps !== undefined && remedy.steps.length > 0) return remedy.steps;
  const reason = healReasonOf(heal) ?? remedy.withheld?.reason;
  const [explained] = reason === undefined ? [] : explain(reason);
  return [explained?.text.toDo ?? remedyTexts[remedy.kind].toDo];
}

function healReasonOf(heal: Piece["heal"]): string | undefined {
  return heal?.status === "failed" || heal?.status === "timed-out" ? heal.reason : undefined;
}

const goodNews: ReadonlySet<NewsKind> = new Set(["repaired", "resolved"]);

/** Whether somebody has to act, or at least to look. */
function isForPerson({ kind, about, holder, heal }: Piece): boolean {
  if (goodNews.has(kind) || heal?.status === "started") return false;
  if (about.kind !== "holder" || kind === "not-repaired" || kind === "flapping") return true;
  const reason = holder?.remedy.withheld?.reason ?? (heal?.status === "withheld" ? heal.reason : undefined);
  return !passingReasons.has(reason);
}

/** Whether somebody has to do something, in a few words. */
export function actionWords(items: readonly NewsItem[]): string {
  const open = items.filter(({ forPerson }) => forPerson);
  if (open.length === 0) return "Nothing to do.";
  const isIdle = open.every(({ toDo }) => toDo.every((each) => each.startsWith("Nothing")));
  return isIdle ? "Nothing to do yet." : "Somebody has to act.";
}

/** Whether something is only so because its source is wrong, which is told in the same message. */
export function isConsequence({ about, holder }: NewsItem, items: readonly NewsItem[]): boolean {
  if (about.kind !== "holder" || holder?.remedy.withheld?.reason !== "source-suspect") return false;
  return items.some(
    (other) =>
      (other.about.kind === "source" || other.about.kind === "secret") && other.about.secret === about.secret,
  );
}
