import type { Context } from "aws-lambda";
import type { Report } from "../../functions/core/report.ts";
import { type FunctionBench, type FunctionOptions, openFunction } from "../heal/function-bench.ts";

type Invoke = (event: unknown, context: Partial<Context>) => Promise<unknown>;

/** The exported handler of the check function as Lambda loads it. */
interface HandlerBench extends FunctionBench {
  /** Gives what the handler returns, or rejects as it does. */
  invoke(event: unknown): Promise<unknown>;
  /** An event that has to come to a report. */
  report(event: unknown): Promise<Report>;
}

export async function openHandler(options: FunctionOptions = {}): Promise<HandlerBench> {
  const bench = await openFunction(options);
  const { handler } = await import("../../functions/check/handler.ts");
  const invoke = async (event: unknown): Promise<unknown> => {
    try {
      return bench.keep(await (handler as unknown as Invoke)(event, context));
    } catch (error) {
      throw bench.keep(error);
    }
  };
  return Object.assign(bench, { invoke, report: async (event: unknown) => (await invoke(event)) as Report });
}

const context: Partial<Context> = {
  functionName: "tallystick-check",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:eu-west-1:111122223333:function:tallystick-check",
  memoryLimitInMB: "512",
  awsRequestId: "request-1",
};
