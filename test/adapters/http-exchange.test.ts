import { Agent } from "undici";
import { expect, it, onTestFinished } from "vitest";
import { createHttpAgent } from "../../functions/adapters/http-agent.ts";
import { type ExchangeRequest, exchange } from "../../functions/adapters/http-exchange.ts";
import { openEndpoint, openNothing, openSocket } from "./http-endpoint.ts";

const bounds = { timeoutMs: 2_000, bodyBytesMax: 1_000 };

function requestTo(origin: string, changes: Partial<ExchangeRequest> = {}): ExchangeRequest {
  return { url: new URL(origin), method: "GET", headers: [], onOwnConnection: false, ...changes };
}

function openAgent(create: () => Agent = createHttpAgent): Agent {
  const agent = create();
  onTestFinished(() => agent.destroy());
  return agent;
}

it("gives the headers of an answer, a list where one came more than once", async () => {
  const { origin } = await openEndpoint((_request, response) => {
    response.writeHead(429, { "Retry-After": "7", "X-Twice": ["a", "b"] }).end("later");
  });

  const met = await exchange(openAgent(), requestTo(origin), bounds);

  expect(met).toMatchObject({ kind: "response", status: 429, encoded: false, body: "later" });
  expect(met).toHaveProperty(
    "headers",
    expect.objectContaining({ "retry-after": "7", "x-twice": ["a", "b"] }),
  );
});

it.each([
  [
    "the answer after them",
    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
    { kind: "response", status: 200 },
  ],
  ["no answer after them", "", { kind: "failure", failure: { because: "unreachable" } }],
])("does not take early hints for an answer, with %s", async (_what, rest, expected) => {
  const { origin } = await openSocket((socket) => {
    socket.end(`HTTP/1.1 103 Early Hints\r\ncontent-encoding: x\r\nlink: </a>\r\n\r\n${rest}`);
  });

  const met = await exchange(openAgent(), requestTo(origin), bounds);

  expect(met).toMatchObject(expected);
  if (met.kind === "response")
    expect(met).toMatchObject({ encoded: false, headers: { "content-length": "2" } });
  else expect(met).not.toHaveProperty("status");
});

it("is bounded by its own time and not by its dispatcher's", async () => {
  // Undici looks at its own bounds once a second or so.
  const { origin } = await openEndpoint((_request, response) => {
    setTimeout(() => response.writeHead(200).write("o"), 1_300);
    setTimeout(() => response.end("k"), 2_600);
  });
  const hasty = openAgent(() => new Agent({ headersTimeout: 50, bodyTimeout: 50 }));

  const met = await exchange(hasty, requestTo(origin), { ...bounds, timeoutMs: 10_000 });

  expect(met).toMatchObject({ kind: "response", body: "ok" });
});

it("gives the system's own code of a failure", async () => {
  const met = await exchange(openAgent(), requestTo(await openNothing()), bounds);

  expect(met).toMatchObject({ failure: { code: "connection-refused" }, errorCode: "ECONNREFUSED" });
});

it("does not reject at a header that HTTP forbids", async () => {
  const { origin, requests } = await openEndpoint((_request, response) => response.end());
  const request = requestTo(origin, { headers: ["authorization", "Bearer a\r\nb: c"] });

  expect(await exchange(openAgent(), request, bounds)).toMatchObject({ failure: { code: "request-unfit" } });
  expect(requests).toEqual([]);
});

it("does not reject at a dispatcher that was destroyed", async () => {
  const agent = openAgent();
  await agent.destroy();

  expect(await exchange(agent, requestTo(await openNothing()), bounds)).toMatchObject({ kind: "failure" });
});
