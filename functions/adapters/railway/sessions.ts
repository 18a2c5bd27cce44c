import type * as z from "zod";
import { TallystickError } from "../../core/errors.ts";
import type { Secret } from "../../protocol/secret.ts";
import type { Ask, Lane } from "./ask.ts";
import { CallPace } from "./call-pace.ts";
import { type Operation, operations } from "./operations.ts";
import { Throttle } from "./throttle.ts";

/** Where a project token belongs: one environment of one project. */
export type TokenPlace = z.output<typeof operations.tokenPlace.answer>;

/** A token that Railway was asked about. */
export interface Session {
  /** Absent for account and workspace tokens, which may reach many places. */
  readonly place?: TokenPlace;
  ask<Data>(operation: Operation<Data>, variables: object): Promise<Data>;
}

interface TokenEntry {
  readonly token: Secret;
  readonly throttle: Throttle;
  readonly pace: CallPace;
  opening?: Promise<Session>;
}

/**
 * Finds out what kind each token is, once in a run. A token does not say it, and each kind is valid in its own
 * header only, so it is tried as the narrower kind first.
 * @throws TallystickError `railway-*`, each time until it is known
 */
export function createSessions(ask: Ask): (token: Secret) => Promise<Session> {
  // Tokens are compared, not used as keys: a map's keys are printed.
  const entries: TokenEntry[] = [];
  return (token) => {
    let entry = entries.find((known) => known.token.equals(token));
    if (entry === undefined) {
      entry = { token, throttle: new Throttle(), pace: new CallPace() };
      entries.push(entry);
    }
    return opened(entry, ask);
  };
}

/** Calls side by side share one answer; a failure is not kept, but what it taught about throttling is. */
function opened(entry: TokenEntry, ask: Ask): Promise<Session> {
  entry.opening ??= openSession(entry, ask).catch((error: unknown) => {
    delete entry.opening;
    throw error;
  });
  return entry.opening;
}

async function openSession({ token, throttle, pace }: TokenEntry, ask: Ask): Promise<Session> {
  requireSendable(token);
  const asProject: Lane = { headers: { "project-access-token": token.reveal() }, throttle, pace };
  try {
    const place = await ask(asProject, operations.tokenPlace, {});
    return { place, ask: (operation, variables) => ask(asProject, operation, variables) };
  } catch (error) {
    if (!(error instanceof TallystickError) || error.code !== "railway-not-authorized") throw error;
    const asBearer: Lane = { headers: { authorization: `Bearer ${token.reveal()}` }, throttle, pace };
    return { ask: (operation, variables) => ask(asBearer, operation, variables) };
  }
}

/** A line break in a header would end the header; what is empty or has blanks was copied wrongly. */
function requireSendable(token: Secret): void {
  if (token.satisfies((text) => /^[\x21-\x7e]{1,4096}$/.test(text))) return;
  throw new TallystickError(
    "railway-not-authorized",
    "The Railway token is empty, or has blanks, line breaks or other characters that no token has: store it again",
  );
}
