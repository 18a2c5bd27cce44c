/**
 * One service of the sandbox, a process of its own: the application of the incident, which reads its secrets
 * from its environment as it starts, and answers health by the responder.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createResponder } from "../../functions/responder/index.ts";
import { isIssued } from "./issuer.ts";

const variables: Readonly<Record<string, string | undefined>> = { ...process.env };
const internalSecret = variables["INTERNAL_AUTH_SECRET"];
const gatewayToken = variables["OPENCLAW_GATEWAY_TOKEN"];

/** How far this host's clock is off. */
const clockOffsetMs = Number(variables["SANDBOX_CLOCK_OFFSET_MS"] ?? 0);

const responder = createResponder({
  environment: variables["SANDBOX_ENVIRONMENT"] ?? "",
  publicKeys: [variables["SANDBOX_PUBLIC_KEY"] ?? ""],
  now: () => Date.now() + clockOffsetMs,
  secrets: {
    INTERNAL_AUTH_SECRET: () => internalSecret,
    OPENCLAW_GATEWAY_TOKEN: () => gatewayToken,
  },
});

type Route = (request: IncomingMessage) => number;

/** `sessions_list` needs the gateway's token, `app-nudge-evening` the internal secret, `skills` nothing. */
const routes: Readonly<Record<string, Route>> = {
  "/tools/invoke": ({ headers }) => (isAccepted(headers.authorization) ? 200 : 401),
  "/api/nudge/check": ({ headers }) =>
    internalSecret !== undefined && headers["x-internal-secret"] === internalSecret ? 200 : 403,
  "/skills": () => 200,
};

/** A gateway takes the token that it was started with, as long as its issuer stands by it. */
function isAccepted(authorization: string | undefined): boolean {
  if (gatewayToken === undefined || authorization !== `Bearer ${gatewayToken}`) return false;
  const issuerFile = variables["SANDBOX_ISSUER_FILE"];
  return issuerFile === undefined || isIssued(issuerFile, gatewayToken);
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? "").split("?", 1).join("");
  if (path === "/health") {
    responder.node(request, response);
    return;
  }
  const route = routes[path];
  request.resume();
  response.writeHead(route === undefined ? 404 : route(request), { "content-type": "application/json" });
  response.end("{}");
}

const server = createServer(answer);
server.listen(Number(variables["PORT"] ?? 0), "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
