import type { PolicyMode } from "./fleet.ts";
import type { ServiceState } from "./observation.ts";
import type { ActionKind, WithheldReason } from "./remedy.ts";
import type { TruthDiagnosis } from "./truth.ts";

/** What a guard looks at. */
export interface GuardedCase {
  readonly remedy: ActionKind | "by-hand";
  readonly truth?: TruthDiagnosis;
  readonly service?: ServiceState;
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
export function guardOf({ remedy, truth, service, mode, isRejected }: GuardedCase): Withheld | undefined {
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
  return mode === "fix" ? undefined : { reason: "mode" };
}
