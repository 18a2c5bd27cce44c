import type { PolicyMode } from "./fleet.ts";
import { limits } from "./limits.ts";
import type { ServiceState } from "./observation.ts";
import type { ActionKind, WithheldReason } from "./remedy.ts";
import { isoTime } from "./time.ts";
import type { TruthDiagnosis } from "./truth.ts";
import { minuteWords } from "./wording.ts";

/** What a guard looks at. */
export interface GuardedCase {
  readonly remedy: ActionKind | "by-hand";
  readonly truth?: TruthDiagnosis;
  readonly service?: ServiceState;
  /** Variables that a redeploy would ship though nobody deployed them, by Railway's names. @default none */
  readonly otherChanges?: readonly string[];
  readonly mode: PolicyMode;
  /** The remedy is to issue a new secret, so that what the source holds now does not matter. */
  readonly isRejected: boolean;
}

export interface Withheld {
  readonly reason: WithheldReason;
  readonly detail?: string;
}

/**
 * The first guard that stands against a remedy, the gravest first: a run that only looks still tells that the
 * source looks wrong. A person's steps are held back where following them would spread a value that may be wrong.
 */
export function guardOf(one: GuardedCase): Withheld | undefined {
  const { remedy, truth, service, mode, isRejected } = one;
  if (truth?.suspicion !== undefined && !isRejected) {
    return { reason: "source-suspect", detail: truth.suspicion };
  }
  if (service?.kind === "wrong-token" && remedy !== "by-hand") {
    return { reason: "wrong-token", detail: service.detail };
  }
  if (service?.kind === "unseen" && remedy !== "by-hand") return { reason: "unseen", detail: service.detail };
  if (truth?.rotation === "in-progress") return { reason: "rotation-in-progress" };
  if (remedy === "by-hand") return undefined;
  if (service?.kind === "seen" && service.deploying) return { reason: "deploying" };
  return othersPending(one) ?? scarceCalls(service) ?? (mode === "fix" ? undefined : { reason: "mode" });
}

const namesToldMax = 5;

function othersPending({ remedy, otherChanges = [] }: GuardedCase): Withheld | undefined {
  if (remedy === "set-quietly" || otherChanges.length === 0) return undefined;
  const told = otherChanges.slice(0, namesToldMax).join(", ");
  const more = otherChanges.length > namesToldMax ? ` and ${otherChanges.length - namesToldMax} more` : "";
  return {
    reason: "others-pending",
    detail: `it would also ship what was changed and not deployed: ${told}${more}`,
  };
}

/** A repair that Railway would stop in the middle is not begun. */
function scarceCalls(service: ServiceState | undefined): Withheld | undefined {
  const quota = service?.kind === "seen" ? service.quota : undefined;
  if (quota === undefined || quota.callsLeft >= limits.railwayCallsPerRepairMax) return undefined;
  return {
    reason: "limit",
    detail: `Railway allows ${quota.callsLeft} more calls until ${minuteWords(isoTime(quota.untilMs))}, and a repair may take ${limits.railwayCallsPerRepairMax}`,
  };
}
