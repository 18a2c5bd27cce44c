import type { Clock, Look, StepData, Steps } from "../core/ports.ts";

/**
 * Steps that live and die with the process: for the command line, the sandbox and Regions without durable
 * functions. What a crash interrupts is found again by the next check, for nothing is done twice unseen.
 */
export function createInProcessSteps(clock: Clock): Steps {
  return {
    run: (_name, action) => action(),
    async waitUntil<State extends StepData>(
      _name: string,
      look: (before: State) => Promise<Look<State>>,
      initial: State,
    ): Promise<State> {
      let seen = await look(initial);
      while (!seen.done) {
        await clock.sleep(seen.againInMs);
        seen = await look(seen.state);
      }
      return seen.state;
    },
  };
}
