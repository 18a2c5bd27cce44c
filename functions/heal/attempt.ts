import { TallystickError } from "../core/errors.ts";
import type { HealReason } from "../core/heal-outcome.ts";

/** Why a step did not come to its result; plain data, made of our own words alone. */
export type Failure = { readonly kind: "failure"; readonly reason: HealReason; readonly detail: string };

/**
 * Makes what an action throws its result. It belongs inside a step: around one it would also catch what a durable
 * runtime throws to suspend the work.
 */
export async function attempt<Result>(action: () => Promise<Result>): Promise<Result | Failure> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof TallystickError)
      return { kind: "failure", reason: error.code, detail: error.message };
    const detail = "an unexpected error stopped the repair; the next check judges anew";
    return { kind: "failure", reason: "run-failed", detail };
  }
}

export function isFailure(result: object): result is Failure {
  return "kind" in result && result.kind === "failure";
}
