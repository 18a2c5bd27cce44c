import { Secret } from "../protocol/secret.ts";
import { type Accident, type AccidentCandidate, accidentsOf, valuelessAccidents } from "./accidents.ts";
import { limits } from "./limits.ts";
import type { ReadTruth, SecretVersion, SilenceReason } from "./observation.ts";

/** What one held value turned out to be, in the order of matching. */
export type HeldVerdict =
  | { readonly kind: "in-sync"; readonly versionId: string }
  | { readonly kind: "ahead"; readonly versionId: string }
  | {
      readonly kind: "behind";
      readonly versionId: string;
      readonly behindBy: number;
      readonly replacedAtMs?: number;
    }
  | { readonly kind: "withdrawn"; readonly versionId: string }
  | { readonly kind: "swapped"; readonly secret: string }
  | { readonly kind: "mangled"; readonly accident: Accident; readonly versionId?: string }
  | { readonly kind: "unset" }
  | { readonly kind: "foreign" };

/** The judgement on what an environment's processes run with. */
export type Verdict =
  | HeldVerdict
  | {
      readonly kind: "split";
      readonly instances: readonly { readonly instance: string; readonly verdict: HeldVerdict }[];
    }
  | {
      readonly kind: "unknown";
      readonly because: SilenceReason;
      readonly code?: string;
      readonly detail: string;
    };

/** Every kind of verdict on a running value; `explain` knows each. @internal */
export const verdictKinds = [
  "in-sync",
  "ahead",
  "behind",
  "withdrawn",
  "swapped",
  "mangled",
  "unset",
  "foreign",
  "split",
  "unknown",
] as const satisfies readonly Verdict["kind"][];

/** A held value that cannot be read but can be compared: by fingerprint, or in memory. */
export interface HeldValue {
  /** Nothing is held: null, or not set. */
  readonly absent: boolean;
  equals(candidate: Secret): boolean;
}

/** All that a held value may be compared with, prepared once per secret and environment. */
export interface KnownValues {
  readonly truth: ReadTruth;
  /** The other secrets of the fleet and their current values. */
  readonly others: readonly { readonly name: string; readonly value: Secret }[];
  /** What the secret is called in the fleet and in this environment. */
  readonly names: readonly string[];
}

const empty = new Secret("");

/** Judges one held value. A value that is in sync costs one comparison; all else is tried only after that. */
export function judgeHeldValue(held: HeldValue, known: KnownValues): HeldVerdict {
  if (held.absent) return { kind: "unset" };
  const { truth } = known;
  if (held.equals(truth.current.value)) return { kind: "in-sync", versionId: truth.current.id };
  return otherVersion(held, truth) ?? swapped(held, known) ?? mangled(held, known) ?? nothingKnown(held);
}

function otherVersion(held: HeldValue, truth: ReadTruth): HeldVerdict | undefined {
  if (truth.pending !== undefined && held.equals(truth.pending.value))
    return { kind: "ahead", versionId: truth.pending.id };
  const index = truth.older.findIndex(({ value }) => held.equals(value));
  const version = truth.older[index];
  if (version !== undefined)
    return { kind: "behind", versionId: version.id, behindBy: index + 1, ...replacement(truth, index) };
  const newer = truth.newer.find(({ value }) => held.equals(value));
  return newer === undefined ? undefined : { kind: "withdrawn", versionId: newer.id };
}

/** A version was replaced when the next newer one was created: the nearest that a source tells. */
function replacement(truth: ReadTruth, index: number): { replacedAtMs?: number } {
  const successor: SecretVersion = truth.older[index - 1] ?? truth.current;
  return successor.createdAtMs === undefined ? {} : { replacedAtMs: successor.createdAtMs };
}

function swapped(held: HeldValue, known: KnownValues): HeldVerdict | undefined {
  const other = known.others.find(({ value }) => held.equals(value));
  return other === undefined ? undefined : { kind: "swapped", secret: other.name };
}

function mangled(held: HeldValue, known: KnownValues): HeldVerdict | undefined {
  for (const version of versionsByNearness(known.truth)) {
    const met = firstEqual(held, accidentsOf(version.value, known.names));
    if (met !== undefined) return { kind: "mangled", accident: met, versionId: version.id };
  }
  const valueless = firstEqual(held, valuelessAccidents(known.names, empty));
  return valueless === undefined ? undefined : { kind: "mangled", accident: valueless };
}

/** Current before older; the number of versions is bounded because each costs about a hundred comparisons. */
function versionsByNearness(truth: ReadTruth): readonly SecretVersion[] {
  const pending = truth.pending === undefined ? [] : [truth.pending];
  const bounded = [truth.older, truth.newer].flatMap((side) => side.slice(0, limits.accidentVersionsMax));
  return [truth.current, ...pending, ...bounded];
}

function firstEqual(held: HeldValue, candidates: readonly AccidentCandidate[]): Accident | undefined {
  return candidates.find(({ value }) => held.equals(value))?.accident;
}

function nothingKnown(held: HeldValue): HeldVerdict {
  return held.equals(empty) ? { kind: "unset" } : { kind: "foreign" };
}

/** Whether a held value may stay: it is the current one, or the one that is on its way in. */
export function isHealthy(verdict: HeldVerdict): boolean {
  return verdict.kind === "in-sync" || verdict.kind === "ahead";
}

/** Whether a verdict says that what is held is not what it should be. `unknown` says nothing of the kind. */
export function isWrong(verdict: Verdict): boolean {
  switch (verdict.kind) {
    case "unknown":
      return false;
    case "split":
      return verdict.instances.some((each) => !isHealthy(each.verdict));
    default:
      return !isHealthy(verdict);
  }
}
