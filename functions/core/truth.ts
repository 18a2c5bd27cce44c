import type { Secret } from "../protocol/secret.ts";
import { accidentsOf, isPlaceholder } from "./accidents.ts";
import type { SecretEntry } from "./fleet.ts";
import { limits } from "./limits.ts";
import type { ReadTruth, Truth } from "./observation.ts";

/** What can be said of the truth itself; the first that applies, in this order, is told. */
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

/** When the current value ends: a JWT's own `exp`, else the configured life after its creation. Epoch ms. */
export function expiryOf(truth: ReadTruth, entry: SecretEntry): number | undefined {
  const ofToken = tokenExpiry(truth.current.value);
  if (ofToken !== undefined) return ofToken;
  const { createdAtMs } = truth.current;
  const after = entry.expires?.after;
  return after === undefined || createdAtMs === undefined ? undefined : createdAtMs + after;
}

const defaultWarnMs = 5 * 86_400_000;

/** The state of the truth by its own looks, before anything is known of who accepts it. */
export function stateByLooks(truth: Truth, entry: SecretEntry, nowMs: number): TruthState {
  if (truth.kind === "unreadable") return "unknown";
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

/** Why the source itself looks wrong by its values alone; undefined where it does not. */
export function suspicionByValue(
  name: string,
  truth: ReadTruth,
  others: readonly { name: string; value: Secret }[],
): string | undefined {
  const { current, older } = truth;
  if (current.value.satisfies((text) => text === "")) return "the current version is empty";
  if (current.value.satisfies(isPlaceholder)) return "the current version is a placeholder";
  const twin = others.find(({ value }) => value.equals(current.value));
  if (twin !== undefined) return `the current version is the value of ${twin.name}`;
  for (const version of older.slice(0, limits.accidentVersionsMax)) {
    const met = accidentsOf(version.value, [name]).find(({ value }) => value.equals(current.value));
    if (met !== undefined)
      return `the current version is what ${met.accident} makes of version ${version.id}`;
  }
  return undefined;
}

/** Whether another version is on its way in, and since when it has been. */
export function rotationOf(truth: ReadTruth, nowMs: number): "none" | "in-progress" | "stuck" {
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
