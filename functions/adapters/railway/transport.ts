import type { Dispatcher } from "undici";
import { railwaySource, settings } from "../../contract.ts";
import { TallystickError } from "../../core/errors.ts";
import { limits } from "../../core/limits.ts";
import { exchange, type Exchange as HttpExchange } from "../http-exchange.ts";
import { transportFailures } from "../transport-failure.ts";

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
  const bounds = { timeoutMs: requestTimeoutMs, bodyBytesMax: limits.railwayBodyBytesMax };
  return async (headers, payload) => {
    const request = {
      url,
      method: "POST",
      headers: Object.entries({ ...jsonHeaders, ...headers }).flat(),
      body: JSON.stringify(payload),
      onOwnConnection: false,
    };
    return railwayExchange(await exchange(dispatcher, request, bounds));
  };
}

const jsonHeaders = { "content-type": "application/json", accept: "application/json" };

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

function railwayExchange(met: HttpExchange): Exchange {
  if (met.kind === "failure") return unanswered(met);
  const { status, headers, body } = met;
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === "string" ? value : undefined;
  };
  return { kind: "answered", status, header, body };
}

function unanswered({ failure, errorCode }: Extract<HttpExchange, { kind: "failure" }>): Exchange {
  if (failure === transportFailures.tooLong) return { kind: "oversized" };
  const because = failure.because === "timeout" ? "timeout" : "network";
  return { kind: "unanswered", because, ...(errorCode !== undefined && { word: errorCode }) };
}
