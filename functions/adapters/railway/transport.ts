import { type Dispatcher, request } from "undici";
import { railwaySource, settings } from "../../contract.ts";
import { TallystickError } from "../../core/errors.ts";
import { limits } from "../../core/limits.ts";

/** What became of one HTTP request. */
export type Exchange =
  | {
      readonly kind: "answered";
      readonly status: number;
      /** A header that came once, by its lower-case name. */
      readonly header: (name: string) => string | undefined;
      readonly body: string;
    }
  /** `word` is the system's own, such as `ECONNREFUSED`; it is not safe to print as it is. */
  | { readonly kind: "unanswered"; readonly because: "timeout" | "network"; readonly word?: string }
  | { readonly kind: "oversized" };

/** Where requests go, and over what. */
export interface PostOptions {
  /** The API's address; `?source=` is added. */
  readonly apiUrl: string;
  readonly dispatcher: Dispatcher;
  /** A whole request, its answer included. @default limits.railwayRequestTimeoutMs */
  readonly requestTimeoutMs?: number;
}

/** Posts one JSON document. Never throws: what went wrong is part of the exchange. */
export type Post = (headers: Readonly<Record<string, string>>, payload: object) => Promise<Exchange>;

/**
 * Bounded in time and in bytes; a redirect is an answer like any other, so that no token is carried elsewhere.
 * @throws TallystickError `setting-invalid` for an address that a token must not be sent to
 */
export function createPost({
  apiUrl,
  dispatcher,
  requestTimeoutMs = limits.railwayRequestTimeoutMs,
}: PostOptions): Post {
  const url = endpointOf(apiUrl);
  return async (headers, payload) => {
    try {
      const answer = await request(url, {
        dispatcher,
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json", ...headers },
        body: JSON.stringify(payload),
        // One bound for all of it: the dispatcher's own are meant for health endpoints, which are quicker.
        signal: AbortSignal.timeout(requestTimeoutMs),
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const body = await readBounded(answer.body);
      if (body === undefined) return { kind: "oversized" };
      return { kind: "answered", status: answer.statusCode, header: headerOf(answer.headers), body };
    } catch (error) {
      return unanswered(error);
    }
  };
}

/**
 * Requests without a query string meet Cloudflare's limit of 10 a second and are then shut out for up to a day
 * (terraform-provider-railway PR 55, citing Railway's staff).
 */
function endpointOf(apiUrl: string): URL {
  const url = URL.parse(apiUrl);
  if (url === null || !isTrusted(url) || url.username !== "" || url.password !== "") {
    throw new TallystickError(
      "setting-invalid",
      `${settings.railwayApiUrl} has to be an https URL without user name and password (http only for this machine itself): the token is sent there`,
    );
  }
  url.searchParams.set("source", railwaySource);
  return url;
}

function isTrusted({ protocol, hostname }: URL): boolean {
  if (protocol === "https:") return true;
  return protocol === "http:" && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

async function readBounded(body: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // Leaving the loop ends the connection: what is too long is not read to its end.
    if (bytes > limits.railwayBodyBytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function headerOf(headers: Readonly<Record<string, string | string[] | undefined>>) {
  return (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === "string" ? value : undefined;
  };
}

/** Only the error's own word is kept: a parser's error carries the bytes of the answer. */
function unanswered(error: unknown): Exchange {
  if (!(error instanceof Error)) return { kind: "unanswered", because: "network" };
  const word = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const isTimeout = error.name === "TimeoutError" || word?.endsWith("_TIMEOUT") === true;
  const because = isTimeout ? "timeout" : "network";
  return { kind: "unanswered", because, ...(word !== undefined && { word }) };
}
