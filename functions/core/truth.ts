import type { Secret } from "../protocol/secret.ts";
import { type Accident, accidentsOf, isPlaceholder } from "./accidents.ts";
import type { Fleet, SecretEntry } from "./fleet.ts";
import { type OtherSecret, otherSecrets } from "./judgement.ts";
import { limits } from "./limits.ts";
import type { Observation, ReadTruth, Truth } from "./observation.ts";
import type { Rejection } from "./rejection.ts";
import type { StoredVerdict } from "./stored-verdict.ts";
import type { Verdict } from "./verdict.ts";

/** What can be said of the truth itself; the first that applies, in this order, is told. @internal */
export const truthStates = [
  "unknown",
  "placeholder",
  "expired",
  "rejected",
  "verifier-unseen",
  "expiring",
  "weak",
  "valid",
] as const;

export type TruthState = (typeof truthStates)[number];

/** What one run can say of one secret's truth. */
export interface TruthDiagnosis {
  readonly state: TruthState;
  readonly version?: { readonly id: string; readonly createdAtMs?: number };
  readonly expiresAtMs?: number;
  readonly rotation: "none" | "in-progress" | "stuck";
  /** Why the source itself looks wrong; nothing is pushed from such a source. */
  readonly suspicion?: string;
  /** Why it could not be read. */
  readonly detail?: string;
}

/** A secret's truth and what its holders run with. */
export interface TruthCase {
  readonly name: string;
  readonly entry: SecretEntry;
  readonly truth: Truth;
  readonly fleet: Fleet;
  readonly observation: Observation;
  readonly holders: readonly {
    readonly environment: string;
    readonly verdict: Verdict;
    readonly stored?: StoredVerdict;
  }[];
  readonly rejection: Rejection | undefined;
  readonly nowMs: number;
}

/** Judges the truth itself: by its looks, by who takes it, and by who runs it. */
export function diagnoseTruth(one: TruthCase): TruthDiagnosis {
  const { name, entry, truth, nowMs } = one;
  if (truth.kind === "unreadable") return { state: "unknown", rotation: "none", detail: truth.detail };
  const byLooks = stateByLooks(truth, entry, nowMs);
  const decided = byLooks === "placeholder" || byLooks === "expired";
  const expiresAtMs = expiryOf(truth, entry);
  const others = otherSecrets(name, one.fleet, one.observation.truths);
  const suspicion = suspicionByValue(name, truth, others) ?? suspicionByHolders(one.holders);
  const { id, createdAtMs } = truth.current;
  return {
    state: decided ? byLooks : (one.rejection ?? byLooks),
    version: { id, ...(createdAtMs !== undefined && { createdAtMs }) },
    rotation: rotationOf(truth, nowMs),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    ...(suspicion !== undefined && { suspicion }),
  };
}

/** When the current value ends: a JWT's own `exp`, else the configured life after its creation. Epoch ms. */
function expiryOf(truth: ReadTruth, entry: SecretEntry): number | undefined {
  const ofToken = tokenExpiry(truth.current.value);
  if (ofToken !== undefined) return ofToken;
  const { createdAtMs } = truth.current;
  const after = entry.expires?.after;
  return after === undefined || createdAtMs === undefined ? undefined : createdAtMs + after;
}

const defaultWarnMs = 5 * 86_400_000;

/** The state of the truth by its own looks, before anything is known of who accepts it. */
function stateByLooks(truth: ReadTruth, entry: SecretEntry, nowMs: number): TruthState {
  const { value } = truth.current;
  if (value.satisfies((text) => text === "" || isPlaceholder(text))) return "placeholder";
  const expiresAtMs = expiryOf(truth, entry);
  if (expiresAtMs !== undefined && nowMs >= expiresAtMs) return "expired";
  if (expiresAtMs !== undefined && nowMs >= expiresAtMs - (entry.expires?.warn ?? defaultWarnMs))
    return "expiring";
  return isWeak(value) ? "weak" : "valid";
}

/**
 * Whether a value can be guessed offline by who knows a nonce and an answer (PROTOCOL.md, limitations).
 * An upper bound: length times the bits of the smallest alphabet that the text fits, so that what is called
 * weak is surely weak, and a strong-looking phrase of words may pass.
 * @internal
 */
export function isWeak(value: Secret): boolean {
  return value.satisfies((text) => {
    const alphabet = alphabets.find(([pattern]) => pattern.test(text))?.[1] ?? widestAlphabet;
    const size = Math.min(alphabet, new Set(text).size ** 2);
    return text.length * Math.log2(Math.max(size, 1)) < limits.entropyBitsMin;
  });
}

const alphabets = [
  [/^[0-9]*$/, 10],
  [/^(?:[0-9a-f]*|[0-9A-F]*)$/, 16],
  [/^(?:[a-z]*|[A-Z]*)$/, 26],
  [/^(?:[a-z0-9]*|[A-Z0-9]*)$/, 36],
  [/^[A-Za-z0-9]*$/, 62],
  [/^[A-Za-z0-9+/_=-]*$/, 64],
] as const;
const widestAlphabet = 95;

/** Why the source itself looks wrong by its values alone; undefined where it does not. @internal */
export function suspicionByValue(
  name: string,
  truth: ReadTruth,
  others: readonly OtherSecret[],
): string | undefined {
  const { current, older } = truth;
  if (current.value.satisfies((text) => text === "")) return "the current version is empty";
  if (current.value.satisfies(isPlaceholder)) return "the current version is a placeholder";
  const twin = others.find(({ value }) => value.equals(current.value));
  if (twin !== undefined) return `the current version is the value of ${twin.name}`;
  if (truth.olderUnread !== undefined) return `its other versions could not be read: ${truth.olderUnread}`;
  for (const version of older.slice(0, limits.accidentVersionsMax)) {
    const met = accidentBetween(version.value, current.value, name);
    if (met !== undefined) return `the current version is what ${met} makes of version ${version.id}`;
  }
  return undefined;
}

/** The accident that makes the later value of the earlier one, where it is no correction as well. */
function accidentBetween(earlier: Secret, later: Secret, name: string): Accident | undefined {
  const met = accidentsOf(earlier, [name]).filter(({ value }) => value.equals(later));
  return met.some(({ accident }) => corrections.has(accident)) ? undefined : met[0]?.accident;
}

/** What takes something away that an older version should not have had: the honest way to mend a source. */
const corrections: ReadonlySet<Accident> = new Set([
  "trimmed",
  "quotes-lost",
  "bearer-lost",
  "percent-decoded",
  "base64-decoded",
  "byte-order-mark",
]);

/** Why the source looks wrong by what its holders have. All of them on an older version is a roll-out, not this. */
function suspicionByHolders(sights: TruthCase["holders"]): string | undefined {
  // In the order of names: which one is told must not depend on the fleet file.
  const [withdrawn] = sights
    .filter(({ verdict, stored }) => kindsOf(verdict).includes("withdrawn") || stored?.kind === "withdrawn")
    .map(({ environment }) => environment)
    .toSorted();
  if (withdrawn !== undefined) {
    return `${withdrawn} holds a newer version than the current one: the source was rolled back`;
  }
  const held = sights
    .filter(({ verdict }) => verdict.kind !== "unknown")
    .map(({ verdict }) => ({ kinds: kindsOf(verdict) }));
  const foreign = held.filter(({ kinds }) => kinds.includes("foreign")).length;
  const inSync = held.some(({ kinds }) => kinds.includes("in-sync"));
  if (inSync || foreign < 2 || foreign * 2 < held.length) return undefined;
  return `nobody runs the current version, and ${foreign} of ${held.length} environments run a value that the source never held`;
}

function kindsOf(verdict: Verdict): readonly string[] {
  return verdict.kind === "split" ? verdict.instances.map((each) => each.verdict.kind) : [verdict.kind];
}

/** Whether another version is on its way in, and since when it has been. */
function rotationOf(truth: ReadTruth, nowMs: number): "none" | "in-progress" | "stuck" {
  if (truth.pending === undefined) return "none";
  const since = truth.pending.createdAtMs;
  return since !== undefined && nowMs - since >= limits.rotationStuckMs ? "stuck" : "in-progress";
}

/** Whether Railway would take the value for a template and store something else. */
export function isUnstorableInRailway(value: Secret): boolean {
  return value.satisfies((text) => text.includes("${{"));
}

/** The `exp` of a JWT (RFC 7519, seconds), in milliseconds; undefined for anything else. */
function tokenExpiry(value: Secret): number | undefined {
  let expiresAtMs: number | undefined;
  value.satisfies((text) => {
    expiresAtMs = expiryClaim(text);
    return true;
  });
  return expiresAtMs;
}

function expiryClaim(text: string): number | undefined {
  const parts = /^[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*$/.exec(text);
  if (parts?.[1] === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1], "base64url").toString("utf8"));
    const exp = typeof claims === "object" && claims !== null && "exp" in claims ? claims.exp : undefined;
    return typeof exp === "number" && Number.isFinite(exp) ? exp * 1_000 : undefined;
  } catch {
    return undefined;
  }
}
