import type { Act } from "../act.ts";
import type { StageOptions } from "../stage.ts";

/** One story: what happens, and what the run has to come to. Promises are kept by reports, never by the story. */
export interface Scenario {
  readonly name: string;
  /** One line for the list. */
  readonly story: string;
  readonly stage?: StageOptions;
  readonly play: (act: Act) => Promise<void>;
}
