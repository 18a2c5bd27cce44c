import type { Dispatcher } from "undici";
import { serviceName } from "../contract.ts";
import { type Capability, dependenciesOf } from "../core/fleet.ts";
import { limits } from "../core/limits.ts";
import type { ProbeResult } from "../core/observation.ts";
import type { CapabilityProbes } from "../core/ports.ts";
import type { Secret } from "../protocol/secret.ts";
import { type ExchangeRequest, exchange } from "./http-exchange.ts";
import type { ProbeLedger, ProbeOutcome } from "./probe-ledger.ts";
import { probeResult } from "./probe-result.ts";
import { fitsHeader, isPrivate } from "./sendable.ts";

type ProbeQuestion = Parameters<CapabilityProbes["probe"]>[0];

/** Tries capabilities over HTTP, each call once for as long as the ledger lives: one run. */
export function createCapabilityProbes(parts: {
  readonly dispatcher: Dispatcher;
  readonly ledger: ProbeLedger;
  /** @default - limits.requestTimeoutMs */
  readonly requestTimeoutMs?: number;
}): CapabilityProbes {
  return new HttpProbes(parts.dispatcher, parts.ledger, parts.requestTimeoutMs);
}

class HttpProbes implements CapabilityProbes {
  readonly #dispatcher: Dispatcher;
  readonly #ledger: ProbeLedger;
  readonly #bounds: { readonly timeoutMs: number; readonly bodyBytesMax: number };
  /** The one call with a secret that an origin is tried with, until it has taken one. */
  readonly #pioneers = new Map<string, Promise<unknown>>();

  constructor(dispatcher: Dispatcher, ledger: ProbeLedger, timeoutMs: number = limits.requestTimeoutMs) {
    this.#dispatcher = dispatcher;
    this.#ledger = ledger;
    this.#bounds = { timeoutMs, bodyBytesMax: limits.probeBodyBytesMax };
  }

  async probe(question: ProbeQuestion): Promise<ProbeResult> {
    const { capability } = question;
    const request = requestOf(question);
    if ("because" in request) return { kind: "unknown", because: request.because };
    const { origin } = request.url;
    const call = callOf(capability);
    let outcome = this.#ledger.recall(origin, call);
    if (outcome === undefined) {
      outcome = sendsSecret(capability) ? this.#tryInTurn(request, capability) : this.#try(request);
      this.#ledger.remember(origin, call, outcome);
    }
    return probeResult(await outcome, capability);
  }

  renew(url: string): void {
    const origin = URL.parse(url)?.origin;
    if (origin !== undefined) this.#ledger.renew(origin);
  }

  /** Until an origin has taken a secret, calls go one by one: a denial must be known before the next. */
  async #tryInTurn(request: ExchangeRequest, capability: Capability): Promise<ProbeOutcome> {
    const { origin } = request.url;
    for (;;) {
      const because = this.#ledger.refusal(origin);
      if (because !== undefined) return { kind: "unknown", because };
      if (this.#ledger.hasAccepted(origin)) return this.#tryAndNote(request, capability);
      const pioneer = this.#pioneers.get(origin);
      if (pioneer === undefined) break;
      await pioneer;
    }
    const own = this.#tryAndNote(request, capability);
    this.#pioneers.set(origin, own);
    const outcome = await own;
    this.#pioneers.delete(origin);
    return outcome;
  }

  async #tryAndNote(request: ExchangeRequest, capability: Capability): Promise<ProbeOutcome> {
    const outcome = await this.#try(request);
    this.#ledger.note(request.url.origin, probeResult(outcome, capability));
    return outcome;
  }

  async #try(request: ExchangeRequest): Promise<ProbeOutcome> {
    const met = await exchange(this.#dispatcher, request, this.#bounds);
    // A body that is cut or never ends does not matter once the status has said everything.
    if (met.kind === "response") return { kind: "status", httpStatus: met.status };
    if (met.status !== undefined) return { kind: "status", httpStatus: met.status };
    const { because, words } = met.failure;
    return { kind: "unknown", because: `${because}: it ${words}` };
  }
}

function sendsSecret(capability: Capability): boolean {
  return dependenciesOf(capability).length > 0;
}

/** What makes two calls the same: names stand for the secrets' values. */
function callOf({ url, method, body, bearer, header }: Capability): string {
  return JSON.stringify([url, method, body, bearer, header]);
}

function requestOf({ capability, values, allowHttp }: ProbeQuestion): ExchangeRequest | { because: string } {
  const url = URL.parse(capability.url);
  if (url === null || !isPrivate(url, allowHttp || capability.allowHttp === true)) {
    return { because: "not tried: its address is neither https nor loopback" };
  }
  const unfit = unfitSecret(dependenciesOf(capability), values);
  if (unfit !== undefined) return { because: unfit };
  const { method, body } = capability;
  return {
    url,
    method,
    headers: headersOf(capability, values),
    ...(body !== undefined && { body: JSON.stringify(body) }),
    onOwnConnection: false,
  };
}

function unfitSecret(names: readonly string[], values: ReadonlyMap<string, Secret>): string | undefined {
  for (const name of names) {
    const value = values.get(name);
    if (value === undefined) return `not tried: the true value of ${name} is not known`;
    if (!fitsHeader(value)) return `not tried: the value of ${name} is no text that an HTTP header can carry`;
  }
  return undefined;
}

/** Every name was looked up before; a secret that has none is not sent. */
function headersOf({ body, bearer, header }: Capability, values: ReadonlyMap<string, Secret>): string[] {
  const headers = ["accept", "*/*", "user-agent", serviceName];
  if (body !== undefined) headers.push("content-type", "application/json");
  const token = bearer === undefined ? undefined : values.get(bearer);
  if (token !== undefined) headers.push("authorization", `Bearer ${token.reveal()}`);
  for (const [name, secret] of Object.entries(header ?? {})) {
    const value = values.get(secret);
    if (value !== undefined) headers.push(name, value.reveal());
  }
  return headers;
}
