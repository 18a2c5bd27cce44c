import { TallystickError } from "../../core/errors.ts";
import { limits } from "../../core/limits.ts";

/** How many requests one run may still send, repeated ones included. */
export class CallBudget {
  #left: number = limits.railwayCallsPerRunMax;

  /** @throws TallystickError `railway-budget-spent` */
  take(): void {
    if (this.#left === 0) {
      throw new TallystickError(
        "railway-budget-spent",
        `This run has made its ${limits.railwayCallsPerRunMax} calls to Railway: the next run goes on. Check fewer environments at once if it happens again`,
        { retryable: true },
      );
    }
    this.#left -= 1;
  }
}
