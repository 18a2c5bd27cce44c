// SPDX-License-Identifier: MIT

/** Four characters are three bytes; the last character of a shorter group must leave its unused bits at zero. */
const canonical = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/** Decodes base64url without padding (RFC 4648 section 5); only the canonical encoding counts as one. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!canonical.test(text)) return undefined;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
