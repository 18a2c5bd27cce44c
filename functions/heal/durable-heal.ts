import { type DurableLambdaHandler, withDurableExecution } from "@aws/durable-execution-sdk-js";
import { createHttpAgent } from "../adapters/http-agent.ts";
import { TokenKinds } from "../adapters/railway/token-kinds.ts";
import { TallystickError } from "../core/errors.ts";
import { compose } from "./composition.ts";
import { createDurableSteps } from "./durable-steps.ts";
import { readHealOrder } from "./event.ts";
import { readFleetAsset } from "./fleet-asset.ts";
import { type HealParts, logHealing, recordReport } from "./heal-record.ts";
import { runHeal } from "./heal-run.ts";

type HttpAgent = ReturnType<typeof createHttpAgent>;

/**
 * The heal function as a durable execution: Lambda resumes it after each wait and after a crash. What is wrong with
 * an order or a setting ends the execution; what may pass, as a seed that cannot be read just now, ends only the
 * invocation, and Lambda makes another: a repair by halves is not given up for it.
 * Every invocation has connections of its own, closed when it is suspended: a frozen one would be dead when thawed.
 */
export function createDurableHeal(parts: HealParts): DurableLambdaHandler {
  const kinds = new TokenKinds();
  return async function heal(invocation, lambdaContext) {
    const dispatcher = createHttpAgent();
    const passing = Promise.withResolvers<never>();
    const execute = withDurableExecution(async (event: unknown, context) => {
      const order = readHealOrder(event);
      const opened = openWorld(parts, dispatcher, kinds);
      const { world, notifier, logUrlOf } = await opened.catch((error: unknown) => {
        if (!(error instanceof TallystickError && error.retryable)) throw error;
        passing.reject(error);
        return new Promise<never>(() => {});
      });
      const steps = createDurableSteps(context);
      return await runHeal(world, {
        ...{ order, steps, notifier, logUrlOf },
        onReport: (report) => recordReport(parts, report),
      });
    });
    try {
      return await Promise.race([execute(invocation, lambdaContext), passing.promise]);
    } finally {
      await dispatcher.destroy();
    }
  };
}

async function openWorld({ logger, variables }: HealParts, dispatcher: HttpAgent, kinds: TokenKinds) {
  const composition = compose(variables, { ownMemory: false, kinds });
  const fleet = await readFleetAsset(variables);
  const world = await composition.createWorld(fleet, dispatcher, (progress) => logHealing(logger, progress));
  const { notifier, logUrlOf } = composition;
  return { world, notifier, logUrlOf };
}
