import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpAnswer, HttpRequest } from "./protocol.ts";

/** Twice the largest request that any service takes, Lambda's 1 MiB, so that the service itself refuses what is over. */
const bodyBytesMax = 2 * 1024 * 1024;

/** Answers one request; it never rejects. */
type HttpHandler = (request: HttpRequest) => Promise<HttpAnswer>;

/** A server that is listening on 127.0.0.1. */
export type HttpServer = {
  readonly endpoint: string;
  readonly answerWith: (handler: HttpHandler) => void;
  readonly close: () => Promise<void>;
};

/** Listens on an ephemeral port; who answers is said afterwards, since it may need the address. */
export async function openHttpServer(): Promise<HttpServer> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    answerWith: (handler) => {
      server.on("request", (request, response) => void respond(handler, request, response));
    },
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

async function respond(
  handler: HttpHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) {
    response.writeHead(413, { connection: "close" }).end();
    return;
  }
  const { method = "GET", url: path = "/", headers } = request;
  const answer = await handler({ method, path, headers, body });
  const named = { ...answer.headers, "content-type": answer.type, "x-amzn-requestid": randomUUID() };
  response.writeHead(answer.status, named).end(answer.body);
}

/** Undefined where the body is too long or the caller hung up: nothing more is read then. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += chunk.length;
      if (bytes > bodyBytesMax) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString("utf8");
}
