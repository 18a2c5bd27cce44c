import { type BuildResult, build } from "esbuild";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createHttpAgent } from "../../functions/adapters/http-agent.ts";
import { type Exchange, exchange } from "../../functions/adapters/http-exchange.ts";
import { limits } from "../../functions/core/limits.ts";
import { openSocket } from "./http-endpoint.ts";

/** Undici's root alone is 732 KB; a bump of undici that brings more along has to be looked at. */
const bundleBytesMax = 500_000;

/** What a checker has no use for, by its place in undici; the rest of `web/fetch` comes along for request bodies. */
const useless =
  /undici\/(?:index\.js|lib\/(?:api|cache|interceptor|mock|web\/(?:cache|cookies|eventsource|websocket)|web\/fetch\/(?:index|request|response)\.js))/;

function bundled(entry: string): Promise<BuildResult<{ metafile: true; write: false }>> {
  return build({
    stdin: { contents: `export * from "${entry}";`, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node24",
    mainFields: ["module", "main"],
    metafile: true,
    write: false,
    logLevel: "error",
  });
}

function partsOf({ metafile: { outputs } }: Awaited<ReturnType<typeof bundled>>): readonly string[] {
  return Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
}

describe("the bundled agent", () => {
  let agent: Awaited<ReturnType<typeof bundled>>;

  beforeAll(async () => {
    agent = await bundled("./functions/adapters/http-agent.ts");
  });

  it("brings undici's connections along, and neither its fetch nor its caches, mocks and websockets", () => {
    const parts = partsOf(agent);
    expect(parts.filter((part) => part.endsWith("undici/lib/dispatcher/agent.js"))).toHaveLength(1);
    expect(parts.filter((part) => useless.test(part))).toEqual([]);
  });

  it("would be seen to bring them if it came from undici's root", async () => {
    const parts = partsOf(await bundled("undici"));
    expect(parts.filter((part) => useless.test(part)).length).toBeGreaterThan(20);
  });

  it("stays small", () => {
    const [file] = agent.outputFiles;
    expect(file?.contents.byteLength).toBeGreaterThan(100_000);
    expect(file?.contents.byteLength).toBeLessThan(bundleBytesMax);
  });
});

function ask(origin: string): Promise<Exchange> {
  const dispatcher = createHttpAgent();
  onTestFinished(() => dispatcher.destroy());
  const request = { url: new URL(origin), method: "GET", headers: [], onOwnConnection: false };
  return exchange(dispatcher, request, {
    timeoutMs: 3 * limits.connectTimeoutMs,
    bodyBytesMax: 1_000,
  });
}

it("offers HTTP/1.1 alone when it greets over TLS", async () => {
  const greetings: Buffer[] = [];
  const { origin } = await openSocket((socket, first) => {
    greetings.push(first);
    socket.destroy();
  });

  await ask(origin.replace("http:", "https:"));

  const [greeting] = greetings;
  expect(greeting?.includes("\u0008http/1.1")).toBe(true);
  expect(greeting?.includes("\u0002h2")).toBe(false);
});

it("waits for a connection for less long than for an answer", async () => {
  const { origin } = await openSocket(() => {});
  const beganAtMs = performance.now();

  const met = await ask(origin.replace("http:", "https:"));

  expect(met).toMatchObject({ failure: { code: "connect-timeout" }, errorCode: "UND_ERR_CONNECT_TIMEOUT" });
  expect(performance.now() - beganAtMs).toBeLessThan(2 * limits.connectTimeoutMs);
});
