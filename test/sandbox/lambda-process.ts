/** Runs the exported handler as Lambda would: in a process of its own, one event after the other, its log on stdout. */
import type { Context } from "aws-lambda";
import type { Invocation, InvocationResult } from "./lambda.ts";

const context: Context = {
  callbackWaitsForEmptyEventLoop: true,
  functionName: "tallystick-check",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:eu-west-1:111122223333:function:tallystick-check",
  memoryLimitInMB: "512",
  awsRequestId: "sandbox",
  logGroupName: "/aws/lambda/tallystick-check",
  logStreamName: "sandbox",
  getRemainingTimeInMillis: () => 900_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

/** The source's own handler, unless another file is named: what a synthesised asset has. */
const { handler } = await import(process.argv[2] ?? "../../functions/check/handler.ts");

type Invoke = (event: unknown, context: Context) => Promise<unknown>;

async function invoke({ id, event }: Invocation): Promise<InvocationResult> {
  try {
    return { id, kind: "returned", result: await (handler as Invoke)(event, context) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error("not an error");
    return { id, kind: "failed", error: { name, message } };
  }
}

process.on("message", (message: Invocation) => {
  void invoke(message).then((result) => process.send?.(result));
});
process.on("disconnect", () => process.exit(0));
process.send?.({ id: 0, kind: "returned", result: "ready" } satisfies InvocationResult);
