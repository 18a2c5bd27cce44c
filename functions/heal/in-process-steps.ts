import pMap from "p-map";
import { limits } from "../core/limits.ts";
import type { Clock, Look, StepData, Steps } from "../core/ports.ts";

/**
 * Steps that live and die with the process: for the command line, the sandbox and Regions without durable
 * functions. What a crash interrupts is found again by the next check, for nothing is done twice unseen.
 * A wait that would last beyond `deadlineMs` (epoch) ends with what was seen last: not proven, and the next check
 * looks again.
 */
export function createInProcessSteps(clock: Clock, deadlineMs = Number.POSITIVE_INFINITY): Steps {
  const steps: Steps = {
    mayBegin: () => clock.now() + limits.healBeginMs < deadlineMs,
    run: (_name, action) => action(),
    async waitUntil<State extends StepData>(
      _name: string,
      look: (before: State) => Promise<Look<State>>,
      initial: State,
    ): Promise<State> {
      let seen = await look(initial);
      while (!seen.done && clock.now() + seen.againInMs < deadlineMs) {
        await clock.sleep(seen.againInMs);
        seen = await look(seen.state);
      }
      return seen.state;
    },
    each: (_name, items, work) =>
      pMap(items, (item) => work(steps, item), { concurrency: limits.healsAtOnceMax }),
  };
  return steps;
}
