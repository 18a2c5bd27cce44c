import { expect, test } from "vitest";
import { throttled as throttledMeaning } from "../../../functions/adapters/railway/failure.ts";
import { Throttle } from "../../../functions/adapters/railway/throttle.ts";
import type { ServiceState } from "../../../functions/core/observation.ts";
import {
  entry,
  graphqlError,
  healthyAnswers,
  names,
  type PlantedAnswer,
  plantRailway,
  projectTokenAnswer,
} from "./planted-railway.ts";

const throttled = { kind: "unseen", code: "railway-throttled" };

test.for<[string, PlantedAnswer]>([
  ["HTTP 429", { status: 429, headers: { "retry-after": "2400" }, body: {} }],
  ["Cloudflare's text", { status: 429, body: "error code: 1015" }],
  ["Cloudflare's page", { status: 429, body: "<html><title>Access denied</title></html>" }],
  ["the deployment limit", graphqlError("Service deployment rate limit exceeded")],
])("makes no more calls with the token after %s", async ([, answer]) => {
  const { railway, requests, clock } = await plantRailway({ TokenPlace: answer });

  const states = [await railway.observe(entry, names), await railway.observe(entry, names)];
  clock.advance(86_400_000);
  states.push(await railway.observe(entry, names));

  expect(states).toMatchObject([throttled, throttled, throttled]);
  expect(requests).toHaveLength(1);
});

test("says how much longer Railway asked to be left alone", async () => {
  const { railway, clock } = await plantRailway({
    TokenPlace: { status: 429, headers: { "retry-after": "2400" }, body: {} },
  });
  await railway.observe(entry, names);
  clock.advance(400_000);

  await expect(railway.deployment(entry, "deployment-1")).rejects.toMatchObject({
    code: "railway-throttled",
    retryable: true,
    retryAfterMs: 2_000_000,
  });
});

test("tells Cloudflare's block apart", async () => {
  const { railway } = await plantRailway({ TokenPlace: { status: 429, body: "error code: 1015" } });

  const state = (await railway.observe(entry, names)) as Extract<ServiceState, { kind: "unseen" }>;

  expect(state.detail).toContain("1015");
});

test.for<[string, string]>([
  ["epoch seconds", String(Date.UTC(2026, 7, 1) / 1000 + 60)],
  ["epoch milliseconds", String(Date.UTC(2026, 7, 1) + 60_000)],
  ["seconds from now", "60"],
  ["a date", "2026-08-01T00:01:00.000Z"],
])("rests after the last call of the quota until its reset in %s", async ([, reset]) => {
  const { railway, operations, clock } = await plantRailway(
    healthyAnswers({
      TokenPlace: {
        ...projectTokenAnswer,
        headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset },
      },
    }),
  );

  const before = await railway.observe(entry, names);
  clock.advance(59_999);
  const still = await railway.observe(entry, names);
  const callsMade = operations().length;
  clock.advance(1);
  const after = await railway.observe(entry, names);

  expect([before, still, after]).toMatchObject([throttled, throttled, { kind: "seen" }]);
  expect(callsMade).toBe(1);
});

test("rests for the whole run where the quota's reset cannot be read", async () => {
  const { railway, requests, clock } = await plantRailway(
    healthyAnswers({
      TokenPlace: {
        ...projectTokenAnswer,
        headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon" },
      },
    }),
  );

  await railway.observe(entry, names);
  clock.advance(86_400_000);

  expect(await railway.observe(entry, names)).toMatchObject(throttled);
  expect(requests).toHaveLength(1);
});

test("does not reopen early for an answer that was longer under way than the throttled one", () => {
  const throttle = new Throttle();
  const headers: Readonly<Record<string, string>> = {
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": "60",
  };
  const late = { kind: "answered", status: 200, header: (name: string) => headers[name], body: "" } as const;

  throttle.note({ ...late, status: 429 }, { ...throttledMeaning, signs: [] }, 0);
  throttle.note(late, undefined, 0);

  expect(() => throttle.requireOpen(60_000)).toThrow(expect.objectContaining({ code: "railway-throttled" }));
});

test("knows no quota whose reset has passed already", () => {
  const headers: Readonly<Record<string, string>> = {
    "x-ratelimit-remaining": "3",
    "x-ratelimit-reset": "2026-07-31T23:59:59.000Z",
  };
  const throttle = new Throttle();

  throttle.note(
    { kind: "answered", status: 200, header: (name) => headers[name], body: "" },
    undefined,
    Date.UTC(2026, 7, 1),
  );

  expect(throttle.quota).toBeUndefined();
});
