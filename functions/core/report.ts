import { reportSchema } from "../contract.ts";
import type { Cause } from "./cause.ts";
import type { CapabilityDiagnosis, Diagnosis, EnvironmentNote, HolderDiagnosis } from "./diagnosis.ts";
import type { PolicyMode } from "./fleet.ts";
import type { HealReason, HealStatus } from "./heal-outcome.ts";
import type { Evidence } from "./judgement.ts";
import type { Recollection } from "./recollection.ts";
import type { ActionKind, Remedies, Remedy, WithheldReason } from "./remedy.ts";
import { isStoredWrong, type StoredVerdict } from "./stored-verdict.ts";
import { isoTime } from "./time.ts";
import type { TruthDiagnosis, TruthState } from "./truth.ts";
import { type HeldVerdict, isWrong, type Verdict } from "./verdict.ts";

/** What a whole run comes to; the worst wins. */
export type RunStatus = "failed" | "drifted" | "unknown" | "in-sync";

/** What started a run. */
export type Trigger = "schedule" | "label" | "manual" | "cli";

type RunReport = {
  readonly id: string;
  readonly trigger: Trigger;
  readonly mode: PolicyMode;
  readonly startedAt: string;
  readonly durationMs: number;
  /** What environments have to trust; absent where nothing is asked, so that no seed is needed. */
  readonly publicKey?: string;
  /** What was before could not be read, so that nothing is repaired. */
  readonly memory?: "unreadable";
};

export type SecretReport = {
  readonly name: string;
  /** Absent where the source could not be read. `activatedAt` is when we saw it become current, if we did. */
  readonly version?: { readonly id: string; readonly activatedAt?: string; readonly createdAt?: string };
  readonly truth: TruthState;
  readonly expiresAt?: string;
  readonly rotation?: "in-progress" | "stuck";
  /** Why it is not read, or why nothing is pushed from it. */
  readonly detail?: string;
};

type Dated<Judged> = Judged extends { readonly replacedAtMs?: number }
  ? Omit<Judged, "replacedAtMs"> & { readonly replacedAt?: string }
  : Judged;

export type HeldVerdictReport = Dated<HeldVerdict>;
export type VerdictReport =
  | Dated<Exclude<Verdict, { kind: "split" }>>
  | {
      readonly kind: "split";
      readonly instances: readonly { readonly instance: string; readonly verdict: HeldVerdictReport }[];
    };
export type StoredReport =
  | Dated<Exclude<StoredVerdict, { kind: "reference" | "inherited" }>>
  | { readonly kind: "reference"; readonly to?: string; readonly holds?: HeldVerdictReport }
  | { readonly kind: "inherited"; readonly holds?: HeldVerdictReport };

type RemedyReport = {
  readonly kind: Remedy["kind"];
  readonly steps?: readonly string[];
  readonly withheld?: {
    readonly reason: WithheldReason;
    readonly wouldBe: ActionKind | "by-hand";
    readonly detail?: string;
  };
};

export type HolderReport = {
  readonly name: string;
  readonly verdict: VerdictReport;
  readonly stored?: StoredReport;
  /** What the verdict stands on. */
  readonly evidence?: Evidence;
  readonly cause?: Cause;
  /** Since when it has been so, as far as is remembered. */
  readonly since?: string;
  /** Until when it was known to be right; told by the run that was the first to find it wrong, where it is known. */
  readonly rightUntil?: string;
  readonly remedy: RemedyReport;
};

export type CapabilityReport = {
  readonly name: string;
  readonly status: "works" | "denied" | "broken" | "unknown";
  readonly dependsOn: readonly string[];
  readonly httpStatus?: number;
  readonly because?: string;
};

export type EnvironmentReport = {
  readonly name: string;
  /** Absent where there are none. */
  readonly notes?: readonly EnvironmentNote[];
  readonly secrets: readonly HolderReport[];
  readonly capabilities: readonly CapabilityReport[];
};

/** What was wrong before a heal, so that the report tells what was repaired and why. */
export type RepairedHolder = {
  readonly secret: string;
  readonly verdict: VerdictReport;
  readonly cause?: Cause;
  readonly action: ActionKind;
};

/** How one environment's repair ended, or that it was started. Plain data, so that it can be a step's result. */
export type HealReport = {
  readonly environment: string;
  readonly secrets: readonly string[];
  readonly status: HealStatus;
  readonly reason?: HealReason;
  /** One sentence for people. */
  readonly detail?: string;
  /** What a healed one was proven by: the new process's own answer, else the new deployment's snapshot. */
  readonly evidence?: Evidence;
  readonly durationMs?: number;
  /** Since when what was healed had been wrong, as far as is remembered. */
  readonly wrongSince?: string;
  /** A new deployment was started for it, whatever came of that. */
  readonly redeployed?: true;
  /** The name of the execution that goes on after this run. */
  readonly execution?: string;
  readonly was: readonly RepairedHolder[];
};

/** What callers see: never a value, never a fingerprint. */
export type Report = {
  readonly schema: typeof reportSchema;
  readonly run: RunReport;
  readonly status: RunStatus;
  readonly secrets: readonly SecretReport[];
  readonly environments: readonly EnvironmentReport[];
  readonly heals: readonly HealReport[];
};

export interface ReportParts {
  readonly run: RunReport;
  /** Judged after the heals. */
  readonly diagnosis: Diagnosis;
  readonly remedies: Remedies;
  readonly heals: readonly HealReport[];
  /** @default nothing is known of the time before */
  readonly recollection?: Recollection;
}

/** Puts a report together; its order is the fleet's. */
export function reportOf({ run, diagnosis, remedies, heals, recollection }: ReportParts): Report {
  return {
    schema: reportSchema,
    run,
    status: statusOf(diagnosis),
    secrets: [...diagnosis.secrets].map(([name, truth]) =>
      secretReport(name, truth, recollection?.activated.get(name)),
    ),
    environments: [...diagnosis.environments].map(([name, { notes, holders, capabilities }]) => ({
      name,
      ...(notes.length > 0 && { notes }),
      secrets: [...holders].map(([secret, holder]) =>
        holderReport(secret, holder, {
          remedy: remedies.get(name)?.get(secret) ?? { kind: "none" },
          sinceMs: recollection?.since.get(name)?.get(secret),
          rightUntilMs: recollection?.rightUntil?.get(name)?.get(secret),
        }),
      ),
      capabilities: [...capabilities].map(([capability, seen]) => capabilityReport(capability, seen)),
    })),
    heals,
  };
}

/** A run that could read no truth at all has not done its work; else the worst of what was seen. */
function statusOf({ secrets, environments }: Diagnosis): RunStatus {
  const truths = [...secrets.values()];
  if (truths.length > 0 && truths.every(({ state }) => state === "unknown")) return "failed";
  const all = [...environments.values()];
  const holders = all.flatMap((environment) => [...environment.holders.values()]);
  const capabilities = all.flatMap((environment) => [...environment.capabilities.values()]);
  const drifted =
    holders.some((holder) => isWrong(holder.verdict) || isLatent(holder)) ||
    capabilities.some(({ result }) => result.kind === "denied") ||
    truths.some(({ state }) => state === "expired" || state === "rejected");
  if (drifted) return "drifted";
  const unknown =
    holders.some(({ verdict }) => verdict.kind === "unknown") ||
    capabilities.some(({ result }) => result.kind === "unknown") ||
    truths.some(({ state }) => state === "unknown");
  return unknown ? "unknown" : "in-sync";
}

function isLatent({ verdict, stored }: HolderDiagnosis): boolean {
  return verdict.kind !== "unknown" && isStoredWrong(stored);
}

/** The command line's exit code for a status; 3 is a mistake in the call or the fleet. */
export const exitCodes = {
  "in-sync": 0,
  drifted: 1,
  unknown: 2,
  failed: 4,
} as const satisfies Record<RunStatus, number>;

export const exitCodeOfMistake = 3;

function secretReport(name: string, truth: TruthDiagnosis, activatedAtMs: number | undefined): SecretReport {
  const { version, expiresAtMs, rotation } = truth;
  const detail = truth.detail ?? truth.suspicion;
  return {
    name,
    ...(version !== undefined && {
      version: {
        id: version.id,
        ...(activatedAtMs !== undefined && { activatedAt: isoTime(activatedAtMs) }),
        ...(version.createdAtMs !== undefined && { createdAt: isoTime(version.createdAtMs) }),
      },
    }),
    truth: truth.state,
    ...(expiresAtMs !== undefined && { expiresAt: isoTime(expiresAtMs) }),
    ...(rotation !== "none" && { rotation }),
    ...(detail !== undefined && { detail }),
  };
}

interface HolderContext {
  readonly remedy: Remedy;
  readonly sinceMs: number | undefined;
  readonly rightUntilMs: number | undefined;
}

function holderReport(
  name: string,
  holder: HolderDiagnosis,
  { remedy, sinceMs, rightUntilMs }: HolderContext,
): HolderReport {
  const { verdict, stored, cause, evidence } = holder;
  return {
    name,
    verdict: verdictReport(verdict),
    ...(stored !== undefined && { stored: storedReport(stored) }),
    ...(evidence !== undefined && { evidence }),
    ...(cause !== undefined && { cause }),
    ...(sinceMs !== undefined && { since: isoTime(sinceMs) }),
    ...(rightUntilMs !== undefined && { rightUntil: isoTime(rightUntilMs) }),
    remedy: remedyReport(remedy),
  };
}

/** A verdict as it is told: times in ISO 8601. */
export function verdictReport(verdict: Verdict): VerdictReport {
  if (verdict.kind !== "split") return dated(verdict) as VerdictReport;
  const instances = verdict.instances.map((each) => ({
    instance: each.instance,
    verdict: dated(each.verdict) as HeldVerdictReport,
  }));
  return { kind: "split", instances };
}

function storedReport(stored: StoredVerdict): StoredReport {
  if (stored.kind !== "reference" && stored.kind !== "inherited") return dated(stored) as StoredReport;
  const { holds, ...link } = stored;
  return { ...link, ...(holds !== undefined && { holds: dated(holds) as HeldVerdictReport }) };
}

function dated(judged: Exclude<Verdict, { kind: "split" }> | StoredVerdict): object {
  if (judged.kind !== "behind") return judged;
  const { replacedAtMs, ...rest } = judged;
  return { ...rest, ...(replacedAtMs !== undefined && { replacedAt: isoTime(replacedAtMs) }) };
}

function remedyReport(remedy: Remedy): RemedyReport {
  switch (remedy.kind) {
    case "by-hand":
      return { kind: remedy.kind, steps: remedy.steps };
    case "withheld": {
      const { reason, wouldBe, detail } = remedy;
      return { kind: "withheld", withheld: { reason, wouldBe, ...(detail !== undefined && { detail }) } };
    }
    default:
      return { kind: remedy.kind };
  }
}

function capabilityReport(name: string, { result, dependsOn }: CapabilityDiagnosis): CapabilityReport {
  return {
    name,
    status: result.kind,
    dependsOn,
    ...(result.kind === "unknown" ? { because: result.because } : { httpStatus: result.httpStatus }),
  };
}
