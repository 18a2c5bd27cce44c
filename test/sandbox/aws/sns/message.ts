import { randomUUID } from "node:crypto";
import type { PublishInput } from "@aws-sdk/client-sns";
import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";

/** A message attribute; a binary one is carried as base64. */
export type MessageAttribute = { readonly type: string; readonly value: string };

/** The ways in which the stand-in delivers. */
export type DeliveryProtocol = "http" | "https" | "email";

/** A message that SNS accepted. */
export type Message = {
  readonly id: string;
  readonly subject: string | undefined;
  readonly bodies: Readonly<Record<string, string>> & { readonly default: string };
  readonly attributes: ReadonlyMap<string, MessageAttribute>;
};

/** What Publish and each entry of PublishBatch have in common. */
export type MessageRequest = Pick<PublishInput, "Subject" | "MessageStructure" | "MessageAttributes"> & {
  readonly Message: string;
};

/** The length of body and attributes together that SNS takes in one request. */
export const messageBytesMax = 256 * 1024;

const bodiesByProtocol = z.record(z.string(), z.unknown());

/** Refuses a message that it cannot send. */
export function invalidParameter(reason: string): AwsError {
  return new AwsError("InvalidParameter", `Invalid parameter: ${reason}`);
}

/** Accepts a message under SNS's rules. */
export function acceptMessage(request: MessageRequest): Message {
  if (request.Message === "") throw invalidParameter("Empty message");
  checkSubject(request.Subject);
  if (bytesOf(request) > messageBytesMax) throw invalidParameter("Message too long");
  return {
    id: randomUUID(),
    subject: request.Subject,
    bodies: readBodies(request.Message, request.MessageStructure),
    attributes: readAttributes(request.MessageAttributes),
  };
}

/** How much of the limit a message takes. */
export function bytesOf({ Message, MessageAttributes = {} }: MessageRequest): number {
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { DataType = "", StringValue = "", BinaryValue = "" }]) =>
      Buffer.byteLength(name + DataType + StringValue) + BinaryValue.length,
  );
  return attributes.reduce((total, bytes) => total + bytes, Buffer.byteLength(Message));
}

/** The body for one way of delivery. */
export function bodyFor({ bodies }: Message, protocol: DeliveryProtocol): string {
  return bodies[protocol] ?? bodies.default;
}

function checkSubject(subject: string | undefined): void {
  if (subject === undefined) return;
  const fits = subject !== "" && subject.length <= 100 && !/[\p{Cc}\u2028\u2029]/u.test(subject);
  if (!fits) throw invalidParameter("Subject");
}

function readBodies(text: string, structure: string | undefined): Message["bodies"] {
  if (structure === undefined) return { default: text };
  if (structure !== "json") throw invalidParameter("MessageStructure");
  const entries = Object.entries(parseBodies(text)).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  const { default: fallback, ...bodies } = Object.fromEntries(entries);
  if (fallback === undefined) {
    throw invalidParameter("Message Structure - No default entry in JSON message body");
  }
  return { ...bodies, default: fallback };
}

function parseBodies(text: string): Record<string, unknown> {
  try {
    return bodiesByProtocol.parse(JSON.parse(text));
  } catch {
    // The parser's own message quotes the text.
    throw invalidParameter("Message Structure - JSON message body failed to parse");
  }
}

function readAttributes(attributes: PublishInput["MessageAttributes"] = {}): Map<string, MessageAttribute> {
  return new Map(
    Object.entries(attributes).map(([name, { DataType = "", StringValue, BinaryValue }]) => {
      if (!/^(String|String\.Array|Number|Binary)(\.|$)/.test(DataType)) throw invalidValue(name, "type");
      const value = DataType.startsWith("Binary")
        ? BinaryValue && Buffer.from(BinaryValue).toString("base64")
        : StringValue;
      if (!value) throw invalidValue(name, "value");
      return [name, { type: DataType, value }];
    }),
  );
}

function invalidValue(attribute: string, what: string): AwsError {
  return new AwsError(
    "ParameterValueInvalid",
    `The message attribute '${attribute}' has an invalid ${what}.`,
  );
}
