import type { HealOutcome } from "../core/heal-outcome.ts";
import type { ServiceTarget } from "../core/plan.ts";

/** What the second judgement found still to be done, in names and ids only. */
export type ConfirmedWork = {
  readonly targets: readonly ConfirmedTarget[];
  readonly servingId: string | null;
  readonly outcomes: readonly HealOutcome[];
};

export type ConfirmedTarget = ServiceTarget & { readonly versionId: string };
