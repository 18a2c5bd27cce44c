import { expect, it } from "vitest";
import { fingerprint } from "../../functions/protocol/fingerprint.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { canary, expectNoCanary } from "../canaries.ts";
import { entryAt, hearAt, key, nowMs, otherKey, responder, sendJson, token } from "./health-bed.ts";
import { openEndpoint } from "./http-endpoint.ts";

it("hears the fingerprints that a responder gives", async () => {
  const honest = responder({ deployment: "d-7", stored: { TOKEN: () => null } });
  const { origin } = await openEndpoint(honest.node);

  const hearing = await hearAt(origin);

  if (hearing.kind !== "heard") throw new Error(hearing.detail);
  const [instance] = hearing.instances;
  const nonce = instance?.nonce ?? "";
  const expected = fingerprint(new Secret(token), { environment: "vps", name: "TOKEN", nonce });
  expect(hearing).toEqual({
    kind: "heard",
    instancesExpected: 1,
    instances: [
      {
        instance: "one",
        deployment: "d-7",
        startedAtMs: Date.parse("2026-11-22T09:00:00Z"),
        nonce,
        running: new Map([["TOKEN", expected]]),
        stored: new Map([["TOKEN", null]]),
      },
    ],
  });
  expectNoCanary(hearing, [token]);
});

it("sends the fleet's own headers and asks for plain, fresh JSON", async () => {
  const honest = responder();
  const { origin, requests } = await openEndpoint(honest.node);
  const headers = new Map([["CF-Access-Client-Id", new Secret("client")]]);

  await hearAt(origin, { question: { headers } });

  expect(requests).toHaveLength(1);
  expect(requests[0]?.path).toBe("/health");
  expect(requests[0]?.headers).toMatchObject({
    "cf-access-client-id": "client",
    "cache-control": "no-cache",
    accept: "application/json",
    "user-agent": "tallystick",
  });
  expect(requests[0]?.headers).not.toHaveProperty("accept-encoding");
});

it("keeps its own challenge where the fleet names that header, and the fleet's accept", async () => {
  const honest = responder();
  const { origin, requests } = await openEndpoint(honest.node);
  const headers = new Map([
    ["Tally-Challenge", new Secret("forged")],
    ["Accept", new Secret("application/health+json")],
  ]);

  const hearing = await hearAt(origin, { question: { headers } });

  expect(hearing.kind).toBe("heard");
  expect(requests[0]?.headers.accept).toBe("application/health+json");
});

it("uses another nonce for every request", async () => {
  const seen: unknown[] = [];
  const { origin } = await openEndpoint((request, response) => {
    seen.push(request.headers["tally-challenge"]);
    sendJson(response, { status: "ok" });
  });

  await hearAt(origin, {
    question: { entry: entryAt(`${origin}/health`, { instances: 3 }) },
    bounds: { asksPerInstanceMax: 2 },
  });

  expect(new Set(seen).size).toBe(6);
});

it("goes by the tally, whatever the HTTP status", async () => {
  const honest = responder();
  const { origin } = await openEndpoint(async (request, response) => {
    const challenge = String(request.headers["tally-challenge"]);
    sendJson(response, { status: "sick", tally: await honest.answer(challenge) }, 503);
  });

  expect(await hearAt(origin)).toMatchObject({ kind: "heard" });
});

it("asks once more with the previous key where the newest is not known yet", async () => {
  const old = responder({ publicKeys: [otherKey.publicKey] });
  const { origin, requests } = await openEndpoint(old.node);

  const hearing = await hearAt(origin, { question: { keys: { current: key, previous: otherKey } } });

  expect(hearing).toMatchObject({ kind: "heard", trustsOldKey: true });
  expect(requests).toHaveLength(2);
});

it("says that the key is not trusted where the previous one is not either", async () => {
  const stranger = responder({ publicKeys: [otherKey.publicKey] });
  const { origin, requests } = await openEndpoint(stranger.node);

  const hearing = await hearAt(origin, { question: { keys: { current: key, previous: key } } });

  expect(hearing).toMatchObject({ kind: "silent", because: "refused", code: "challenge-untrusted" });
  expect(requests).toHaveLength(2);
});

it.each([
  { skewMs: -240_000, code: "challenge-early", words: "its clock is 4 min behind" },
  { skewMs: 7_200_000, code: "challenge-expired", words: "its clock is 2 h ahead" },
])("tells the clocks' difference with $code", async ({ skewMs, code, words }) => {
  const skewed = responder({ now: () => nowMs + skewMs });
  const { origin } = await openEndpoint(skewed.node);

  const hearing = await hearAt(origin);

  expect(hearing).toMatchObject({ kind: "silent", because: "refused", code });
  expect(hearing).toHaveProperty("detail", expect.stringContaining(words));
});

it("says that another environment answers, without a word about clocks that agree", async () => {
  const sister = responder({ environment: "mac-mini" });
  const { origin } = await openEndpoint(sister.node);

  const hearing = await hearAt(origin);

  expect(hearing).toMatchObject({ because: "refused", code: "challenge-audience" });
  expect(hearing).toHaveProperty("detail", expect.not.stringContaining("clock"));
});

const railway = {
  project: "p",
  environment: "env-1",
  service: "svc-1",
  token: { env: "RAILWAY_TOKEN" },
};

it.each([
  { place: { environment: "env-2", service: "svc-1" }, expected: { because: "wrong-place" } },
  { place: { environment: "env-1", service: "svc-2" }, expected: { because: "wrong-place" } },
  { place: { environment: "env-1", service: "svc-1" }, expected: { kind: "heard" } },
])("compares the place $place with the fleet's", async ({ place, expected }) => {
  const copy = responder({ place });
  const { origin } = await openEndpoint(copy.node);

  const entry = entryAt(`${origin}/health`, { railway });

  expect(await hearAt(origin, { question: { entry } })).toMatchObject(expected);
});

it.each([
  { status: 200, because: "not-reported", words: "without a tally" },
  { status: 401, because: "not-reported", words: "headers" },
  { status: 404, because: "not-reported", words: "without a tally" },
  { status: 500, because: "not-reported", words: "without a tally" },
  { status: 502, because: "unreachable", words: "gateway" },
  { status: 429, because: "throttled", words: "less often" },
  { status: 304, because: "malformed", words: "final address" },
])("hears $because in HTTP $status without a tally", async ({ status, because, words }) => {
  const { origin } = await openEndpoint((_request, response) => sendJson(response, { status: "ok" }, status));

  const hearing = await hearAt(origin);

  expect(hearing).toMatchObject({ kind: "silent", because, code: `http-${status}` });
  expect(hearing).toHaveProperty("detail", expect.stringContaining(words));
});

it("refuses to ask in clear text", async () => {
  const entry = entryAt("http://app.example.com/health");

  expect(await hearAt("", { question: { entry } })).toMatchObject({ kind: "silent", code: "clear-text" });
});

it("refuses a header that HTTP cannot carry, by its name alone", async () => {
  const { origin, requests } = await openEndpoint((_request, response) => sendJson(response, {}));
  const value = canary("header");

  const hearing = await hearAt(origin, {
    question: { headers: new Map([["X-Access", new Secret(`${value}\r\nX-Evil: 1`)]]) },
  });

  expect(hearing).toMatchObject({ kind: "silent", code: "header-unfit" });
  expect(hearing).toHaveProperty("detail", expect.stringContaining("X-Access"));
  expectNoCanary(hearing, [value]);
  expect(requests).toEqual([]);
});

it("is silent, and does not throw, where signing fails", async () => {
  const broken = {
    ...key,
    sign: () => {
      throw new Error(token);
    },
  };
  const { origin } = await openEndpoint((_request, response) => sendJson(response, {}));

  const hearing = await hearAt(origin, { question: { keys: { current: broken } } });

  expect(hearing).toMatchObject({ kind: "silent", code: "not-asked" });
  expectNoCanary(hearing, [token]);
});
