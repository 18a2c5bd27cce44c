import type { Dispatcher } from "undici";
import { serviceName } from "../contract.ts";
import { limits } from "../core/limits.ts";
import type { Hearing, InstanceAnswer } from "../core/observation.ts";
import type { Clock, HealthEndpoints } from "../core/ports.ts";
import { challengeHeader } from "../protocol/names.ts";
import { type Asking, ask, type HealthQuestion, type Reply, unnamedInstance } from "./health-question.ts";
import { type Silence, silence } from "./health-silence.ts";
import { fitsHeader, isPrivate } from "./sendable.ts";

/** The bounds of a hearing; `limits` gives what is left out. */
export interface HearingBounds {
  readonly requestTimeoutMs: number;
  readonly hearingTimeoutMs: number;
  readonly asksPerInstanceMax: number;
}

/** Asks of one round, side by side: more would look like an attack to the edge in front of the replicas. */
const asksAtOnceMax = 8;
/** Rounds in a row that may bring nothing before the rest is not asked: one replica may be dead, not all. */
const emptyRoundsMax = 2;

/** Asks health endpoints over HTTP, by the tally protocol (PROTOCOL.md). */
export function createHealthEndpoints(parts: {
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly bounds?: Partial<HearingBounds>;
}): HealthEndpoints {
  const bounds = { ...limits, ...parts.bounds };
  return {
    async hear(question) {
      try {
        const asking = prepare(question, parts, bounds);
        return asking.kind === "silent" ? asking : await hearAll(asking, bounds.asksPerInstanceMax);
      } catch {
        // Signing may fail, and so may a dispatcher that somebody has closed; the text of either is not ours.
        return silence("unreachable", "not-asked", "could not be asked: the checker itself failed");
      }
    },
  };
}

/** Refuses what must not be sent, before anything is. */
function prepare(
  question: HealthQuestion,
  { dispatcher, clock }: { dispatcher: Dispatcher; clock: Clock },
  { requestTimeoutMs, hearingTimeoutMs }: HearingBounds,
): (Asking & { readonly kind: "asking" }) | Silence {
  const url = URL.parse(question.entry.health);
  if (url === null || !isPrivate(url, question.entry.allowHttp)) {
    return silence("unreachable", "clear-text", "is not asked: its address is neither https nor loopback");
  }
  const unfit = [...question.headers].find(([, value]) => !fitsHeader(value));
  if (unfit !== undefined) {
    const detail = `is not asked: the value of its header ${unfit[0]} is no text that HTTP can carry`;
    return silence("unreachable", "header-unfit", detail);
  }
  const endsAtMs = performance.now() + hearingTimeoutMs;
  const headers = headersOf(question);
  return { kind: "asking", question, url, headers, dispatcher, clock, requestTimeoutMs, endsAtMs };
}

const ownHeaders: ReadonlyMap<string, string> = new Map([
  ["accept", "application/json"],
  ["cache-control", "no-cache"],
  ["user-agent", serviceName],
]);

const ownHeadersOnly: readonly string[] = [...ownHeaders].flat();

/** The fleet's own headers come before ours, save for the challenge, which is nobody else's to set. */
function headersOf({ headers }: HealthQuestion): readonly string[] {
  if (headers.size === 0) return ownHeadersOnly;
  const named = new Map(ownHeaders);
  for (const [name, value] of headers) named.set(name.toLowerCase(), value.reveal());
  named.delete(challengeHeader);
  return [...named].flat();
}

/** What was heard so far: one answer for each instance, the latest. */
interface Heard {
  readonly answers: Map<string, InstanceAnswer>;
  trustsOldKey: boolean;
  firstSilence?: Silence;
}

/** Asks in rounds until every instance was seen, or until a bound says that not all will be. */
async function hearAll(asking: Asking, asksPerInstanceMax: number): Promise<Hearing> {
  const { instances } = asking.question.entry;
  const heard: Heard = { answers: new Map(), trustsOldKey: false };
  let asksLeft = instances * asksPerInstanceMax;
  let emptyRoundsLeft = instances === 1 ? 1 : emptyRoundsMax;
  while (isWorthAsking(heard, instances) && asksLeft > 0 && emptyRoundsLeft > 0) {
    const asks = Math.min(instances, asksAtOnceMax, asksLeft);
    const round = await Promise.all(Array.from({ length: asks }, () => ask(asking, asking.question.keys)));
    asksLeft -= asks;
    for (const reply of round) take(reply, heard);
    emptyRoundsLeft = round.some(({ kind }) => kind === "answer") ? emptyRoundsMax : emptyRoundsLeft - 1;
    if (performance.now() >= asking.endsAtMs || round.some(isThrottled)) break;
  }
  return hearingOf(heard, instances);
}

function isThrottled(reply: Reply): boolean {
  return reply.kind === "silent" && reply.because === "throttled";
}

/** Where instances give no names, asking on would never show another one. */
function isWorthAsking({ answers }: Heard, instances: number): boolean {
  return answers.size < instances && !answers.has(unnamedInstance);
}

function take(reply: Reply, heard: Heard): void {
  if (reply.kind === "silent") {
    heard.firstSilence ??= reply;
    return;
  }
  heard.answers.set(reply.answer.instance, reply.answer);
  heard.trustsOldKey ||= reply.trustsOldKey;
}

function hearingOf({ answers, trustsOldKey, firstSilence }: Heard, instancesExpected: number): Hearing {
  if (answers.size === 0) {
    return firstSilence ?? silence("timeout", "answer-timeout", "gave no answer within its time");
  }
  const instances = [...answers.values()];
  return { kind: "heard", instances, instancesExpected, ...(trustsOldKey && { trustsOldKey }) };
}
