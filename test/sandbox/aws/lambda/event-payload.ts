import { AwsError } from "../wire/aws-error.ts";

/** The limit of an asynchronous invocation. */
const payloadBytesMax = 1024 * 1024;

/** An event as it was sent, and what it says. */
export type EventPayload = { readonly text: string; readonly event: unknown };

/** Reads an event; none at all is an empty one. */
export function readPayload(bytes: Uint8Array): EventPayload {
  // Documented as RequestTooLargeException; what AWS sends has the older name.
  if (bytes.byteLength > payloadBytesMax) {
    const message = `${bytes.byteLength} byte payload is too large for the Event invocation type (limit ${payloadBytesMax} bytes)`;
    throw new AwsError("RequestEntityTooLargeException", message, 413);
  }
  const text = bytes.byteLength === 0 ? "{}" : Buffer.from(bytes).toString();
  return { text, event: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the payload.
    throw new AwsError("InvalidRequestContentException", "Could not parse request body into json");
  }
}
