import { type ErrorCode, TallystickError } from "../../core/errors.ts";
import { isoTime } from "../../core/time.ts";
import { minuteWords } from "../../core/wording.ts";

/** Why a call failed, in our own words: Railway's may echo a value, so they are read and dropped. */
export interface Failure {
  readonly code: ErrorCode;
  /** What happened, and what to do about it. */
  readonly words: string;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** A mutation may have been carried out all the same. */
  readonly unclear: boolean;
  /** What helps Railway's support, such as `HTTP 503`; each sign has a closed alphabet. */
  readonly signs: readonly string[];
  readonly retryAfterMs?: number;
}

/** What an answer means, whatever signs came with it. */
export type Meaning = Omit<Failure, "signs" | "retryAfterMs">;

/** An unclear outcome of a mutation is said to be one, and is not retryable: two redeploys are not one. */
export function errorOf(
  failure: Failure,
  { purpose, mutates }: { readonly purpose: string; readonly mutates: boolean },
  nowMs: number,
): TallystickError {
  const isUnclear = mutates && failure.unclear;
  const doubt = isUnclear ? ". Whether it was carried out is not known: read before trying again" : "";
  const signs = failure.signs.length > 0 ? ` (${failure.signs.join(", ")})` : "";
  const again =
    failure.retryAfterMs === undefined
      ? ""
      : `. It goes on at ${minuteWords(isoTime(nowMs + failure.retryAfterMs))}`;
  const message = `Railway, ${purpose}: ${failure.words}${again}${doubt}${signs}`;
  const retryable = failure.retryable && !isUnclear;
  return new TallystickError(failure.code, message, { retryable, retryAfterMs: failure.retryAfterMs });
}

export const notAuthorized: Meaning = {
  code: "railway-not-authorized",
  words:
    "the token is not permitted to do this, or what it asks for does not exist (Railway gives one answer for both). Compare the fleet's project, environment and service ids with the dashboard, and see that the token is of that environment or workspace and was not deleted",
  retryable: false,
  unclear: false,
};

export const throttled: Meaning = {
  code: "railway-throttled",
  words: "Railway asks for fewer calls. Let it rest; the next run tries again",
  retryable: true,
  unclear: false,
};

export const edgeBlocked: Meaning = {
  ...throttled,
  words:
    "Cloudflare, in front of Railway, shuts this address out (1015) for some minutes up to a day. Let it rest, and see what else calls Railway from here",
};

export const outOfOrder: Meaning = {
  code: "railway-unreachable",
  words: "Railway's API is out of order. Its status page is status.railway.com; the next run tries again",
  retryable: true,
  unclear: true,
};

export const tooSlow: Meaning = { ...outOfOrder, words: "Railway's API did not answer in time" };

export const unreachable: Meaning = {
  ...outOfOrder,
  words: "Railway's API could not be reached, or ended the connection",
};

export const malformed: Meaning = {
  code: "railway-malformed",
  words: "the answer is not what Railway's API gives. See that the address is that of the API",
  retryable: false,
  unclear: true,
};

export const oversized: Meaning = { ...malformed, words: "the answer is larger than any that is expected" };

/** "Problem processing request" is one of these: it has many causes, and never says which. */
export const refused: Meaning = {
  code: "railway-refused",
  words: "Railway refused and gave no reason that is known. Its support can look it up by the trace",
  retryable: false,
  unclear: true,
};

const refusedBefore: Meaning = { ...refused, unclear: false };

/** Parse and validation errors come before anything is carried out (railwayapp/docs PR 1320). */
export const invalidRequest: Meaning = {
  ...refusedBefore,
  words: "Railway's API did not understand the request: it has changed, or an id in the fleet is malformed",
};

export const noSuchAddress: Meaning = { ...refusedBefore, words: "there is no API at this address" };

export const redirected: Meaning = {
  ...refusedBefore,
  words: "the answer is a redirect, which is not followed with a token",
};

/**
 * Railway answers most errors with HTTP 200 and INTERNAL_SERVER_ERROR, so that only the message tells them apart
 * (railwayapp/docs PR 1320; Railway's own CLI reads messages too). The first that fits counts.
 */
export const meaningsOfMessages: readonly (readonly [pattern: RegExp, meaning: Meaning])[] = [
  [/^(?:not authorized|unauthorized|unauthenticated|project token not found)/i, notAuthorized],
  [
    /^two factor authentication required/i,
    { ...notAuthorized, words: "the workspace demands two-factor authentication of the token's owner" },
  ],
  [/rate limit|too quickly|too many requests/i, throttled],
  [
    /not found/i,
    {
      ...refusedBefore,
      words: "Railway does not find what was asked for. Compare the fleet's ids with the dashboard",
    },
  ],
  [
    /without a snapshot/i,
    {
      ...refusedBefore,
      words: "the deployment has no snapshot to be started again from: deploy from the dashboard",
    },
  ],
];
