// SPDX-License-Identifier: MIT
import { challengeHeader } from "../protocol/names.ts";
import { type ResponderOptions, readConfiguration } from "./configuration.ts";
import { type Tally, tallyOf } from "./tally.ts";

export type { ResponderOptions, SecretGetter } from "./configuration.ts";
export type { Tally, TallyAnswer, TallyRefusal } from "./tally.ts";

/** What the responder needs of a `node:http` request; Express and Fastify's raw requests fit as well. */
export interface NodeRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What the responder needs of a `node:http` response. */
export interface NodeResponse {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  end(body: string): unknown;
}

export interface Responder {
  /**
   * Gives the member `tally` for a health endpoint's JSON object, or nothing where there is no challenge.
   * Send the answer with `Cache-Control: no-store`. Never throws.
   */
  answer(challenge: string | null | undefined): Promise<Tally | undefined>;
  /** A whole health endpoint for anything that speaks `Request` and `Response`. */
  fetch(request: Request): Promise<Response>;
  /** A whole health endpoint for `node:http`. */
  node(request: NodeRequest, response: NodeResponse): void;
}

const headers = { "content-type": "application/json", "cache-control": "no-store" };

/**
 * Makes a responder of the tally protocol (see PROTOCOL.md beside `../protocol`).
 * @throws ProtocolError `responder-unfit` with every mistake in the options.
 */
export function createResponder(options: ResponderOptions): Responder {
  const configuration = readConfiguration(options);
  const getters = { secrets: options.secrets, stored: options.stored };

  async function answer(challenge: string | null | undefined): Promise<Tally | undefined> {
    if (challenge === null || challenge === undefined) return undefined;
    try {
      return await tallyOf(challenge, configuration, getters);
    } catch {
      return undefined; // A health endpoint must not fall ill of the question; the checker sees that nobody answered it.
    }
  }

  async function health(challenge: string | null | undefined): Promise<string> {
    return JSON.stringify({ status: "ok", tally: await answer(challenge) });
  }

  return {
    answer,
    fetch: async (request) => new Response(await health(request.headers.get(challengeHeader)), { headers }),
    node(request, response) {
      const challenge = request.headers[challengeHeader];
      health(typeof challenge === "object" ? challenge.join() : challenge)
        .then((body) => {
          response.writeHead(200, headers);
          response.end(body);
        })
        .catch(() => {}); // Somebody else, such as a time-out, has answered this request already.
    },
  };
}
