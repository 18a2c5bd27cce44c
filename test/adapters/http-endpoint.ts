import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** What a test's own server saw of one request. */
interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  /** The same for all requests of one connection. */
  readonly port: number | undefined;
}

export interface Endpoint {
  readonly origin: string;
  readonly requests: readonly SeenRequest[];
}

type Answer = (request: IncomingMessage, response: ServerResponse, index: number) => unknown;

/** A real HTTP server on 127.0.0.1 that is closed when the test ends, whatever it still holds open. */
export async function openEndpoint(answer: Answer): Promise<Endpoint> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const { method = "", url: path = "", headers, socket } = request;
    requests.push({ method, path, headers, port: socket.remotePort });
    void answer(request, response, requests.length - 1);
  });
  const origin = await listen(server);
  onTestFinished(() => server.closeAllConnections());
  return { origin, requests };
}

/** A server that speaks anything but HTTP; it answers what it likes to the first bytes of each connection. */
export async function openSocket(answer: (socket: Socket, first: Buffer) => void): Promise<Endpoint> {
  const server = createSocketServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (first) => answer(socket, first));
    onTestFinished(() => void socket.destroy());
  });
  return { origin: await listen(server), requests: [] };
}

/** An address where nobody listens: it was somebody's a moment ago. */
export async function openNothing(): Promise<string> {
  const server = createSocketServer();
  const origin = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return origin;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
