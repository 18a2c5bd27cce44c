import { createHash } from "node:crypto";
import type { HealOrder } from "../core/ports.ts";

/**
 * The name of a repair's execution, 64 hex digits: the same for the same targets, versions and serving deployments
 * in the same attempt, so that none is started twice. Made of names and ids, never of a value or a fingerprint.
 */
export function executionName(
  targets: HealOrder["targets"],
  servingIds: readonly string[],
  attempt: string,
): string {
  const wanted = targets.map(({ environment, secret, versionId }) => [environment, secret, versionId]);
  const parts = [wanted.map((each) => JSON.stringify(each)).sort(), [...servingIds].sort(), attempt];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
