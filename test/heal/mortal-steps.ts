import type { Steps } from "../../functions/core/ports.ts";
import { createInProcessSteps } from "../../functions/heal/in-process-steps.ts";
import type { World } from "../../functions/heal/world.ts";

/** What stands for kill −9: nothing of the run goes on after it. */
export class Death extends Error {}

/** Steps of a run that dies as soon as a step of that name is over. */
export function mortalSteps({ clock }: World, lastStep: "write" | "redeploy"): Steps {
  const living = createInProcessSteps(clock);
  let isDead = false;
  const check = (): void => {
    if (isDead) throw new Death();
  };
  const mortal = (steps: Steps): Steps => ({
    mayBegin: () => steps.mayBegin(),
    async run(name, action) {
      check();
      const result = await steps.run(name, action);
      if (name.startsWith(lastStep)) isDead = true;
      check();
      return result;
    },
    waitUntil: (name, look, initial) =>
      steps.waitUntil(
        name,
        (before) => {
          check();
          return look(before);
        },
        initial,
      ),
    each: (name, items, work) => steps.each(name, items, (own, item) => work(mortal(own), item)),
  });
  return mortal(living);
}
