import {
  accidentTexts,
  causeTexts,
  explain,
  reasonTexts,
  remedyTexts,
  silenceTexts,
  storedTexts,
  verdictTexts,
} from "./explanations.ts";
import type { HealReport, HeldVerdictReport, HolderReport, StoredReport, VerdictReport } from "./report.ts";

/** What a holder runs with, in one phrase: `an old version (1 behind, replaced 2026-11-03 09:00 UTC)`. */
export function verdictPhrase(verdict: VerdictReport): string {
  switch (verdict.kind) {
    case "behind":
      return `an old version (${verdict.behindBy} behind${verdict.replacedAt === undefined ? "" : `, replaced ${minuteWords(verdict.replacedAt)}`})`;
    case "mangled":
      return `${verdict.versionId === undefined ? "" : "the value with "}${accidentTexts[verdict.accident]}`;
    case "swapped":
      return `the value of ${verdict.secret}`;
    case "withdrawn":
      return "a version that the source has withdrawn";
    case "foreign":
      return "a value that the source never had";
    case "unset":
      return "no value";
    case "ahead":
      return "the pending version";
    case "in-sync":
      return "the current version";
    case "split":
      return `different values in its instances: ${verdict.instances.map((each) => `${each.instance} ${verdictPhrase(each.verdict)}`).join("; ")}`;
    case "unknown":
      return `not seen: ${silenceTexts[verdict.because].short}`;
  }
}

/** What a holder runs with, and that no process said so where none did. */
export function heldPhrase({ verdict, evidence }: Pick<HolderReport, "verdict" | "evidence">): string {
  const bySnapshot = evidence === "snapshot" ? ", by what its deployment was started with" : "";
  return `${verdictPhrase(verdict)}${bySnapshot}`;
}

/** The same in the few letters of a table's cell. */
export function verdictCell(verdict: VerdictReport): string {
  switch (verdict.kind) {
    case "behind":
      return `old version (-${verdict.behindBy})`;
    case "mangled":
      return `mangled: ${verdict.accident}`;
    case "swapped":
      return `holds ${verdict.secret}`;
    case "unknown":
      return `not seen: ${(verdict.because === "refused" ? verdict.code : undefined) ?? verdict.because}`;
    case "split":
      return `instances differ: ${[...new Set(verdict.instances.map((each) => verdictCell(each.verdict)))].join(" / ")}`;
    default:
      return verdictTexts[verdict.kind].short;
  }
}

/** What a holder runs, in a cell; where nothing is seen to run, what is stored is at least something to go by. */
export function holderPhrase({ verdict, stored, cause }: HolderReport): string {
  if (cause === "latent") return `${verdictCell(verdict)}, stored wrong`;
  if (verdict.kind !== "unknown" || stored === undefined || stored.kind === "unknown")
    return verdictCell(verdict);
  return `stored: ${storedCell(stored)}`;
}

function storedCell(stored: Exclude<StoredReport, { kind: "unknown" }>): string {
  switch (stored.kind) {
    case "sealed":
    case "reference":
    case "inherited":
      return storedTexts[stored.kind].short;
    default:
      return verdictCell(stored);
  }
}

/** What is stored, where it differs from what runs or nothing runs to be seen. */
export function storedPhrase(stored: StoredReport): string {
  switch (stored.kind) {
    case "sealed":
      return storedTexts.sealed.short;
    case "inherited":
      return `${storedTexts.inherited.short}${holdingPhrase(stored.holds)}`;
    case "reference":
      return `${stored.to === undefined ? storedTexts.reference.short : `a reference to ${stored.to}`}${holdingPhrase(stored.holds)}`;
    case "unknown":
      return `not read: ${stored.detail}`;
    default:
      return verdictPhrase(stored satisfies HeldVerdictReport);
  }
}

function holdingPhrase(holds: HeldVerdictReport | undefined): string {
  return holds === undefined ? "" : `, which holds ${verdictPhrase(holds)}`;
}

/** Why it is so and what is done about it, for a holder that is not simply right. */
export function causePhrase({ cause }: Pick<HolderReport, "cause">): string | undefined {
  return cause === undefined ? undefined : causeTexts[cause].short;
}

/** What is done about a holder, with the reason where it is not done now. */
export function remedyPhrase({ remedy }: HolderReport): string {
  if (remedy.withheld === undefined) return remedyTexts[remedy.kind].short;
  const { reason, wouldBe, detail } = remedy.withheld;
  const why = detail === undefined ? reasonTexts[reason].short : `${reasonTexts[reason].short}: ${detail}`;
  return `${remedyTexts[wouldBe].short}, withheld: ${why}`;
}

const commandAtEnd = /^(?<words>.*:) (?<command>(?:aws|tallystick) .+)$/;

/** A step that ends in a command, with the command by itself, so that it can be copied unbroken. */
export function stepParts(step: string): { readonly words: string; readonly command?: string } {
  const { words, command } = commandAtEnd.exec(step)?.groups ?? {};
  return words === undefined || command === undefined ? { words: step } : { words, command };
}

/** What is said of a heal, of which not all may be remembered. */
type HealWords = Pick<HealReport, "status" | "reason" | "detail" | "evidence" | "was">;

/** How a heal ended, in one phrase. */
export function healPhrase(heal: HealWords): string {
  const { status, reason, detail } = heal;
  if (status === "healed") return `${provenPhrase(heal)}${laterWords(reason)}`;
  const why = detail ?? (reason === undefined ? undefined : explain(reason)[0]?.text.short);
  return why === undefined ? healStatusWords[status] : `${healStatusWords[status]}: ${why}`;
}

function laterWords(reason: HealReport["reason"]): string {
  return reason === undefined ? "" : `, ${explain(reason)[0]?.text.short}`;
}

/** What a repair was proven by, in words: nothing more is claimed than was seen. */
function provenPhrase({ evidence, was }: HealWords): string {
  if (isQuiet(was)) return "set and read back, nothing was deployed";
  return evidence === "snapshot"
    ? "repaired; its new deployment was started with the right value, no process was asked"
    : healStatusWords.healed;
}

/** Whether all that was done was to set variables for the next start: no process took them in, none could prove them. */
export function isQuiet(was: HealReport["was"]): boolean {
  return was.length > 0 && was.every(({ action }) => action === "set-quietly");
}

const healStatusWords: Readonly<Record<HealReport["status"], string>> = {
  started: "repair started",
  healed: "repaired and verified",
  failed: "repair failed",
  "timed-out": "repair not proven in time",
  superseded: "repair not needed any more",
  withheld: "repair withheld",
};

/** `2026-11-03T09:00:41Z` → `2026-11-03 09:00 UTC`. */
export function minuteWords(isoTime: string): string {
  return isoTime.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}).*$/, "$1 $2 UTC");
}

const versionCharactersMax = 12;

/** Enough of a version's id to tell it from others; of a UUID, its first block. */
export function shortVersion(id: string): string {
  if (/^[0-9a-f]{8}-/i.test(id)) return id.slice(0, 8);
  return id.length <= versionCharactersMax ? id : `${id.slice(0, versionCharactersMax - 1)}…`;
}
