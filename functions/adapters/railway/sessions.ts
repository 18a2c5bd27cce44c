import type * as z from "zod";
import { TallystickError } from "../../core/errors.ts";
import type { CallQuota } from "../../core/observation.ts";
import type { Secret } from "../../protocol/secret.ts";
import type { Ask, Lane } from "./ask.ts";
import { CallPace } from "./call-pace.ts";
import { type Operation, operations } from "./operations.ts";
import { Throttle } from "./throttle.ts";
import type { TokenKinds } from "./token-kinds.ts";
import { bearerWords, projectWords } from "./token-words.ts";

/** Where a project token belongs: one environment of one project. */
export type TokenPlace = z.output<typeof operations.tokenPlace.answer>;

/** A token that Railway was asked about. */
export interface Session {
  /** Absent for account and workspace tokens, which may reach many places. */
  readonly place?: TokenPlace;
  ask: SessionAsk;
  /** What the token's hour still allows; undefined where Railway has not said. */
  quota(): CallQuota | undefined;
}

/** Sends an operation with the session's token. */
export type SessionAsk = <Data>(operation: Operation<Data>, variables: object) => Promise<Data>;

interface TokenEntry {
  readonly token: Secret;
  readonly throttle: Throttle;
  readonly pace: CallPace;
  opening?: Promise<Session>;
}

/**
 * Finds out what kind each token is, once in a process. A token does not say it, and each kind is valid in its own
 * header only, so it is tried as the narrower kind first.
 * @throws TallystickError `railway-*`, each time until it is known
 */
export function createSessions(ask: Ask, kinds: TokenKinds): (token: Secret) => Promise<Session> {
  // Tokens are compared, not used as keys: a map's keys are printed.
  const entries: TokenEntry[] = [];
  return (token) => {
    let entry = entries.find((known) => known.token.equals(token));
    if (entry === undefined) {
      entry = { token, throttle: new Throttle(), pace: new CallPace() };
      entries.push(entry);
    }
    return opened(entry, ask, kinds);
  };
}

/** Calls side by side share one answer; a failure is not kept, but what it taught about throttling is. */
function opened(entry: TokenEntry, ask: Ask, kinds: TokenKinds): Promise<Session> {
  entry.opening ??= openSession(entry, ask, kinds).catch((error: unknown) => {
    delete entry.opening;
    throw error;
  });
  return entry.opening;
}

async function openSession(entry: TokenEntry, ask: Ask, kinds: TokenKinds): Promise<Session> {
  const { token, throttle, pace } = entry;
  requireSendable(token);
  const quota = (): CallQuota | undefined => throttle.quota;
  const asProject: Lane = { headers: { "project-access-token": token.reveal() }, throttle, pace };
  const kind = kinds.of(token) ?? (await readKind(asProject, ask));
  if (kind.kind === "project") {
    kinds.learn(token, kind);
    const { place } = kind;
    const own: SessionAsk = (operation, variables) => ask(asProject, operation, variables);
    return { place, quota, ask: explaining(own, async () => projectWords(place)) };
  }
  const asBearer: Lane = { headers: { authorization: `Bearer ${token.reveal()}` }, throttle, pace };
  const own: SessionAsk = async (operation, variables) => {
    const data = await ask(asBearer, operation, variables);
    // Only now: that it is no project token was said with a word that may mean anything.
    kinds.learn(token, kind);
    return data;
  };
  return { quota, ask: explaining(own, () => bearerWords(own)) };
}

async function readKind(asProject: Lane, ask: Ask) {
  try {
    return { kind: "project", place: await ask(asProject, operations.tokenPlace, {}) } as const;
  } catch (error) {
    if (!isNotAuthorized(error)) throw error;
    return { kind: "bearer" } as const;
  }
}

/** "Not Authorized" may mean many things; what kind of token it is says which of them to try first. */
function explaining(ask: SessionAsk, words: () => Promise<string>): SessionAsk {
  let known: Promise<string> | undefined;
  return async (operation, variables) => {
    try {
      return await ask(operation, variables);
    } catch (error) {
      if (!isNotAuthorized(error)) throw error;
      known ??= words();
      throw new TallystickError(error.code, `${error.message}. ${await known}`);
    }
  };
}

function isNotAuthorized(error: unknown): error is TallystickError {
  return error instanceof TallystickError && error.code === "railway-not-authorized";
}

/** A line break in a header would end the header; what is empty or has blanks was copied wrongly. */
function requireSendable(token: Secret): void {
  if (token.satisfies((text) => /^[\x21-\x7e]{1,4096}$/.test(text))) return;
  throw new TallystickError(
    "railway-not-authorized",
    "The Railway token is empty, or has blanks, line breaks or other characters that no token has: store it again",
  );
}
