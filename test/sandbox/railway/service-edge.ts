import { request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import { type Listener, listen } from "./listener.ts";

/** What serves at the moment, after it has been woken; a job has no application that could be found. */
export type FindServing = () => Promise<readonly string[] | "no-application">;

/** Stands in front of a service at a URL that stays, and spreads requests over what serves at the moment. */
export function listenForService(findServing: FindServing): Promise<Listener> {
  let turn = 0;
  return listen(async (request, response) => {
    const serving = await findServing();
    if (serving === "no-application") {
      answerError(response, 404, "Application not found");
      return;
    }
    const url = serving[turn % serving.length];
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
  answerError(response, 502, "Application failed to respond");
}

function answerError(response: ServerResponse, code: number, message: string): void {
  const body = { status: "error", code, message };
  response.writeHead(code, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
