import { randomUUID } from "node:crypto";
import { AwsError } from "../wire/aws-error.ts";
import type { SecretValue } from "./secret.ts";

const valueBytesMax = 65_536;

/** Refuses a name that AWS would refuse. */
export function checkName(name: string): void {
  if (/^[\w/+=.@!-]{1,512}$/.test(name)) return;
  throw new AwsError(
    "ValidationException",
    "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
  );
}

/** The value in a request, if it has one: text or bytes, never both, within AWS's size. */
export function valueIn(text: string | undefined, bytes: Uint8Array | undefined): SecretValue | undefined {
  if (text !== undefined && bytes !== undefined) {
    const message =
      "You can't specify both a binary secret value and a string secret value in the same secret.";
    throw new AwsError("InvalidParameterException", message);
  }
  const size = text === undefined ? bytes?.byteLength : Buffer.byteLength(text);
  if (size === undefined) return undefined;
  checkRange("secret value's length", size, 1, valueBytesMax);
  return text === undefined ? { kind: "bytes", bytes: bytes ?? new Uint8Array() } : { kind: "text", text };
}

/** Refuses a number that is not whole or out of the range which AWS documents for it. */
export function checkRange(what: string, number: number, min: number, max: number): void {
  if (Number.isInteger(number) && number >= min && number <= max) return;
  throw new AwsError("ValidationException", `The ${what} must be between ${min} and ${max}.`);
}

/** A request's token becomes the version's id; one is made where there is none. */
export function versionIdOf(token: string | undefined): string {
  if (token === undefined) return randomUUID();
  if (token.length >= 32 && token.length <= 64) return token;
  throw new AwsError("InvalidParameterException", "ClientRequestToken must be 32-64 characters long.");
}

/** The refusal of a page token that was never given out. */
export function invalidNextToken(): AwsError {
  return new AwsError("InvalidNextTokenException", "The NextToken value is invalid.");
}
