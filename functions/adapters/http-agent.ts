// Undici's root requires all of undici, of which a bundle then carries its fetch, caches and mocks as well.
import Agent from "undici/lib/dispatcher/agent.js";
import { limits } from "../core/limits.ts";

/**
 * Makes the pool of connections that health endpoints and capabilities are asked over. Make one for each run and
 * destroy it after: a connection that was kept while a function was frozen looks alive and is not.
 * HTTP/1.1 only, since HTTP/2 would carry all asks over one connection, and so to one replica.
 */
export function createHttpAgent(): Agent {
  return new Agent({ connect: { timeout: limits.connectTimeoutMs }, allowH2: false });
}
