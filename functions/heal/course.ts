import type { Steps } from "../core/ports.ts";
import type { HeldClaim } from "./held-claim.ts";

/**
 * How a repair goes on, and who hears of it: from within a step, for what stands around one is run once more by
 * every resume.
 */
export interface Course {
  readonly steps: Steps;
  readonly tell: (step: string) => void;
  /** Is held on within the steps. */
  readonly claim: HeldClaim;
  /** Stands after the names of a round's steps, so that those of a second one are others. */
  readonly round: string;
}
