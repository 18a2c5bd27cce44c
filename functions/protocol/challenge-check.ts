// SPDX-License-Identifier: MIT
import { decodeBase64url } from "./base64url.ts";
import { ProtocolError } from "./errors.ts";
import {
  challengeAlgorithm,
  challengeBytesMax,
  challengeIssuer,
  challengeLifeSecondsMax,
  challengeType,
  clockLeewaySeconds,
  isNonce,
} from "./names.ts";

/** Why a challenge is refused, in the order in which it is checked. */
export type RefusalCode =
  | "challenge-malformed"
  | "challenge-untrusted"
  | "challenge-audience"
  | "challenge-early"
  | "challenge-expired";

/** `afterSignature`: whoever asks holds a trusted key, so the responder may tell it the time. */
export type ChallengeVerdict =
  | { readonly kind: "accepted"; readonly nonce: string }
  | { readonly kind: "refused"; readonly code: RefusalCode; readonly afterSignature: boolean };

type Bytes = Uint8Array<ArrayBuffer>;
/** Named through the global, so that no import of `node:crypto` is needed for it. */
type VerifyingKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** Keys that a responder trusts. */
export interface TrustedKeys {
  /** Whether any of the keys made this signature. Never rejects. */
  verify(signature: Bytes, signed: Bytes): Promise<boolean>;
}

export interface ChallengeTrust {
  readonly environment: string;
  readonly keys: TrustedKeys;
  readonly nowSeconds: number;
}

/** Keys of small order, by their first 132 bits: some runtimes (Node 20) take forged signatures under them. */
const smallOrder = /^(?:A[AQ]A{20}|7[Pfv]_{20}|JuiVj8KyJ7BFw_SJ8u-Y8N|xxdqcD1N2E-6PAt2DRBnDy)/;

/**
 * Takes raw Ed25519 keys (RFC 8037) of 32 bytes in base64url; imports them once, when the first challenge comes.
 * @throws ProtocolError `public-key-unfit` for a list that is empty or holds anything else, all mistakes at once.
 */
export function trustKeys(publicKeys: readonly string[]): TrustedKeys {
  const rawKeys = publicKeys.map(decodePublicKey);
  const unfit = rawKeys.flatMap((raw, index) => (raw ? [] : [`number ${index + 1} is not`]));
  if (unfit.length > 0 || rawKeys.length === 0) {
    throw new ProtocolError(
      "public-key-unfit",
      `public keys are Ed25519 keys of 32 bytes in base64url without padding: ${unfit.join(", ") || "there is none"}`,
    );
  }
  let keys: Promise<readonly (VerifyingKey | undefined)[]> | undefined;
  return {
    async verify(signature, signed) {
      keys ??= Promise.all(rawKeys.filter((raw) => raw !== undefined).map(importKey));
      for (const key of await keys) if (key && (await isSignedWith(key, signature, signed))) return true;
      return false;
    },
  };
}

function decodePublicKey(text: string): Bytes | undefined {
  const raw = decodeBase64url(text);
  return raw?.length === 32 && !smallOrder.test(text) ? raw : undefined;
}

/** A key that the runtime does not take made no signature, and must not keep the other keys from working. */
async function importKey(raw: Bytes): Promise<VerifyingKey | undefined> {
  try {
    return await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
  } catch {
    return undefined;
  }
}

async function isSignedWith(key: VerifyingKey, signature: Bytes, signed: Bytes): Promise<boolean> {
  try {
    return await crypto.subtle.verify("Ed25519", key, signature, signed);
  } catch {
    return false;
  }
}

/** Checks the `Tally-Challenge` header in the order of PROTOCOL.md; the first failure is the answer. Never throws. */
export async function checkChallenge(header: string, trust: ChallengeTrust): Promise<ChallengeVerdict> {
  const challenge = parseChallenge(header);
  if (!challenge) return { kind: "refused", code: "challenge-malformed", afterSignature: false };
  if (!(await trust.keys.verify(challenge.signature, challenge.signed))) {
    return { kind: "refused", code: "challenge-untrusted", afterSignature: false };
  }
  const code = refusalOf(challenge.claims, trust);
  if (code) return { kind: "refused", code, afterSignature: true };
  return { kind: "accepted", nonce: challenge.claims.jti };
}

/** Written so that a clock that gives no number refuses. */
function refusalOf(
  { aud, iat, exp }: Claims,
  { environment, nowSeconds }: ChallengeTrust,
): RefusalCode | undefined {
  if (aud !== environment) return "challenge-audience";
  if (!(nowSeconds + clockLeewaySeconds >= iat)) return "challenge-early";
  if (!(nowSeconds < exp + clockLeewaySeconds)) return "challenge-expired";
  return undefined;
}

interface Claims {
  readonly aud: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
}

interface Challenge {
  readonly claims: Claims;
  readonly signature: Bytes;
  readonly signed: Bytes;
}

function parseChallenge(header: string): Challenge | undefined {
  if (typeof header !== "string" || header.length > challengeBytesMax) return undefined;
  const parts = header.split(".");
  const [head, payload, signature] = parts.map(decodeBase64url);
  if (parts.length !== 3 || !head || !payload || signature?.length !== 64) return undefined;
  const claims = parseJson(payload);
  if (!isExpectedHeader(parseJson(head)) || !isClaims(claims)) return undefined;
  return { claims, signature, signed: new TextEncoder().encode(header.slice(0, header.lastIndexOf("."))) };
}

type JsonObject = Readonly<Record<string, unknown>>;

/** `kid` is not looked at: every trusted key is tried, and a hint cannot mislead. */
function isExpectedHeader(header: JsonObject | undefined): boolean {
  return (
    header?.["alg"] === challengeAlgorithm &&
    header["typ"] === challengeType &&
    !Object.hasOwn(header, "crit")
  );
}

function isClaims(claims: JsonObject | undefined): claims is JsonObject & Claims {
  if (claims?.["iss"] !== challengeIssuer || typeof claims["aud"] !== "string") return false;
  const { iat, exp, jti } = claims;
  if (!isWholeSeconds(iat) || !isWholeSeconds(exp) || typeof jti !== "string") return false;
  return exp > iat && exp - iat <= challengeLifeSecondsMax && isNonce(jti);
}

function isWholeSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** Gives an object or nothing. A byte-order mark is kept, so that `JSON.parse` refuses it. */
function parseJson(bytes: Bytes): JsonObject | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}
