import { durationWords } from "./duration.ts";
import { causeTexts, reasonTexts, truthTexts } from "./explanations.ts";
import { isFinding } from "./findings.ts";
import type { About } from "./matters.ts";
import type { NewsKind } from "./news.ts";
import type { HealReport, HolderReport, SecretReport, VerdictReport } from "./report.ts";
import { dayOf } from "./time.ts";
import type { TruthState } from "./truth.ts";
import { isQuiet } from "./wording.ts";

type Place = Extract<About, { readonly secret: string; readonly environment: string }>;

/** One piece of news with all that the report knows of it. */
export interface Piece {
  readonly kind: NewsKind;
  readonly about: About;
  /** How long it has been so, or was. */
  readonly lastedMs: number;
  readonly changes: number;
  readonly holder?: HolderReport;
  readonly heal?: HealReport;
  readonly secret?: SecretReport;
  /** Other secrets of its environment fare otherwise, so that the environment's name alone would say too much. */
  readonly isPart?: boolean;
}

/** What has happened, in words that stand alone, and that begin with where. */
export function headlineOf(piece: Piece): string {
  const { about, kind, lastedMs } = piece;
  const lasted = durationWords(lastedMs);
  if (kind === "flapping") return `${thingWords(about)} keeps changing: ${piece.changes} times lately`;
  switch (about.kind) {
    case "run":
      return kind === "resolved"
        ? `the check can read its source again, after ${lasted}`
        : "the check could not read any secret from its source";
    case "secret":
      return ofSecret(piece, about.secret);
    case "source":
      return kind === "resolved"
        ? `the source of ${about.secret} looks right again, after ${lasted}`
        : `${stillIn(kind)}the source of ${about.secret} looks wrong`;
    case "unread":
      return kind === "resolved"
        ? `${about.secret} can be read from its source again, after ${lasted}`
        : `${about.secret} was not read from its source for ${lasted}`;
    case "unseen":
      return ofSilence(piece, about);
    case "capability":
      return ofCapability(piece, about);
    case "holder":
      return ofHolder(piece, about);
  }
}

function stillIn(kind: NewsKind): string {
  return kind === "reminder" ? "still: " : "";
}

function ofSecret({ kind, lastedMs, secret }: Piece, name: string): string {
  if (secret === undefined || kind === "resolved")
    return `${name} is valid again, after ${durationWords(lastedMs)}`;
  const day = secret.truth === "expiring" && secret.expiresAt ? ` (${dayOf(secret.expiresAt)})` : "";
  return `${stillIn(kind)}${name} ${stateWords(secret.truth)}${day}`;
}

function stateWords(truth: TruthState): string {
  const { short } = truthTexts[truth];
  if (truth === "expiring") return short;
  return truth === "expired" ? `has ${short}` : `is ${short}`;
}

function ofSilence({ kind, lastedMs, isPart }: Piece, { environment, secret }: Place): string {
  const lasted = durationWords(lastedMs);
  if (kind === "resolved")
    return `${environment} ${isPart ? `shows ${secret}` : "is seen"} again, after ${lasted}`;
  return `${environment} ${isPart ? `did not show ${secret}` : "was not seen"} for ${lasted}`;
}

function ofCapability(
  { kind, lastedMs }: Piece,
  { environment, capability }: Extract<About, { kind: "capability" }>,
): string {
  if (kind === "resolved")
    return `${environment} accepts ${capability} again, after ${durationWords(lastedMs)}`;
  return `${environment} ${kind === "reminder" ? "still refuses" : "refuses"} ${capability}`;
}

function thingWords(about: About): string {
  switch (about.kind) {
    case "run":
      return "the check's own source";
    case "secret":
      return about.secret;
    case "source":
    case "unread":
      return `the source of ${about.secret}`;
    case "unseen":
      return `the sight of ${about.environment}`;
    case "capability":
      return `${about.capability} on ${about.environment}`;
    case "holder":
      return `${about.secret} on ${about.environment}`;
  }
}

function ofHolder(piece: Piece, { environment, secret }: Place): string {
  const { kind, lastedMs, holder, heal } = piece;
  const was = heal?.was.find((each) => each.secret === secret);
  const lasted = durationWords(lastedMs);
  switch (kind) {
    case "repaired": {
      if (heal !== undefined && isQuiet(heal.was))
        return `${environment} stored a wrong ${secret} - set, read back`;
      const proof = heal?.evidence === "snapshot" ? "repaired, by its snapshot" : "repaired, verified";
      return `${environment} held ${heldWords(was?.verdict)} ${secret} - ${proof}`;
    }
    case "not-repaired": {
      const outcome = heal?.status === "timed-out" ? "repair not proven" : "not repaired";
      const isStill = holder !== undefined && isFinding(holder);
      const held = `${environment} held ${heldWords(was?.verdict)} ${secret}`;
      return `${isStill ? holderWords(environment, secret, holder) : held} - ${outcome}`;
    }
    case "resolved":
      return `${environment} holds the right ${secret} again, after ${lasted}`;
    case "reminder":
      return `${holderWords(environment, secret, holder, "still ")} (${lasted})`;
    case "changed":
      return `${holderWords(environment, secret, holder)} - ${changeWords(holder)}`;
    case "steady":
      return `${holderWords(environment, secret, holder)}, and no longer changes`;
    default:
      return holderWords(environment, secret, holder);
  }
}

function holderWords(
  environment: string,
  secret: string,
  holder: HolderReport | undefined,
  still = "",
): string {
  return holder?.cause === "latent"
    ? `${environment} ${still}would start with a wrong ${secret}`
    : `${environment} ${still}holds ${heldWords(holder?.verdict)} ${secret}`;
}

/** What is new of what is still wrong: what keeps it so, else why it is so. */
function changeWords(holder: HolderReport | undefined): string {
  const withheld = holder?.remedy.withheld?.reason;
  if (withheld !== undefined && withheld !== "mode") return reasonTexts[withheld].short;
  return holder?.cause === undefined ? "it has changed" : causeTexts[holder.cause].short;
}

function heldWords(verdict: VerdictReport | undefined): string {
  switch (verdict?.kind) {
    case "behind":
      return "an old";
    case "mangled":
      return "a mangled";
    case "unset":
      return "no";
    case "in-sync":
      return "a right";
    case "unknown":
    case undefined:
      return "an unproven";
    default:
      return "a wrong";
  }
}
