import type { DurableLambdaHandler } from "@aws/durable-execution-sdk-js";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import type { HealOrder } from "../../functions/core/ports.ts";
import type { HealResult } from "../../functions/heal/heal-run.ts";
import { type FunctionBench, type FunctionOptions, openFunction } from "./function-bench.ts";

type Execution = Awaited<ReturnType<LocalDurableTestRunner<HealResult>["run"]>>;

/** The exported handler of the heal function, run by AWS's own local runner. */
interface HealBench extends FunctionBench {
  readonly handler: DurableLambdaHandler;
  /** One execution; all that its history holds is searched for secrets. */
  execute(event: unknown, handler?: DurableLambdaHandler): Promise<Execution>;
}

export async function openHeal(options: FunctionOptions = {}): Promise<HealBench> {
  const bench = await openFunction(options);
  const module = await import("../../functions/heal/handler.ts");
  const own = module.handler as unknown as DurableLambdaHandler;
  return Object.assign(bench, {
    handler: own,
    async execute(event: unknown, handler = own) {
      const runner = new LocalDurableTestRunner<HealResult>({ handlerFunction: handler });
      const execution = await runner.run({ payload: event });
      bench.keep(execution.getHistoryEvents());
      return execution;
    },
  });
}

/** What check orders for a secret of some environments, unless a test says otherwise. */
export function orderFor(...environments: readonly string[]): HealOrder {
  return {
    run: { id: "run-1", trigger: "schedule" },
    claim: { id: "claim-1", startedAtMs: 0 },
    targets: environments.map((environment) => ({ environment, secret: "AUTH", versionId: "version-1" })),
  };
}
