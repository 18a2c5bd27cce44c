// SPDX-License-Identifier: MIT
import { echoFingerprint, fingerprintsMatch } from "./fingerprint.ts";
import { answerBytesMax, isLabel, isTimestamp, protocolVersion } from "./names.ts";

/** What one instance of an environment says about itself. */
export interface Answer {
  readonly environment: string;
  readonly instance?: string;
  readonly deployment?: string;
  /** UTC, as `2026-11-22T10:00:00Z`. */
  readonly startedAt?: string;
  /** Railway's ids of the environment and the service: a preview copy inherits the name, but not these. */
  readonly place?: { readonly environment: string; readonly service: string };
  /** A fingerprint for each name; `null` is unset, a name that is missing could not be read. */
  readonly running: ReadonlyMap<string, string | null>;
  readonly stored: ReadonlyMap<string, string | null>;
}

/** What the body of a health endpoint is worth to the checker that asked. */
export type AnswerReading =
  | { readonly kind: "answered"; readonly answer: Answer }
  /** `time` is the responder's own clock, which it tells only after a valid signature. */
  | { readonly kind: "refused"; readonly code: string; readonly time?: string }
  /** Somebody else's answer: cached or coalesced on the way. */
  | { readonly kind: "stale" }
  /** The responder computes fingerprints wrongly; its other fingerprints mean nothing. */
  | { readonly kind: "faulty" }
  | { readonly kind: "malformed" }
  /** No JSON object, or one without a `tally` member. */
  | { readonly kind: "absent" };

/** The question that a body is read as the answer to. */
export interface AskedQuestion {
  readonly environment: string;
  readonly nonce: string;
  readonly names: readonly string[];
}

type JsonObject = Readonly<Record<string, unknown>>;
type Fingerprints = ReadonlyMap<string, string | null>;

const nothingStored: Fingerprints = new Map();

const fingerprintPattern = /^[0-9a-f]{64}$/;
/** Words without digits: a code is printed in reports, and nothing that looks like a value may come along. */
const codePattern = /^[a-z]{1,16}(?:-[a-z]{1,16}){1,3}$/;

/** Reads a health endpoint's body, whatever its HTTP status was. Never throws, and never repeats the body. */
export function readAnswer(body: string, asked: AskedQuestion): AnswerReading {
  if (Buffer.byteLength(body) > answerBytesMax) return { kind: "malformed" };
  const health = parseObject(body);
  const tally = health?.["tally"];
  if (tally === undefined) return { kind: "absent" };
  if (!isObject(tally) || tally["version"] !== protocolVersion) return { kind: "malformed" };
  return tally["error"] !== undefined ? readRefusal(tally) : readTally(tally, asked);
}

function readRefusal(tally: JsonObject): AnswerReading {
  const code = tally["error"];
  if (!isText(code, isRefusalCode)) return { kind: "malformed" };
  const time = tally["time"];
  return isText(time, isTimestamp) ? { kind: "refused", code, time } : { kind: "refused", code };
}

/** The whole shape comes first: what is not an answer at all is neither stale nor faulty. */
function readTally(tally: JsonObject, asked: AskedQuestion): AnswerReading {
  const answer = readShape(tally, asked);
  const [challenge, echo] = [tally["challenge"], tally["echo"]];
  if (!answer || typeof challenge !== "string" || !isText(echo, isFingerprint)) return { kind: "malformed" };
  if (challenge !== asked.nonce) return { kind: "stale" };
  return fingerprintsMatch(echo, echoFingerprint(asked)) ? { kind: "answered", answer } : { kind: "faulty" };
}

function readShape(tally: JsonObject, { environment, names }: AskedQuestion): Answer | undefined {
  const running = readFingerprints(tally["running"], names);
  const stored = tally["stored"] === undefined ? nothingStored : readFingerprints(tally["stored"], names);
  const identity = readIdentity(tally);
  if (tally["environment"] !== environment || !running || !stored || !identity) return undefined;
  return { environment, ...identity, running, stored };
}

/** Goes by the names that were asked for: others are never looked at, however many there are. */
function readFingerprints(from: unknown, names: readonly string[]): Fingerprints | undefined {
  if (!isObject(from)) return undefined;
  const fingerprints = new Map<string, string | null>();
  for (const name of names) {
    // A name may be `constructor`, which every object inherits.
    if (!Object.hasOwn(from, name)) continue;
    const value = from[name];
    if (value !== null && !isText(value, isFingerprint)) return undefined;
    fingerprints.set(name, value);
  }
  return fingerprints;
}

type Identity = Pick<Answer, "instance" | "deployment" | "startedAt" | "place">;

/** Members may be left out; one that is there must be right, or nothing is known about who answered. */
function readIdentity(tally: JsonObject): Identity | undefined {
  const instance = tally["instance"];
  const deployment = tally["deployment"];
  const startedAt = tally["startedAt"];
  const place = tally["place"];
  if (instance !== undefined && !isText(instance, isLabel)) return undefined;
  if (deployment !== undefined && !isText(deployment, isLabel)) return undefined;
  if (startedAt !== undefined && !isText(startedAt, isTimestamp)) return undefined;
  if (place !== undefined && !isPlace(place)) return undefined;
  return {
    ...(instance !== undefined && { instance }),
    ...(deployment !== undefined && { deployment }),
    ...(startedAt !== undefined && { startedAt }),
    ...(place !== undefined && { place: { environment: place.environment, service: place.service } }),
  };
}

function isPlace(value: unknown): value is { environment: string; service: string } {
  return isObject(value) && isText(value["environment"], isLabel) && isText(value["service"], isLabel);
}

function isFingerprint(text: string): boolean {
  return fingerprintPattern.test(text);
}

function isRefusalCode(text: string): boolean {
  return codePattern.test(text);
}

function isText(value: unknown, isFit: (text: string) => boolean): value is string {
  return typeof value === "string" && isFit(value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
