import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";

import { createResponder, type ResponderOptions } from "../../functions/responder/index.ts";
import { canary, tracesOf } from "../protocol/canary.ts";
import * as question from "./question.ts";

const options = {
  environment: question.environment,
  publicKeys: [question.publicKey],
  secrets: {
    INTERNAL_AUTH_SECRET: () => "xyz789new",
    OPENCLAW_GATEWAY_TOKEN: () => undefined,
  },
  now: () => question.nowSeconds * 1000,
} satisfies ResponderOptions;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function ask(change: Partial<ResponderOptions> = {}, header = question.challenge()): Promise<string> {
  return JSON.stringify({ tally: await createResponder({ ...options, ...change }).answer(header) });
}

describe("an answer", () => {
  it("is what the checker believes", async () => {
    const stored = { INTERNAL_AUTH_SECRET: () => "abc123old" };
    const reading = question.read(
      await ask({
        stored,
        instance: "replica-1",
        deployment: "d-1",
        place: { environment: "e-1", service: "s-1" },
      }),
    );
    expect(reading).toEqual({
      kind: "answered",
      answer: {
        environment: question.environment,
        instance: "replica-1",
        deployment: "d-1",
        startedAt: "2026-11-22T10:00:00Z",
        place: { environment: "e-1", service: "s-1" },
        running: new Map([
          ["INTERNAL_AUTH_SECRET", question.fingerprintOf("xyz789new")],
          ["OPENCLAW_GATEWAY_TOKEN", null],
        ]),
        stored: new Map([["INTERNAL_AUTH_SECRET", question.fingerprintOf("abc123old")]]),
      },
    });
  });

  it("has no member for what is not known", async () => {
    const tally = await createResponder({ ...options, now: () => question.nowSeconds * 1000 }).answer(
      question.challenge(),
    );
    expect(Object.keys(tally ?? {})).toEqual([
      "version",
      "environment",
      "startedAt",
      "challenge",
      "echo",
      "running",
    ]);
  });

  it("shows no value", async () => {
    const secrets = { INTERNAL_AUTH_SECRET: () => canary, OPENCLAW_GATEWAY_TOKEN: () => `${canary}\uD800` };
    expect(tracesOf(canary, await ask({ secrets, stored: secrets }))).toEqual([]);
  });

  it("reads the values when it is asked, each time", async () => {
    let value = "abc123old";
    const responder = createResponder({ ...options, secrets: { INTERNAL_AUTH_SECRET: () => value } });
    const running = async () => JSON.stringify(await responder.answer(question.challenge()));
    expect(await running()).toContain(question.fingerprintOf("abc123old"));
    value = "xyz789new";
    expect(await running()).toContain(question.fingerprintOf("xyz789new"));
  });

  it.each([
    ["unset as null", () => null, null],
    ["undefined as null", () => undefined, null],
    ["an empty value by its fingerprint", () => "", question.fingerprintOf("")],
    ["a zero byte by its fingerprint", () => "\0", question.fingerprintOf("\0")],
  ])("tells %s", async (_, getter, expected) => {
    const reading = question.read(await ask({ secrets: { INTERNAL_AUTH_SECRET: getter } }));
    expect(reading).toMatchObject({ answer: { running: new Map([["INTERNAL_AUTH_SECRET", expected]]) } });
  });

  it.each([
    [
      "cannot be read",
      () => {
        throw new Error(canary);
      },
    ],
    ["is not well-formed", () => "\uD800"],
    ["is no text", () => 1 as never],
    ["comes later", () => Promise.resolve("x") as never],
  ])("leaves a value out that %s, and keeps the others", async (_, getter) => {
    const body = await ask({
      secrets: { INTERNAL_AUTH_SECRET: () => "xyz789new", OPENCLAW_GATEWAY_TOKEN: getter },
    });
    expect(question.read(body)).toMatchObject(question.sees("xyz789new") as object);
    expect(tracesOf(canary, body)).toEqual([]);
  });
});

describe("the question", () => {
  it.each([null, undefined])("is none where the header is %s", async (header) => {
    expect(await createResponder(options).answer(header)).toBeUndefined();
  });

  it.each(["", "x", canary, question.challenge().slice(1)])(
    "is refused without the time where it is malformed",
    async (header) => {
      expect(await createResponder(options).answer(header)).toEqual({
        version: 1,
        error: "challenge-malformed",
      });
    },
  );

  it("is refused with the time after a valid signature", async () => {
    expect(await createResponder(options).answer(question.challenge(question.nowSeconds - 91))).toEqual({
      version: 1,
      error: "challenge-expired",
      time: "2026-11-22T10:00:00Z",
    });
  });

  it("is accepted until the last millisecond of its leeway", async () => {
    const at = (now: number) => createResponder({ ...options, now: () => now }).answer(question.challenge());
    const end = (question.nowSeconds + 90) * 1000;
    expect(await at(end - 1)).toMatchObject({ challenge: question.nonce });
    expect(await at(end)).toMatchObject({ error: "challenge-expired" });
  });

  it("is accepted under each of two keys", async () => {
    const other = "WGZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmY";
    for (const publicKeys of [
      [other, question.publicKey],
      [question.publicKey, other],
    ]) {
      expect(JSON.parse(await ask({ publicKeys })).tally).toMatchObject({ challenge: question.nonce });
    }
  });

  it("gets no answer where the clock fails, and no error", async () => {
    let now = () => question.nowSeconds * 1000;
    const responder = createResponder({ ...options, now: () => now() });
    now = () => {
      throw new Error("no clock");
    };
    expect(await responder.answer(question.challenge())).toBeUndefined();
    now = () => Number.NaN;
    expect(await responder.answer(question.challenge())).toEqual({ version: 1, error: "challenge-early" });
  });

  it("gets no answer where the runtime cannot compute fingerprints", async () => {
    vi.spyOn(crypto.subtle, "sign").mockRejectedValue(new Error("no HMAC"));
    expect(await createResponder(options).answer(question.challenge())).toBeUndefined();
  });
});

describe("what Railway tells a process", () => {
  const railway = {
    RAILWAY_REPLICA_ID: "replica-7",
    RAILWAY_DEPLOYMENT_ID: "deployment-7",
    RAILWAY_ENVIRONMENT_ID: "environment-7",
    RAILWAY_SERVICE_ID: "service-7",
  };

  function stub(change: object = {}): void {
    for (const [name, value] of Object.entries({ ...railway, ...change })) vi.stubEnv(name, value);
  }

  it("is part of the answer", async () => {
    stub();
    expect(JSON.parse(await ask()).tally).toMatchObject({
      instance: "replica-7",
      deployment: "deployment-7",
      place: { environment: "environment-7", service: "service-7" },
    });
  });

  it("yields to the options", async () => {
    stub();
    const place = { environment: "e", service: "s" };
    expect(JSON.parse(await ask({ instance: "i", deployment: "d", place })).tally).toMatchObject({
      instance: "i",
      deployment: "d",
      place,
    });
  });

  it.each(["", "not fit", "a\n", "x".repeat(129)])("is left out where it is %j", async (unfit) => {
    stub({ RAILWAY_REPLICA_ID: unfit, RAILWAY_DEPLOYMENT_ID: unfit, RAILWAY_SERVICE_ID: unfit });
    const { tally } = JSON.parse(await ask());
    expect([tally.instance, tally.deployment, tally.place]).toEqual([undefined, undefined, undefined]);
    expect(tally.challenge).toBe(question.nonce);
  });

  it("may be forbidden to read", async () => {
    const forbidden = {
      get env(): never {
        throw new Error("NotCapable: Requires env access");
      },
    };
    vi.stubGlobal("process", forbidden);
    try {
      expect(createResponder(options)).toBeDefined();
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe("the moment of the start", () => {
  it.each([
    ["a moment", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"],
    ["a moment elsewhere", "2026-01-02T03:04:05.678+02:00", "2026-01-02T01:04:05Z"],
  ])("is told in UTC for %s", async (_, startedAt, expected) => {
    expect(JSON.parse(await ask({ startedAt })).tally.startedAt).toBe(expected);
  });

  it("is left out where the clock stands still at 1970, as on Workers", async () => {
    let now = 0;
    const responder = createResponder({ ...options, now: () => now });
    now = question.nowSeconds * 1000;
    const tally = await responder.answer(question.challenge());
    expect(tally).toHaveProperty("challenge");
    expect(tally).not.toHaveProperty("startedAt");
  });
});

describe("a whole health endpoint", () => {
  const responder = createResponder(options);
  const url = "http://localhost/health";

  it("tells strangers nothing but its health", async () => {
    const response = await responder.fetch(new Request(url));
    expect([response.status, await response.text()]).toEqual([200, '{"status":"ok"}']);
  });

  it.each([question.challenge(), question.challenge(0), "x"])(
    "stays healthy and uncached whatever the challenge",
    async (header) => {
      const response = await responder.fetch(new Request(url, { headers: { "Tally-Challenge": header } }));
      expect([
        response.status,
        response.headers.get("cache-control"),
        response.headers.get("content-type"),
      ]).toEqual([200, "no-store", "application/json"]);
      expect(await response.json()).toMatchObject({ status: "ok", tally: { version: 1 } });
    },
  );

  async function over(listener: RequestListener, headers: Record<string, string>): Promise<Response> {
    const server = createServer(listener).listen(0, "127.0.0.1");
    try {
      await new Promise((resolve) => server.once("listening", resolve));
      const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/health`, {
        headers,
      });
      return new Response(await response.text(), response);
    } finally {
      server.close();
    }
  }

  it("answers through node:http", async () => {
    const response = await over((request, answer) => responder.node(request, answer), {
      "Tally-Challenge": question.challenge(),
    });
    expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(question.read(await response.text())).toMatchObject({ kind: "answered" });
  });

  it("tells strangers nothing but its health through node:http", async () => {
    const response = await over((request, answer) => responder.node(request, answer), {});
    expect(await response.text()).toBe('{"status":"ok"}');
  });

  it("refuses a header that came twice", async () => {
    const sent: string[] = [];
    await new Promise<void>((resolve) => {
      responder.node(
        { headers: { "tally-challenge": [question.challenge(), question.challenge()] } },
        { writeHead: () => {}, end: (body) => resolve(void sent.push(body)) },
      );
    });
    expect(sent).toEqual(['{"status":"ok","tally":{"version":1,"error":"challenge-malformed"}}']);
  });

  it("does not bring a process down where somebody has answered already", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    const writeHead = vi.fn(() => {
      throw new Error("ERR_HTTP_HEADERS_SENT");
    });
    responder.node({ headers: {} }, { writeHead, end: () => {} });
    await vi.waitFor(() => expect(writeHead).toHaveBeenCalled());
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});
