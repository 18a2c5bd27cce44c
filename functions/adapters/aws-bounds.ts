import { limits } from "../core/limits.ts";

/**
 * What every AWS client here is made with. `requestTimeout` alone would only log a warning and wait on:
 * `throwOnRequestTimeout` makes it a bound (@smithy/types, NodeHttpHandlerOptions).
 */
export const awsClientBounds = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: limits.connectTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    throwOnRequestTimeout: true,
  },
} as const;

/** One call with all its attempts and the pauses between them. */
const awsCallTimeoutMs = 20_000;

/** The options of one call: bounds it even where an answer's body trickles for ever. */
export function awsCallBounds(): { readonly abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(awsCallTimeoutMs) };
}
