import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import * as question from "./question.ts";

const value = "xyz789new";

const examples: Readonly<Record<string, () => Promise<Server>>> = {
  express: async () => createServer((await import("../../functions/responder/examples/express.ts")).app),
  hono: async () => {
    const { app } = await import("../../functions/responder/examples/hono.ts");
    return createAdaptorServer({ fetch: app.fetch }) as Server;
  },
  "a Next route": async () => {
    const { GET } = await import("../../functions/responder/examples/next-route.ts");
    return createAdaptorServer({ fetch: GET }) as Server;
  },
};

beforeAll(() => {
  vi.stubEnv("TALLY_PUBLIC_KEYS", question.publicKey);
  vi.stubEnv("INTERNAL_AUTH_SECRET", value);
  vi.useFakeTimers({ toFake: ["Date"], now: question.nowSeconds * 1000 });
});

afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe.each(Object.entries(examples))("the example for %s", (_, start) => {
  let server: Server;
  let url = "";

  beforeAll(async () => {
    server = await start();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
  });

  afterAll(() => {
    server.close();
  });

  it("answers a challenge", async () => {
    const response = await fetch(url, { headers: { "Tally-Challenge": question.challenge() } });
    expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(question.read(await response.text())).toMatchObject(question.sees(value) as object);
  });

  it("refuses a challenge that has expired, and stays healthy", async () => {
    const response = await fetch(url, { headers: { "Tally-Challenge": question.challenge(1) } });
    expect(response.status).toBe(200);
    expect(question.read(await response.text())).toEqual({
      kind: "refused",
      code: "challenge-expired",
      time: "2026-11-22T10:00:00Z",
    });
  });

  it("tells strangers nothing but its health", async () => {
    expect(await (await fetch(url)).text()).toBe('{"status":"ok"}');
  });
});
