import type { SilenceReason } from "../core/observation.ts";

/** Why no whole HTTP answer came, in words of ours: an error's own text may quote what the other side sent. */
export interface TransportFailure {
  readonly because: Extract<SilenceReason, "unreachable" | "timeout" | "malformed">;
  readonly code: string;
  /** Completes a sentence that begins with the endpoint. */
  readonly words: string;
}

export const transportFailures = {
  connectTimeout: {
    because: "timeout",
    code: "connect-timeout",
    words: "took no connection within its time",
  },
  headTimeout: { because: "timeout", code: "answer-timeout", words: "gave no answer within its time" },
  bodyTimeout: { because: "timeout", code: "body-timeout", words: "did not end its answer within its time" },
  tooLong: { because: "malformed", code: "body-too-long", words: "answered with a body that is too long" },
  brokenHttp: { because: "malformed", code: "broken-http", words: "answered with broken HTTP" },
  refused: { because: "unreachable", code: "connection-refused", words: "refused the connection" },
  reset: {
    because: "unreachable",
    code: "connection-reset",
    words: "closed the connection before its answer",
  },
  unknownHost: {
    because: "unreachable",
    code: "host-unknown",
    words: "has a host name that DNS does not know",
  },
  noRoute: { because: "unreachable", code: "no-route", words: "cannot be reached over the network" },
  unsendable: {
    because: "unreachable",
    code: "request-unfit",
    words: "could not be asked: HTTP forbids a header",
  },
  other: { because: "unreachable", code: "connection-failed", words: "could not be reached" },
} as const satisfies Readonly<Record<string, TransportFailure>>;

const byErrorCode = new Map<string, TransportFailure>([
  ["UND_ERR_CONNECT_TIMEOUT", transportFailures.connectTimeout],
  ["ETIMEDOUT", transportFailures.connectTimeout],
  ["UND_ERR_HEADERS_TIMEOUT", transportFailures.headTimeout],
  ["UND_ERR_BODY_TIMEOUT", transportFailures.bodyTimeout],
  ["UND_ERR_HEADERS_OVERFLOW", transportFailures.brokenHttp],
  ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", transportFailures.brokenHttp],
  ["UND_ERR_RES_EXCEEDED_MAX_SIZE", transportFailures.tooLong],
  ["ECONNREFUSED", transportFailures.refused],
  ["ECONNRESET", transportFailures.reset],
  ["EPIPE", transportFailures.reset],
  ["UND_ERR_SOCKET", transportFailures.reset],
  ["ENOTFOUND", transportFailures.unknownHost],
  ["EAI_AGAIN", transportFailures.unknownHost],
  ["EHOSTUNREACH", transportFailures.noRoute],
  ["ENETUNREACH", transportFailures.noRoute],
  ["UND_ERR_INVALID_ARG", transportFailures.unsendable],
  ["UND_ERR_NOT_SUPPORTED", transportFailures.unsendable],
]);

const ofTls =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO)[A-Z0-9_]{0,60}$/;

/** Goes by the error's name and code alone. */
export function transportFailureOf(error: unknown): TransportFailure {
  // Some of the parser's errors have no code; all of them carry the bytes that they could not read.
  if (error instanceof Error && error.name === "HTTPParserError") return transportFailures.brokenHttp;
  const code = errorCodeOf(error) ?? "";
  if (ofTls.test(code)) return tlsFailure(code);
  return byErrorCode.get(code) ?? transportFailures.other;
}

/** It may be anything, since not only the system gives errors their codes. */
export function errorCodeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** OpenSSL's own code is kept: "expired" and "other host" are mended by different people. */
function tlsFailure(code: string): TransportFailure {
  const word = code.toLowerCase().replaceAll("_", "-");
  return { because: "unreachable", code: word, words: "has no TLS certificate that can be trusted" };
}
