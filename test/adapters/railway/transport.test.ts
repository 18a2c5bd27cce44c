import { Agent } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { createRailway } from "../../../functions/adapters/railway/railway.ts";
import { createPost, type PostOptions } from "../../../functions/adapters/railway/transport.ts";
import { limits } from "../../../functions/core/limits.ts";
import { Secret } from "../../../functions/protocol/secret.ts";
import { openEndpoint, openNothing, openSocket } from "../http-endpoint.ts";
import { createInstantClock, entry, healthyAnswers, names, plantRailway } from "./planted-railway.ts";

function post(apiUrl: string, options: Partial<PostOptions> = {}, headers: Record<string, string> = {}) {
  const dispatcher = new Agent();
  onTestFinished(() => dispatcher.destroy());
  return createPost({ apiUrl, dispatcher, ...options })(headers, { query: "é" });
}

test.for([
  ["", "?source=tallystick"],
  ["?region=eu", "?region=eu&source=tallystick"],
  ["?source=somebody", "?source=tallystick"],
] as const)("adds its source to the address with %s", async ([search, expected]) => {
  const { railway, requests } = await plantRailway(healthyAnswers(), { search });

  await railway.observe(entry, names);

  expect(requests.map(({ url }) => url)).toEqual(requests.map(() => `/graphql/v2${expected}`));
  expect(requests).not.toHaveLength(0);
});

test.for([
  "http://backboard.railway.com/graphql/v2",
  "http://127.0.0.1.example.com/graphql",
  "https://user:password@backboard.railway.com/graphql/v2",
  "ftp://127.0.0.1/",
  "backboard.railway.com",
  "",
])("refuses the address %s", (apiUrl) => {
  const create = () =>
    createRailway({
      apiUrl,
      dispatcher: new Agent(),
      clock: createInstantClock(),
      credential: async () => new Secret("token-1"),
    });

  expect(create).toThrow(expect.objectContaining({ code: "setting-invalid" }));
});

test("does not follow a redirect", async () => {
  const { railway, requests } = await plantRailway({
    TokenPlace: { status: 307, headers: { location: "/elsewhere" }, body: "" },
  });

  const state = await railway.observe(entry, names);

  expect(state).toMatchObject({ kind: "unseen", code: "railway-refused" });
  expect(requests).toHaveLength(1);
});

test("gives up on an answer that is too large", async () => {
  const { railway, requests } = await plantRailway({
    TokenPlace: { body: " ".repeat(limits.railwayBodyBytesMax + 1) },
  });

  const state = await railway.observe(entry, names);

  expect(state).toMatchObject({ kind: "unseen", code: "railway-malformed" });
  expect(requests).toHaveLength(1);
});

test("reads again after an outage, with growing pauses", async () => {
  const healthy = healthyAnswers();
  const { railway, requests, clock } = await plantRailway({
    ...healthy,
    TokenPlace: [{ status: 503, body: "" }, "cut", healthy["TokenPlace"] as { body: object }],
  });

  const state = await railway.observe(entry, names);

  expect(state.kind).toBe("seen");
  expect(requests.filter(({ operation }) => operation === "TokenPlace")).toHaveLength(3);
  expect(clock.slept).toEqual([500, 1_000]);
});

test("stops reading again after the third attempt", async () => {
  const { railway, requests } = await plantRailway({ TokenPlace: { status: 502, body: "" } });

  const state = await railway.observe(entry, names);

  expect(state).toMatchObject({ kind: "unseen", code: "railway-unreachable" });
  expect(requests).toHaveLength(limits.railwayReadAttemptsMax);
});

test("does not ask again what was refused", async () => {
  const { railway, operations } = await plantRailway(
    healthyAnswers({ Service: { status: 400, body: { errors: [{ message: "Unknown argument" }] } } }),
  );

  await railway.observe(entry, names);

  expect(operations().filter((name) => name === "Service")).toHaveLength(1);
});

test("ends at the budget of a run, with what came before in hand", async () => {
  const { railway, requests } = await plantRailway(healthyAnswers());
  const answers = [];
  for (let looks = 0; looks < limits.railwayCallsPerRunMax; looks += 1) {
    answers.push(await railway.observe(entry, names));
  }

  expect(answers.at(0)).toMatchObject({ kind: "seen" });
  expect(answers.at(-1)).toMatchObject({ kind: "unseen", code: "railway-budget-spent" });
  expect(requests).toHaveLength(limits.railwayCallsPerRunMax);
});

test("posts JSON with the headers it is given, and gives each header of the answer that came once", async () => {
  let sent = "";
  const { origin, requests } = await openEndpoint((request, response) => {
    request.setEncoding("utf8").on("data", (text: string) => {
      sent += text;
    });
    const headers = { "Retry-After": "7", "X-Twice": ["a", "b"] };
    request.on("end", () => response.writeHead(429, headers).end("é"));
  });

  const exchange = await post(origin, {}, { authorization: "Bearer a" });

  expect(exchange).toMatchObject({ kind: "answered", status: 429, body: "é" });
  const header = exchange.kind === "answered" ? exchange.header : () => "unanswered";
  expect(["retry-after", "x-twice", "x-none"].map(header)).toEqual(["7", undefined, undefined]);
  expect(JSON.parse(sent)).toEqual({ query: "é" });
  expect(requests).toMatchObject([
    {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        authorization: "Bearer a",
        "content-length": "14",
      },
    },
  ]);
});

test("gives the system's own word where nobody listens", async () => {
  const exchange = await post(await openNothing());

  expect(exchange).toEqual({ kind: "unanswered", because: "network", word: "ECONNREFUSED" });
});

test.for([
  ["a silent server", ""],
  ["a body that does not end", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"],
] as const)("does not wait for %s longer than its time", async ([, bytes]) => {
  const { origin } = await openSocket((socket) => void socket.write(bytes));

  const exchange = await post(origin, { requestTimeoutMs: 200 });

  expect(exchange).toEqual({ kind: "unanswered", because: "timeout" });
});

test("does not throw at a token that HTTP cannot carry, and sends nothing", async () => {
  const { origin, requests } = await openEndpoint((_request, response) => response.end());

  const exchange = await post(origin, {}, { authorization: "Bearer a\nb" });

  expect(exchange).toMatchObject({ kind: "unanswered", because: "network" });
  expect(requests).toEqual([]);
});
