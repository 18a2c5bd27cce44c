import type { HealReason } from "../core/heal-outcome.ts";
import { limits } from "../core/limits.ts";
import type { HealClaim } from "../core/memory.ts";
import type { Clock } from "../core/ports.ts";
import { attempt, isFailure } from "./attempt.ts";
import type { World } from "./world.ts";

/** The claim under which a repair goes on. */
export interface HeldClaim {
  /**
   * Holds it for longer, from within a step: another run takes what is not held, so that a repair that has lost its
   * claim stops before it changes anything.
   */
  hold(): Promise<Hold>;
}

/** `unsure`: the memory does not answer, and what was held may have run out. */
type Hold = "held" | "lost" | "unsure";

/** Where nothing outlives a run, nobody else can know of a claim. */
export const unclaimed: HeldClaim = { hold: async () => "held" };

/** Holds what was claimed for a repair: all of its services together, whichever of them is being mended. */
export function createHeldClaim(
  { memory, clock }: Pick<World, "memory" | "clock">,
  { id, services, startedAtMs }: Pick<HealClaim, "id" | "services" | "startedAtMs">,
): HeldClaim {
  if (memory === undefined) return unclaimed;
  let heldUntilMs = startedAtMs + limits.healClaimMs;
  return {
    async hold() {
      const untilMs = clock.now() + limits.healClaimMs;
      const renewed = await attempt(async () => ({ is: await memory.renewHeal({ id, services, untilMs }) }));
      // Nobody can have taken what has not run out yet, so a memory that fails in passing stops nothing.
      if (isFailure(renewed)) return heldUntilMs - clock.now() > limits.healRenewMs ? "held" : "unsure";
      if (renewed.is === "lost") return "lost";
      heldUntilMs = untilMs;
      return "held";
    },
  };
}

/** Holds a claim while something is waited for, not at every look; gives when it was held last. */
export async function holdMeanwhile(claim: HeldClaim, clock: Clock, heldAtMs: number): Promise<number> {
  if (clock.now() - heldAtMs < limits.healRenewMs) return heldAtMs;
  await claim.hold();
  return clock.now();
}

/** Why nothing more is changed; undefined where the claim is held. */
export async function lossOf(
  claim: HeldClaim,
): Promise<{ readonly reason: HealReason; readonly detail: string } | undefined> {
  const hold = await claim.hold();
  switch (hold) {
    case "held":
      return undefined;
    case "lost":
      return {
        reason: "in-flight",
        detail: "another run has begun to repair the same service, so this repair goes no further",
      };
    case "unsure":
      return {
        reason: "no-memory",
        detail:
          "the memory does not say whether another run repairs the same, so this repair goes no further",
      };
    default:
      return hold satisfies never;
  }
}
