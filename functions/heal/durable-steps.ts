import type { DurableContext, DurableLogger } from "@aws/durable-execution-sdk-js";
import { limits } from "../core/limits.ts";
import type { Look, StepData, Steps } from "../core/ports.ts";

/**
 * Steps of a durable execution (AWS Lambda developer guide, "Durable functions"): each finished one is kept by
 * Lambda and not done again, and a wait costs nothing. What a step returns is stored and can be read by who may
 * read the execution's history, so it is names and ids only.
 */
export function createDurableSteps(context: DurableContext<DurableLogger>): Steps {
  return {
    mayBegin: () => true,
    // A step's failures are its result; what it throws all the same is a fault that a second try would repeat.
    run: (name, action) => context.step(name, action, { retryStrategy: () => ({ shouldRetry: false }) }),
    async waitUntil<State extends StepData>(
      name: string,
      look: (before: State) => Promise<Look<State>>,
      initial: State,
    ): Promise<State> {
      const initialState: Look<State> = { done: false, state: initial, againInMs: 0 };
      const last = await context.waitForCondition(name, ({ state }: Look<State>) => look(state), {
        initialState,
        waitStrategy: (seen) =>
          seen.done
            ? { shouldContinue: false }
            : { shouldContinue: true, delay: { seconds: wholeSeconds(seen.againInMs) } },
      });
      return last.state;
    },
    async each(name, items, work) {
      const batch = await context.map(
        name,
        [...items],
        (child, item) => work(createDurableSteps(child), item),
        { maxConcurrency: limits.healsAtOnceMax },
      );
      batch.throwIfError();
      return batch.getResults();
    },
  };
}

/** Lambda waits whole seconds, and one at least. */
function wholeSeconds(durationMs: number): number {
  return Math.max(1, Math.ceil(durationMs / 1_000));
}
