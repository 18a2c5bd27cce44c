import { durationWords } from "../core/duration.ts";
import type { Hearing } from "../core/observation.ts";
import type { AnswerReading } from "../protocol/answer.ts";
import { clockLeewaySeconds } from "../protocol/names.ts";
import type { Exchange } from "./http-exchange.ts";

export type Silence = Extract<Hearing, { kind: "silent" }>;
type Response = Extract<Exchange, { kind: "response" }>;
type Refusal = Extract<AnswerReading, { kind: "refused" }>;

/** Statuses that a proxy gives in the place of a process that does not answer it. */
const gatewayStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

export function silence(because: Silence["because"], code: string, detail: string): Silence {
  return { kind: "silent", because, code, detail };
}

/** Words for an answer without a `tally`; what else it says is not looked at. */
export function silenceOfAbsence({ status, encoded }: Response): Silence {
  const code = `http-${status}`;
  if (status === 429)
    return silence("throttled", code, "asks to be left alone (HTTP 429): ask it less often");
  if (status >= 300 && status < 400) {
    return silence(
      "malformed",
      code,
      `redirects (HTTP ${status}), which is not followed: name the final address in the fleet`,
    );
  }
  if (gatewayStatuses.has(status)) {
    return silence(
      "unreachable",
      code,
      `is answered for by a gateway (HTTP ${status}), not by its own process`,
    );
  }
  if (encoded) {
    return silence("malformed", "content-encoded", "answers with a compressed body, which nobody asked for");
  }
  const where = status === 401 || status === 403 ? "the headers that the fleet sends it" : "its responder";
  return silence("not-reported", code, `answers (HTTP ${status}), but without a tally: check ${where}`);
}

/** Words for a refusal, with the clocks' difference where the responder told its time. */
export function silenceOfRefusal({ code, time }: Refusal, nowMs: number): Silence {
  const words = refusalWords[code] ?? "refuses the challenge for a reason that this version does not know";
  const clock = time === undefined ? undefined : clockWords(Date.parse(time) - nowMs);
  return silence("refused", code, clock === undefined ? words : `${words}; ${clock}`);
}

const refusalWords: Readonly<Record<string, string>> = {
  "challenge-malformed": "could not read the challenge: something on the way may change the header",
  "challenge-untrusted": "does not trust the checker's key: give its responder the public key",
  "challenge-audience": "carries another environment's name: compare it with the fleet's",
  "challenge-early": "takes the challenge for one from the future: set its clock",
  "challenge-expired": "takes the challenge for an old one: set its clock",
};

/** Nothing where the clocks agree within the protocol's leeway. */
function clockWords(differenceMs: number): string | undefined {
  const size = Math.abs(differenceMs);
  if (!(size >= clockLeewaySeconds * 1_000)) return undefined;
  return `its clock is ${durationWords(size)} ${differenceMs < 0 ? "behind" : "ahead"}`;
}

/** Words for a `tally` that says nothing about the values. */
export const unsoundAnswers = {
  stale: silence(
    "stale",
    "stale",
    "repeats the answer to another challenge: a cache stands before it; exclude the health path from caching",
  ),
  faulty: silence(
    "faulty",
    "faulty",
    "computes fingerprints wrongly: check its responder against the protocol's vectors",
  ),
  malformed: silence(
    "malformed",
    "malformed",
    "answers with a tally that breaks the protocol: check its responder's version and its environment's name",
  ),
  wrongPlace: silence(
    "wrong-place",
    "wrong-place",
    "runs in another Railway environment or service than the fleet names: a copy may have inherited its name",
  ),
} as const;
