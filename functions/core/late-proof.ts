import type { Diagnosis, HolderDiagnosis } from "./diagnosis.ts";
import { hasActed } from "./history-guards.ts";
import type { HealMemory, HealTarget, Remembered } from "./memory.ts";
import type { HealReport } from "./report.ts";
import { isStoredWrong, storedValueVerdict } from "./stored-verdict.ts";

/**
 * Repairs that ended without a proof, or whose execution died, and all of whose targets are seen right now with the
 * version that was pushed. What was repaired once more since is that later repair's to prove.
 */
export function lateProofs(
  { heals }: Remembered,
  { environments }: Diagnosis,
  isUnderWay: (environment: string) => boolean,
): readonly HealMemory[] {
  return heals.filter((heal, index) => {
    const holders = environments.get(heal.environment)?.holders;
    return (
      (heal.end === undefined || heal.end.status === "timed-out") &&
      !isUnderWay(heal.environment) &&
      heal.targets.length > 0 &&
      heal.targets.every((target) => isSeenRight(holders?.get(target.secret), target)) &&
      !heals.slice(index + 1).some((later) => hasActed(later) && isOfSame(later, heal))
    );
  });
}

/** A process that holds the value proves a redeploy; what was only to be stored has to be seen stored. */
function isSeenRight(holder: HolderDiagnosis | undefined, { versionId, was }: HealTarget): boolean {
  if (holder?.verdict.kind !== "in-sync" || holder.verdict.versionId !== versionId) return false;
  const isRedeployed = was !== undefined && was.action !== "set-quietly";
  return isRedeployed ? !isStoredWrong(holder.stored) : storedValueVerdict(holder.stored)?.kind === "in-sync";
}

function isOfSame(one: HealMemory, other: HealMemory): boolean {
  return (
    one.environment === other.environment &&
    one.targets.some(({ secret }) => other.targets.some((target) => target.secret === secret))
  );
}

/** What the run tells that saw it. */
export function lateReport({ environment, targets, startedAtMs }: HealMemory, nowMs: number): HealReport {
  return {
    environment,
    secrets: targets.map(({ secret }) => secret),
    ...{ status: "healed", reason: "verified-later", durationMs: nowMs - startedAtMs },
    was: targets.flatMap(({ was }) => (was === undefined ? [] : [was])),
  };
}
