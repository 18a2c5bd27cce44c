import { type DurableLambdaHandler, withDurableExecution } from "@aws/durable-execution-sdk-js";
import { createHttpAgent } from "../adapters/http-agent.ts";
import { compose } from "./composition.ts";
import { createDurableSteps } from "./durable-steps.ts";
import { readHealOrder } from "./event.ts";
import { readFleetAsset } from "./fleet-asset.ts";
import { type HealParts, logHealing, recordReport } from "./heal-record.ts";
import { runHeal } from "./heal-run.ts";

/**
 * The heal function as a durable execution: Lambda resumes it after each wait and after a crash. Whatever fails
 * fails inside of the execution, for what an invocation itself throws Lambda would try again without an end.
 * Every invocation has connections of its own, closed when it is suspended: a frozen one would be dead when thawed.
 */
export function createDurableHeal(parts: HealParts): DurableLambdaHandler {
  return async function heal(invocation, lambdaContext) {
    const dispatcher = createHttpAgent();
    const execute = withDurableExecution(async (event: unknown, context) => {
      const order = readHealOrder(event);
      const composition = compose(parts.variables);
      const fleet = await readFleetAsset(parts.variables);
      const world = await composition.createWorld(fleet, dispatcher, (progress) =>
        logHealing(parts.logger, progress),
      );
      return await runHeal(world, {
        order,
        steps: createDurableSteps(context),
        notifier: composition.notifier,
        onReport: (report) => recordReport(parts, report),
      });
    });
    try {
      return await execute(invocation, lambdaContext);
    } finally {
      await dispatcher.destroy();
    }
  };
}
