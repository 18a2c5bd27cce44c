import type { ErrorCode } from "./errors.ts";
import type { WithheldReason } from "./remedy.ts";

/** How a heal ends; `started` is one that goes on after this run. */
export type HealStatus = "started" | "healed" | "failed" | "timed-out" | "superseded" | "withheld";

/**
 * Why a heal did not end with `healed`, or not in its own time, where it is neither a guard's nor an error's own word.
 * @internal
 */
export const healReasons = [
  "already-right",
  "only-by-hand",
  "truth-changed",
  "not-redeployable",
  "not-written",
  "deployment-failed",
  "deployment-stuck",
  "deployment-slow",
  "deployment-replaced",
  "verification-failed",
  "unproven",
  "verified-later",
] as const;

export type HealReason = (typeof healReasons)[number] | WithheldReason | ErrorCode;
