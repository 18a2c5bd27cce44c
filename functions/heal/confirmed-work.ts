import type { HealReport, RepairedHolder } from "../core/report.ts";
import type { ServiceTarget } from "../core/service-plans.ts";

/** What the second judgement found still to be done, in names and ids only. */
export type ConfirmedWork = {
  readonly targets: readonly ConfirmedTarget[];
  readonly servingId: string | null;
  readonly newestId: string | null;
  /** What is left alone, and why. */
  readonly left: readonly HealReport[];
};

/** `was` is what the second judgement found wrong. */
export type ConfirmedTarget = ServiceTarget & { readonly versionId: string; readonly was: RepairedHolder };
