import type { HealReport, HolderReport } from "./report.ts";
import type { TruthState } from "./truth.ts";

/** States of a secret itself that people are told of. */
export const tellingTruths: ReadonlySet<TruthState> = new Set([
  "placeholder",
  "expired",
  "rejected",
  "verifier-unseen",
  "expiring",
]);

/**
 * What is told of a holder: what is wrong now, or will be at its next start. That a secret is rejected is told of
 * the secret itself.
 */
export function isFinding({ verdict, cause, remedy }: HolderReport): boolean {
  return (
    verdict.kind !== "unknown" && cause !== "rejected" && (cause !== undefined || remedy.kind !== "none")
  );
}

/** Whether somebody else has begun to mend a holder, and will tell the end. */
export function isInFlight({ remedy }: HolderReport, heal: HealReport | undefined): boolean {
  return (
    remedy.withheld?.reason === "in-flight" || (heal?.status === "withheld" && heal.reason === "in-flight")
  );
}

/** What waits for a deployment or a rotation ends by itself. */
export const passingReasons: ReadonlySet<string | undefined> = new Set([
  "deploying",
  "rotation-in-progress",
  "limit",
  "in-flight",
  "cooldown",
]);
