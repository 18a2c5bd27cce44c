import { isLoopback } from "../core/fleet-references.ts";
import type { Secret } from "../protocol/secret.ts";

/**
 * Whether nobody on the way can read what is sent. The fleet's own check says the same; a secret goes out here,
 * so it is asked once more where it does.
 */
export function isPrivate(url: URL, allowHttp: boolean): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && (allowHttp || isLoopback(url.hostname)));
}

/** Receivers trim outer blanks and disagree on anything beyond ASCII: what arrives would be another value. */
const headerValue = /^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/;

/** Whether an HTTP header brings the value over unchanged (RFC 9110, section 5.5). */
export function fitsHeader(value: Secret): boolean {
  return value.satisfies((text) => headerValue.test(text));
}
