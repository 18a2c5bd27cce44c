import { Agent } from "undici";
import { limits } from "../core/limits.ts";

/** How long the parts of a request may take, in milliseconds. */
export interface HttpAgentOptions {
  /** @default - limits.connectTimeoutMs */
  readonly connectTimeoutMs?: number;
  /** Silence before the head of an answer, and between two pieces of its body. @default - limits.requestTimeoutMs */
  readonly silenceTimeoutMs?: number;
  /** Certificate authorities trusted beside the machine's own, in PEM. */
  readonly ca?: string;
}

/**
 * Makes the pool of connections that health endpoints and capabilities are asked over. Make one for each run and
 * close it after: a connection that was kept while a function was frozen looks alive and is not.
 * HTTP/1.1 only, since HTTP/2 would carry all asks over one connection, and so to one replica.
 */
export function createHttpAgent(options: HttpAgentOptions = {}): Agent {
  const { connectTimeoutMs = limits.connectTimeoutMs, silenceTimeoutMs = limits.requestTimeoutMs } = options;
  return new Agent({
    connect: { timeout: connectTimeoutMs, ...(options.ca !== undefined && { ca: options.ca }) },
    headersTimeout: silenceTimeoutMs,
    bodyTimeout: silenceTimeoutMs,
    allowH2: false,
  });
}
