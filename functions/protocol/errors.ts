// SPDX-License-Identifier: MIT

/** What can be wrong with what a caller hands to the protocol. Compare the code, never the message. */
export type ProtocolErrorCode =
  | "value-malformed"
  | "place-malformed"
  | "seed-unfit"
  | "public-key-unfit"
  | "challenge-unfit"
  | "responder-unfit"
  | "secret-examination-failed";

/** A caller's mistake, told without the value that it was made with. Nothing that arrives over the wire throws. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
