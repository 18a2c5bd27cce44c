import { limits } from "../core/limits.ts";
import type { Observation } from "../core/observation.ts";
import { look } from "./observer.ts";
import type { World } from "./world.ts";

/** What was seen of the whole fleet, and whether it was looked at for who asks now. */
export interface SightOfAll {
  readonly observation: Observation;
  readonly isFresh: boolean;
}

/**
 * What was seen of the whole fleet, looked at anew once it is too old: whether a source looks wrong is told by all of
 * its holders, but every service of a plan asking all of them would cost calls by the square of their number.
 */
export function createSightOfAll(world: World, initial?: Observation): () => Promise<SightOfAll> {
  const { clock, fleet } = world;
  let last = initial && { atMs: clock.now(), observation: Promise.resolve(initial) };
  return async () => {
    const isFresh = last === undefined || clock.now() - last.atMs > limits.sightAgeMsMax;
    if (last === undefined || isFresh) {
      const observation = look(world, { fleet, probe: false }).then((sight) => sight.observation);
      last = { atMs: clock.now(), observation };
    }
    return { observation: await last.observation, isFresh };
  };
}
