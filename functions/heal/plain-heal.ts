import type { Context } from "aws-lambda";
import { compose } from "./composition.ts";
import { readHealOrder } from "./event.ts";
import { readFleetAsset } from "./fleet-asset.ts";
import { type HealParts, logHealing, recordReport } from "./heal-record.ts";
import { type HealResult, runHeal } from "./heal-run.ts";
import { createInProcessSteps } from "./in-process-steps.ts";

/** What is left of an invocation's time for the last look and for telling people. */
const reserveMs = 60_000;

/**
 * The heal function for a Region without durable functions: it waits within its one invocation. What is not proven
 * when the time is over is told as not proven, and the next check looks again.
 */
export function createPlainHeal(parts: HealParts) {
  return async function heal(event: unknown, context: Context): Promise<HealResult> {
    const order = readHealOrder(event);
    const composition = compose(parts.variables, { ownMemory: false });
    const fleet = await readFleetAsset(parts.variables);
    const deadlineMs = composition.clock.now() + context.getRemainingTimeInMillis() - reserveMs;
    const steps = createInProcessSteps(composition.clock, deadlineMs);
    return await composition.withWorld(
      fleet,
      (progress) => logHealing(parts.logger, progress),
      (world) =>
        runHeal(world, {
          order,
          steps,
          notifier: composition.notifier,
          logUrlOf: composition.logUrlOf,
          onReport: (report) => recordReport(parts, report),
        }),
    );
  };
}
