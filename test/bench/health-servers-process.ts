/**
 * The environments of the benchmark, in a process of their own. They answer as cheaply as an answer can be made
 * (no signature is checked), so that it is the checker that is measured and not they.
 */
import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

const serversMax = 16;
const values: Readonly<Record<string, string>> = JSON.parse(process.env["BENCH_VALUES"] ?? "{}");

function fingerprint(value: string, environment: string, name: string, nonce: string): string {
  return createHmac("sha256", value).update(`tally/v1\n${environment}\n${name}\n${nonce}`).digest("hex");
}

function tally(challenge: string, environment: string): object {
  const [, payload = ""] = challenge.split(".", 2);
  const { jti }: { jti: string } = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  const running = Object.entries(values).map(([name, value]) => [
    name,
    fingerprint(value, environment, name, jti),
  ]);
  return {
    version: 1,
    environment,
    instance: environment,
    startedAt: "2026-11-22T10:00:00Z",
    challenge: jti,
    echo: fingerprint("tally/v1", environment, "_echo", jti),
    running: Object.fromEntries(running),
  };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const environment = (request.url ?? "").slice(1);
  const challenge = request.headers["tally-challenge"];
  const body = JSON.stringify({
    status: "ok",
    ...(typeof challenge === "string" && { tally: tally(challenge, environment) }),
  });
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}

const listening = Array.from({ length: serversMax }, async () => {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
});
process.send?.(await Promise.all(listening));
process.on("disconnect", () => process.exit(0));
