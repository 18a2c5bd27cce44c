import type { ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { createHttpAgent } from "../../functions/adapters/http-agent.ts";
import { createHealthEndpoints, type HearingBounds } from "../../functions/adapters/http-health.ts";
import type { EnvironmentEntry } from "../../functions/core/fleet.ts";
import type { Hearing } from "../../functions/core/observation.ts";
import type { HealthEndpoints } from "../../functions/core/ports.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { type SigningKey, signingKeyFromSeed } from "../../functions/protocol/signing-key.ts";
import { createResponder, type Responder, type ResponderOptions } from "../../functions/responder/index.ts";
import { canary } from "../canaries.ts";

export type Question = Parameters<HealthEndpoints["hear"]>[0];

export const nowMs = Date.parse("2026-11-22T10:00:00Z");
export const token = canary("token");
export const key: SigningKey = signingKeyFromSeed(new Secret(canary("seed")));
export const otherKey: SigningKey = signingKeyFromSeed(new Secret(canary("other seed")));

/** A responder that holds `TOKEN`, on the test's own clock. */
export function responder(options: Partial<ResponderOptions> = {}): Responder {
  return createResponder({
    environment: "vps",
    publicKeys: [key.publicKey],
    secrets: { TOKEN: () => token },
    instance: "one",
    startedAt: "2026-11-22T09:00:00Z",
    now: () => nowMs,
    ...options,
  });
}

export function entryAt(health: string, entry: Partial<EnvironmentEntry> = {}): Question["entry"] {
  return { instances: 1, allowHttp: false, ...entry, health };
}

/** Hears one endpoint with everything real but the time. */
export async function hearAt(
  origin: string,
  changes: { question?: Partial<Question>; bounds?: Partial<HearingBounds> } = {},
): Promise<Hearing> {
  const dispatcher = createHttpAgent();
  onTestFinished(() => dispatcher.destroy());
  const clock = { now: () => nowMs, sleep: async () => {} };
  const { bounds = {} } = changes;
  return createHealthEndpoints({ dispatcher, clock, bounds }).hear({
    environment: "vps",
    entry: entryAt(`${origin}/health`),
    headers: new Map(),
    secrets: ["TOKEN"],
    keys: { current: key },
    ...changes.question,
  });
}

/** Short bounds, for endpoints that would otherwise be waited for. */
export const impatient: Partial<HearingBounds> = { requestTimeoutMs: 150, hearingTimeoutMs: 400 };

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
