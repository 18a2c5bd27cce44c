import { limits } from "../../core/limits.ts";
import type { Clock } from "../../core/ports.ts";
import { CallBudget } from "./call-budget.ts";
import type { CallPace } from "./call-pace.ts";
import { errorOf, type Failure, malformed, unreachable } from "./failure.ts";
import type { Operation } from "./operations.ts";
import { type Reading, readExchange } from "./reading.ts";
import type { Throttle } from "./throttle.ts";
import { createPost, type Post, type PostOptions } from "./transport.ts";

/** What reaching Railway takes. */
export interface RailwayConnection extends PostOptions {
  readonly clock: Clock;
}

/** How one token is sent, and whether it may be sent now. */
export interface Lane {
  readonly headers: Readonly<Record<string, string>>;
  readonly throttle: Throttle;
  readonly pace: CallPace;
}

/** Sends an operation and gives its data. @throws TallystickError `railway-*` */
export type Ask = <Data>(lane: Lane, operation: Operation<Data>, variables: object) => Promise<Data>;

/** Grows with the attempts, so that a short outage is outlasted and a long one is not waited for. */
const retryPauseMs = 500;
/** After an outage that outlasted all attempts nobody asks for so long: each of many services would wait it out anew. */
const outagePauseMs = 1_000;

/** One budget of calls for all that is asked through it. */
export function createAsk(connection: RailwayConnection): Ask {
  const { clock } = connection;
  const post = createPost(connection);
  const budget = new CallBudget();
  let silentUntilMs = 0;

  async function attempt(lane: Lane, payload: object): Promise<Reading> {
    await lane.pace.turn(clock);
    lane.throttle.requireOpen(clock.now());
    budget.take();
    return postAndNote(post, lane, payload, clock);
  }

  return async (lane, operation, variables) => {
    const payload = { query: operation.document, variables };
    const attemptsMax = operation.mutates ? 1 : limits.railwayReadAttemptsMax;
    if (clock.now() < silentUntilMs) throw errorOf({ ...unreachable, signs: [] }, operation, clock.now());
    for (let attempts = 1; ; attempts += 1) {
      const reading = await attempt(lane, payload);
      if (reading.kind === "data") return shaped(operation, reading.data, clock.now());
      const isOutage = mayRepeat(reading.failure);
      if (isOutage && attempts >= attemptsMax && !operation.mutates)
        silentUntilMs = clock.now() + outagePauseMs;
      if (attempts >= attemptsMax || !isOutage) throw errorOf(reading.failure, operation, clock.now());
      await clock.sleep(attempts * retryPauseMs);
    }
  };
}

async function postAndNote(post: Post, lane: Lane, payload: object, clock: Clock): Promise<Reading> {
  const exchange = await post(lane.headers, payload);
  const reading = readExchange(exchange);
  if (exchange.kind === "answered") lane.pace.note(exchange.header("ratelimit-policy"));
  lane.throttle.note(exchange, reading.kind === "failed" ? reading.failure : undefined, clock.now());
  return reading;
}

/** What Railway refuses it refuses again, and who is throttled has to wait: only silence is worth a second try. */
function mayRepeat({ code }: Failure): boolean {
  return code === "railway-unreachable";
}

/** What zod has to say of the data is dropped: it may quote a value. */
function shaped<Data>(operation: Operation<Data>, data: unknown, nowMs: number): Data {
  const parsed = operation.answer.safeParse(data);
  if (!parsed.success) throw errorOf({ ...malformed, signs: [] }, operation, nowMs);
  return parsed.data;
}
