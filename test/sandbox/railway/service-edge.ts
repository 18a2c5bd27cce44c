import { request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import { type Listener, listen } from "./listener.ts";

/** Stands in front of a service at a URL that stays, and spreads requests over what serves at the moment. */
export function listenForService(servingUrls: () => readonly string[]): Promise<Listener> {
  let turn = 0;
  return listen((request, response) => {
    const urls = servingUrls();
    const url = urls[turn % urls.length];
    turn += 1;
    if (url === undefined) answerFailed(response);
    else forward(request, response, url);
  });
}

/** No connection is kept, for the process at its other end may be replaced between two requests. */
function forward(request: IncomingMessage, response: ServerResponse, url: string): void {
  const { method, headers } = request;
  const asked = ask(new URL(request.url ?? "/", url), { method, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.once("error", () => response.destroy());
  });
  asked.once("error", () => (response.headersSent ? response.destroy() : answerFailed(response)));
  response.once("close", () => asked.destroy());
  request.pipe(asked);
}

function answerFailed(response: ServerResponse): void {
  const body = { status: "error", code: 502, message: "Application failed to respond" };
  response.writeHead(502, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
