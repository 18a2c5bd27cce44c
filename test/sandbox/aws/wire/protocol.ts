import type { AwsError } from "./aws-error.ts";
import type { Operation } from "./operation-schema.ts";

/** A request as far as HTTP is concerned. */
export type HttpRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

/** An answer as far as HTTP is concerned. */
export type HttpAnswer = {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** How one service's operations are written on the wire. */
export type Protocol = {
  readonly operationName: (request: HttpRequest, operations: Iterable<Operation>) => string;
  readonly readInput: (request: HttpRequest, operation: Operation) => unknown;
  readonly writeAnswer: (operation: Operation, answer: unknown) => HttpAnswer;
  readonly writeError: (error: AwsError) => HttpAnswer;
};
