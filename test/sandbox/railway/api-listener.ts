import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Api, ApiRequest } from "./api.ts";
import { type Listener, listen } from "./listener.ts";

const apiPath = "/graphql/v2";

/** Serves the API over HTTP at Railway's path. */
export function listenForApi(api: Api): Promise<Listener> {
  return listen((request, response) => {
    exchange(api, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
}

async function exchange(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
  if (pathname !== apiPath || request.method !== "POST") {
    response.writeHead(404).end();
    return;
  }
  const answer = await api.answer(await readRequest(request, search));
  if (answer === "cut-off") response.destroy();
  else response.writeHead(answer.status, answer.headers).end(answer.body);
}

async function readRequest(request: IncomingMessage, search: string): Promise<ApiRequest> {
  const token = request.headers["project-access-token"];
  return {
    query: search.slice(1),
    credentials: {
      authorization: request.headers.authorization,
      projectAccessToken: Array.isArray(token) ? token[0] : token,
    },
    body: await text(request),
  };
}
