import { type InvocationRequest, type InvocationResponse, Invoke$ } from "@aws-sdk/client-lambda";
import { AwsError } from "../wire/aws-error.ts";
import { type Checked, defineOperation, type Operation } from "../wire/operation-schema.ts";
import { readPayload } from "./event-payload.ts";
import type { FunctionStore } from "./function-store.ts";

/** Every operation of Lambda that the stand-in answers. */
export function lambdaOperations(store: FunctionStore): Operation[] {
  return [
    defineOperation<InvocationRequest, InvocationResponse>(Invoke$, (input) => invokeLater(store, input)),
  ];
}

/** Asynchronous only: nobody here runs a function and waits for its result. */
function invokeLater(store: FunctionStore, input: Checked<InvocationRequest>): InvocationResponse {
  if (input.InvocationType !== "Event") {
    throw new AwsError("UnknownOperationException", "The stand-in invokes with InvocationType Event only");
  }
  const executionArn = store.accept({
    reference: store.refer(input.FunctionName, input.Qualifier),
    payload: readPayload(input.Payload ?? new Uint8Array()),
    executionName: input.DurableExecutionName,
  });
  return { StatusCode: 202, ...(executionArn !== undefined && { DurableExecutionArn: executionArn }) };
}
