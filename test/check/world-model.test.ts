import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RandomWorld } from "./random-world.ts";
import { type Deed, deeds, deedsPerLife, type WorldShape, worldShape } from "./world-deeds.ts";

const isSlow = process.env["SLOW"] === "1";
const numRuns = isSlow ? 60 : 10;
const timeoutMs = isSlow ? 3_600_000 : 600_000;
/** A gate does not throw dice: other worlds are lived with SLOW=1, or with a SEED of one's own. */
const seed = process.env["SEED"] ?? (isSlow ? undefined : "20261122");
const path = process.env["SEED_PATH"];

/** Lives a whole life; gives how many steps it took. */
async function live(shape: WorldShape, life: readonly Deed[]): Promise<number> {
  const world = await RandomWorld.open(shape);
  let steps = 0;
  let present: Deed | undefined;
  try {
    for (const deed of life) {
      present = deed;
      await world.live(deed);
      steps += 1;
    }
    present = undefined;
    await world.expectCalmEnd();
  } catch (error) {
    const when =
      present === undefined ? "in the calm at the end" : `at deed ${steps}, ${JSON.stringify(present)}`;
    throw new Error(`${when}: ${error instanceof Error ? error.message : ""}`, { cause: error });
  } finally {
    await world.close();
  }
  return steps;
}

describe("a random world of services, hosts, people, faults, crashes and ticks at once", () => {
  it(
    `is never pushed to without need or too often, is told of once, and ends in sync: ${numRuns * deedsPerLife} steps`,
    async () => {
      let steps = 0;
      await fc.assert(
        fc.asyncProperty(worldShape, deeds, async (shape, life) => {
          steps += await live(shape, life);
        }),
        {
          ...{ numRuns, interruptAfterTimeLimit: timeoutMs * 0.8, markInterruptAsFailure: false },
          // Who reproduces a failure has the time to make it smaller.
          endOnFailure: process.env["SEED"] === undefined,
          ...(seed !== undefined && { seed: Number(seed) }),
          ...(path !== undefined && { path }),
        },
      );
      if (path === undefined) expect(steps).toBe(numRuns * deedsPerLife);
    },
    timeoutMs,
  );
});
