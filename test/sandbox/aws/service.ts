import type { Faults } from "./faults.ts";
import { type RequestRecord, recordOf } from "./request-log.ts";
import { AwsError } from "./wire/aws-error.ts";
import type { Operation } from "./wire/operation-schema.ts";
import type { HttpAnswer, HttpRequest, Protocol } from "./wire/protocol.ts";

/** One AWS service: its operations by name and how they are written. */
export type Service = { readonly protocol: Protocol; readonly operations: ReadonlyMap<string, Operation> };

/** What every request meets on its way, and where a fault of the stand-in itself is kept. */
export type Desk = { readonly faults: Faults; readonly requests: RequestRecord[]; readonly bugs: unknown[] };

/** Makes a service of a protocol and a list of operations. */
export function serviceOf(protocol: Protocol, operations: readonly Operation[]): Service {
  return { protocol, operations: new Map(operations.map((operation) => [operation.name, operation])) };
}

/** Answers one request: known, checked, recorded, led into its planted faults, carried out, checked again. */
export async function serve(
  { protocol, operations }: Service,
  request: HttpRequest,
  desk: Desk,
): Promise<HttpAnswer> {
  try {
    const operation = operations.get(protocol.operationName(request, operations.values()));
    if (operation === undefined) {
      throw new AwsError("UnknownOperationException", "The stand-in does not know this operation");
    }
    const call = operation.prepare(protocol.readInput(request, operation));
    desk.requests.push(recordOf(operation.name, call.input));
    await desk.faults.meet(operation.name);
    return protocol.writeAnswer(operation, await call.answer());
  } catch (error) {
    if (error instanceof AwsError) return protocol.writeError(error);
    desk.bugs.push(error);
    return protocol.writeError(
      new AwsError("InternalFailure", "The stand-in is at fault: see what close() throws", 500),
    );
  }
}
