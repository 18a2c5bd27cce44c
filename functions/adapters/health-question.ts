import type { Dispatcher } from "undici";
import type { InstanceAnswer } from "../core/observation.ts";
import type { Clock, HealthEndpoints, SigningKeys } from "../core/ports.ts";
import { type Answer, type AnswerReading, readAnswer } from "../protocol/answer.ts";
import { issueChallenge, newNonce } from "../protocol/challenge.ts";
import { answerBytesMax, challengeHeader } from "../protocol/names.ts";
import type { SigningKey } from "../protocol/signing-key.ts";
import {
  type Silence,
  silence,
  silenceOfAbsence,
  silenceOfRefusal,
  unsoundAnswers,
} from "./health-silence.ts";
import { exchange } from "./http-exchange.ts";
import { nextRandomBytes } from "./random-pool.ts";

export type HealthQuestion = Parameters<HealthEndpoints["hear"]>[0];

/** What stays the same over all the asks of one hearing. */
export interface Asking {
  readonly question: HealthQuestion;
  readonly url: URL;
  /** Names and values in turn; the challenge comes on top. */
  readonly headers: readonly string[];
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly requestTimeoutMs: number;
  /** The end of the whole hearing, on the clock of `performance.now`. */
  readonly endsAtMs: number;
}

/** What one ask brought. */
export type Reply =
  | { readonly kind: "answer"; readonly answer: InstanceAnswer; readonly trustsOldKey: boolean }
  | Silence;

/** Asks one instance; where it does not know the newest key yet, once more with the one before. */
export async function ask(asking: Asking, keys: SigningKeys): Promise<Reply> {
  const reply = await askWith(asking, keys.current);
  if (reply.kind !== "silent" || reply.code !== "challenge-untrusted" || !keys.previous) return reply;
  const second = await askWith(asking, keys.previous);
  return second.kind === "answer" ? { ...second, trustsOldKey: true } : second;
}

async function askWith(asking: Asking, key: SigningKey): Promise<Reply> {
  const { question, clock } = asking;
  const { environment, secrets: names } = question;
  const nonce = newNonce(nextRandomBytes());
  const issuedAtSeconds = Math.floor(clock.now() / 1_000);
  const challenge = issueChallenge(key, { environment, nonce, issuedAtSeconds });
  const request = {
    url: asking.url,
    method: "GET",
    headers: [...asking.headers, challengeHeader, challenge],
    onOwnConnection: question.entry.instances > 1,
  };
  const timeoutMs = Math.max(0, Math.min(asking.requestTimeoutMs, asking.endsAtMs - performance.now()));
  const met = await exchange(asking.dispatcher, request, { timeoutMs, bodyBytesMax: answerBytesMax });
  if (met.kind === "failure") return silence(met.failure.because, met.failure.code, met.failure.words);
  const reading = readAnswer(met.body, { environment, nonce, names });
  return reading.kind === "absent" ? silenceOfAbsence(met) : replyOf(reading, { asking, nonce });
}

function replyOf(
  reading: Exclude<AnswerReading, { kind: "absent" }>,
  { asking, nonce }: { asking: Asking; nonce: string },
): Reply {
  switch (reading.kind) {
    case "refused":
      return silenceOfRefusal(reading, asking.clock.now());
    case "stale":
    case "faulty":
    case "malformed":
      return unsoundAnswers[reading.kind];
    case "answered":
      if (isElsewhere(reading.answer, asking.question)) return unsoundAnswers.wrongPlace;
      return { kind: "answer", answer: instanceAnswer(reading.answer, nonce), trustsOldKey: false };
    default:
      return reading satisfies never;
  }
}

/** A preview copy inherits an environment's name and secrets, but not Railway's ids. */
function isElsewhere({ place }: Answer, { entry: { railway } }: HealthQuestion): boolean {
  if (!place || !railway) return false;
  return place.environment !== railway.environment || place.service !== railway.service;
}

/** Instances without a name cannot be told apart, and count as one. */
export const unnamedInstance = "unnamed";

function instanceAnswer(answer: Answer, nonce: string): InstanceAnswer {
  const { instance = unnamedInstance, deployment, startedAt, running, stored } = answer;
  return {
    instance,
    ...(deployment !== undefined && { deployment }),
    ...(startedAt !== undefined && { startedAtMs: Date.parse(startedAt) }),
    nonce,
    running,
    stored,
  };
}
