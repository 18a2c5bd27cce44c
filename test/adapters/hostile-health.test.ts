import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { expectNoCanary } from "../canaries.ts";
import { hearAt, impatient, responder, sendJson, token } from "./health-bed.ts";
import { openEndpoint, openNothing, openSocket } from "./http-endpoint.ts";

it("cuts a body of 10 MB off", async () => {
  let sent = 0;
  const piece = Buffer.alloc(65_536, "x");
  const { origin } = await openEndpoint((_request, response) => {
    const more = () => {
      while (sent < 10_000_000 && !response.destroyed) {
        sent += piece.length;
        if (!response.write(piece)) return;
      }
      response.end();
    };
    response.on("drain", more);
    more();
  });

  expect(await hearAt(origin)).toMatchObject({ because: "malformed", code: "body-too-long" });
  expect(sent).toBeLessThan(10_000_000);
});

it("does not wait for a body that never ends, though it never pauses either", async () => {
  const { origin } = await openEndpoint((_request, response) => {
    response.write("{");
    const drip = setInterval(() => response.write(" "), 10);
    response.on("close", () => clearInterval(drip));
  });

  expect(await hearAt(origin, { bounds: impatient })).toMatchObject({
    because: "timeout",
    code: "body-timeout",
  });
});

it("does not wait for an answer that never comes", async () => {
  const { origin } = await openEndpoint(() => {});

  expect(await hearAt(origin, { bounds: impatient })).toMatchObject({
    because: "timeout",
    code: "answer-timeout",
  });
});

it("does not wait for a head that drips", async () => {
  const { origin } = await openSocket((socket) => {
    socket.write("HTTP/1.1 200 OK\r\n");
    const drip = setInterval(() => socket.write("x: y\r\n"), 10);
    socket.on("close", () => clearInterval(drip));
  });

  expect(await hearAt(origin, { bounds: impatient })).toMatchObject({ because: "timeout" });
});

it("bounds the whole hearing where instance after instance is slow", async () => {
  const { origin, requests } = await openEndpoint(() => {});
  const entry = { instances: 50, allowHttp: false, health: `${origin}/health` };

  const hearing = await hearAt(origin, {
    question: { entry },
    bounds: { requestTimeoutMs: 100, hearingTimeoutMs: 150 },
  });

  expect(hearing).toMatchObject({ because: "timeout" });
  expect(requests.length).toBeLessThanOrEqual(16);
});

it.each([301, 302, 303, 307, 308])("does not follow a redirect (HTTP %i)", async (status) => {
  const thief = await openEndpoint((_request, response) => sendJson(response, {}));
  const { origin } = await openEndpoint((_request, response) => {
    response.writeHead(status, { location: `${thief.origin}/health` }).end();
  });

  const hearing = await hearAt(origin);

  expect(hearing).toMatchObject({ kind: "silent", because: "malformed", code: `http-${status}` });
  expect(hearing).toHaveProperty("detail", expect.not.stringContaining(thief.origin));
  expect(thief.requests).toEqual([]);
});

it("does not unpack a gzip bomb", async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000, " "));
  const { origin } = await openEndpoint((_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
  });

  expect(await hearAt(origin)).toMatchObject({ kind: "silent", because: "malformed" });
});

it("says of a small compressed answer that it is compressed", async () => {
  const { origin } = await openEndpoint((_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("{}"));
  });

  expect(await hearAt(origin)).toMatchObject({ because: "malformed", code: "content-encoded" });
});

it("calls a connection that is reset within the body unreachable", async () => {
  const { origin } = await openEndpoint((_request, response) => {
    response.writeHead(200, { "transfer-encoding": "chunked" });
    response.write('{"tally":', () => response.socket?.resetAndDestroy());
  });

  expect(await hearAt(origin)).toMatchObject({ because: "unreachable", code: "connection-reset" });
});

it("calls a body that is shorter than announced broken", async () => {
  const { origin } = await openSocket((socket) => {
    socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}");
  });

  expect(await hearAt(origin)).toMatchObject({ kind: "silent" });
});

it.each([
  ["garbage", "\u0000\u0001\u0002 not HTTP\r\n\r\n"],
  ["an oversized head", `HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}\r\n\r\n`],
  ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}"],
])("calls %s malformed", async (_what, bytes) => {
  const { origin } = await openSocket((socket) => void socket.end(bytes));

  expect(await hearAt(origin)).toMatchObject({ kind: "silent", because: "malformed", code: "broken-http" });
});

it.each([
  ["an upgrade nobody asked for", "HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"],
  ["nothing at all", ""],
])("is silent at %s", async (_what, bytes) => {
  const { origin } = await openSocket((socket) => void socket.end(bytes));

  expect(await hearAt(origin)).toMatchObject({ kind: "silent", because: "unreachable" });
});

it("says that nobody listens", async () => {
  expect(await hearAt(await openNothing())).toMatchObject({
    because: "unreachable",
    code: "connection-refused",
  });
});

it("says that a host's name is not known", async () => {
  expect(await hearAt("https://tallystick.invalid")).toMatchObject({
    because: "unreachable",
    code: "host-unknown",
  });
});

it("says that TLS failed, with OpenSSL's own code for it", async () => {
  const { origin } = await openEndpoint((_request, response) => sendJson(response, {}));

  const hearing = await hearAt(origin.replace("http:", "https:"));

  expect(hearing).toMatchObject({
    because: "unreachable",
    code: expect.stringMatching(/^(?:eproto|err-ssl)/),
  });
  expect(hearing).toHaveProperty("detail", expect.stringContaining("TLS"));
});

const lie = (change: (tally: Record<string, unknown>) => unknown) =>
  openEndpoint(async (request, response) => {
    const tally = await responder().answer(String(request.headers["tally-challenge"]));
    sendJson(response, { tally: change({ ...tally }) });
  });

it.each([
  { lies: "another name", because: "malformed", change: { environment: "mac-mini" } },
  { lies: "a cached answer", because: "stale", change: { challenge: "A".repeat(22) } },
  { lies: "a wrong echo", because: "faulty", change: { echo: "0".repeat(64) } },
  { lies: "a value in the clear", because: "malformed", change: { running: { TOKEN: token } } },
  { lies: "a value as its instance", because: "malformed", change: { instance: `${token}\n` } },
  { lies: "another version", because: "malformed", change: { version: 2 } },
  { lies: "a value as its refusal", because: "malformed", change: { error: token } },
])("hears $because at $lies", async ({ because, change }) => {
  const { origin } = await lie((tally) => ({ ...tally, ...change }));

  const hearing = await hearAt(origin);

  expect(hearing).toMatchObject({ kind: "silent", because });
  expectNoCanary(hearing, [token]);
});

it("repeats neither the challenge nor anything that the other side sent", async () => {
  const challenges: string[] = [];
  const { origin } = await openEndpoint((request, response) => {
    const challenge = String(request.headers["tally-challenge"]);
    challenges.push(challenge);
    response.writeHead(400, token, { "x-echo": token }).end(`${challenge} ${token}`);
  });

  const hearing = await hearAt(origin);

  expect(challenges).toHaveLength(1);
  expectNoCanary(hearing, [token, ...challenges]);
});

it("never throws, whatever bytes are the body", async () => {
  let body: Uint8Array = new Uint8Array();
  const { origin } = await openEndpoint((_request, response) => void response.end(body));
  const pieces = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((text) => Buffer.from(`{"tally":${text}}`)),
    fc.json().map((text) => Buffer.from(`{"tally":{"version":1,"running":${text}}}`)),
  );

  await fc.assert(
    fc.asyncProperty(pieces, async (bytes) => {
      body = bytes;
      expect(await hearAt(origin)).toMatchObject({ kind: "silent" });
    }),
    { numRuns: 150 },
  );
});
