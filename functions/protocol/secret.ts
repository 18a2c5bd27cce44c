// SPDX-License-Identifier: MIT
import { createHash, timingSafeEqual } from "node:crypto";

import { ProtocolError } from "./errors.ts";

const redacted = "[secret]";

/**
 * A text that does not print: every road from a value to a log line ends in `[secret]` or in nothing.
 * `reveal` is the one way out, so that a search for it finds every place where a value is handled.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  /** Makes other secrets of this one's text. What `transform` throws is replaced: it may quote the text. */
  derive(transform: (text: string) => readonly string[]): Secret[] {
    return this.#examine(transform).map((text) => new Secret(text));
  }

  /** Asks about the text. What `predicate` throws is replaced: it may quote the text. */
  satisfies(predicate: (text: string) => boolean): boolean {
    return this.#examine(predicate);
  }

  /** Compares in constant time, lengths included. */
  equals(other: Secret): boolean {
    return timingSafeEqual(digest(this.#text), digest(other.#text));
  }

  #examine<Result>(examine: (text: string) => Result): Result {
    try {
      return examine(this.#text);
    } catch {
      // `JSON.parse` quotes its input in its message, and a cause would be printed: neither may pass.
      throw new ProtocolError(
        "secret-examination-failed",
        "a function that examined a secret threw an error",
      );
    }
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [Symbol.toPrimitive](): string {
    return redacted;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return redacted;
  }
}

/** UTF-16 keeps lone surrogates apart; UTF-8 would make one replacement character of them all. */
function digest(text: string): Uint8Array {
  return createHash("sha256").update(Buffer.from(text, "utf16le")).digest();
}
