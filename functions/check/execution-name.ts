import { createHash } from "node:crypto";
import type { HealOrder } from "../core/ports.ts";
import { isoTime } from "../core/time.ts";

/**
 * The name of a repair's execution, 64 hex digits: the same for the same targets, versions and serving deployments
 * on the same day (UTC), so that what was started by itself is not started again, and another as soon as there is
 * something new to try, or a person asks for it. Made of names and ids, never of a value or a fingerprint.
 */
export function executionName(
  { targets, run }: HealOrder,
  servingIds: readonly string[],
  nowMs: number,
): string {
  const wanted = targets.map(({ environment, secret, versionId }) => [environment, secret, versionId]);
  const attempt = run.trigger === "manual" ? run.id : dayOf(nowMs);
  const parts = [wanted.map((each) => JSON.stringify(each)).sort(), [...servingIds].sort(), attempt];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function dayOf(timeMs: number): string {
  return isoTime(timeMs).slice(0, "2026-11-22".length);
}
