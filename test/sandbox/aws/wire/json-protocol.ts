import { AwsError } from "./aws-error.ts";
import type { HttpAnswer, Protocol } from "./protocol.ts";

const targetPrefix = "secretsmanager.";

/** awsJson1.1, as Secrets Manager speaks it. */
export const jsonProtocol: Protocol = {
  operationName: ({ headers }) => String(headers["x-amz-target"]).replace(targetPrefix, ""),
  readInput: ({ body }) => parseBody(body),
  writeAnswer: (_operation, answer) => json(200, answer),
  writeError: (error) => json(error.status, { __type: error.code, Message: error.message }),
};

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The parser's own message quotes the body, which may hold a value.
    throw new AwsError("SerializationException", "The body is not JSON");
  }
}

function json(status: number, body: unknown): HttpAnswer {
  return { status, type: "application/x-amz-json-1.1", body: JSON.stringify(body) };
}
