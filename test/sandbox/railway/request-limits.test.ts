import { expect, test } from "vitest";
import { type Answer, operations, post } from "./fixtures/graphql-client.ts";
import { type QuietRailway, startQuietRailway } from "./fixtures/quiet-railway.ts";
import { gatewayIds, smallWorld } from "./fixtures/small-world.ts";

function read({ railway }: QuietRailway, search?: string): Promise<Answer> {
  return post(railway.apiUrl, operations.variables, gatewayIds, search === undefined ? {} : { search });
}

function times<Result>(count: number, task: () => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, task));
}

test("says on every answer what is left", async () => {
  const quiet = await startQuietRailway();

  const { headers } = await read(quiet);

  expect(headers.get("X-RateLimit-Limit")).toBe("10000");
  expect(headers.get("X-RateLimit-Remaining")).toBe("9999");
  expect(headers.get("X-RateLimit-Reset")).toMatch(/^\d+$/);
  expect(headers.get("RateLimit-Policy")).toBe("10000;w=3600, 50;w=1");
});

test("answers 429 with whole seconds to wait once the hour is used up, and lets in again after it", async () => {
  const world = { ...smallWorld(), limits: { perHour: 2, perSecond: 50 } };
  const quiet = await startQuietRailway({ world });
  await quiet.clock.advance(1_200_500);
  await times(2, () => read(quiet));

  const refused = await read(quiet);
  await quiet.clock.advance(Number(refused.headers.get("Retry-After")) * 1000);
  const admitted = await read(quiet);

  expect(refused.status).toBe(429);
  expect(refused.headers.get("Retry-After")).toBe("2400");
  expect(refused.headers.get("X-RateLimit-Remaining")).toBe("0");
  expect(admitted.status).toBe(200);
});

test("answers 429 above the requests of a second", async () => {
  const world = { ...smallWorld(), limits: { perHour: 1000, perSecond: 3 } };
  const quiet = await startQuietRailway({ world });

  const answers = await times(4, () => read(quiet));

  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429]);
});

test("answers 429 when that is planted", async () => {
  const quiet = await startQuietRailway();
  quiet.railway.plant({ kind: "rate-limited", retryAfterSeconds: 3000, operation: "variables" });

  const { status, headers } = await read(quiet);

  expect(status).toBe(429);
  expect(headers.get("Retry-After")).toBe("3000");
});

test("shuts out requests without a query string above ten a second, for a while", async () => {
  const quiet = await startQuietRailway();
  await times(10, () => read(quiet, ""));

  const blocked = await read(quiet, "");
  const withQuery = await read(quiet, "?source=tallystick");
  await quiet.clock.advance(59_999);
  const still = await read(quiet, "");
  await quiet.clock.advance(1);
  const admitted = await read(quiet, "");

  expect(blocked).toMatchObject({ status: 429, text: "error code: 1015" });
  expect(blocked.headers.get("X-RateLimit-Limit")).toBeNull();
  expect(blocked.headers.get("Retry-After")).toBeNull();
  expect([withQuery, still, admitted].map(({ status }) => status)).toEqual([200, 429, 200]);
});

test("lets ten a second in without a query string for as long as one likes", async () => {
  const quiet = await startQuietRailway();
  await times(10, () => read(quiet, ""));
  await quiet.clock.advance(1000);

  const answers = await times(10, () => read(quiet, ""));

  expect(answers.every(({ status }) => status === 200)).toBe(true);
});

test("shows Cloudflare's page when that is planted, to requests without a query string only", async () => {
  const quiet = await startQuietRailway();
  quiet.railway.plant({ kind: "edge-blocked", page: "html" });

  const withQuery = await read(quiet);
  const { status, headers, text } = await read(quiet, "");

  expect(withQuery.status).toBe(200);
  expect(status).toBe(429);
  expect(headers.get("Content-Type")).toContain("text/html");
  expect(text).toContain("Access denied");
});
