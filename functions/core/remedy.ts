/** Why a remedy that is known is not carried out now; `explain` knows each. The later ones need memory. @internal */
export const withheldReasons = [
  "source-suspect",
  "wrong-token",
  "unseen",
  "rotation-in-progress",
  "deploying",
  "others-pending",
  "canary",
  "limit",
  "in-flight",
  "cooldown",
  "daily-cap",
  "fighting",
  "no-memory",
  "mode",
] as const;

export type WithheldReason = (typeof withheldReasons)[number];

/** What a repair would do; `by-hand` is a person's. */
export const actionKinds = ["redeploy", "set-and-redeploy", "set-quietly"] as const;

export type ActionKind = (typeof actionKinds)[number];

/** What is to be done about one secret in one environment. */
export type Remedy =
  | { readonly kind: "none" }
  | { readonly kind: ActionKind }
  | { readonly kind: "by-hand"; readonly steps: readonly string[] }
  | {
      readonly kind: "withheld";
      readonly reason: WithheldReason;
      readonly wouldBe: ActionKind | "by-hand";
      readonly detail?: string;
    };

/** @internal */
export const remedyKinds = [
  "none",
  ...actionKinds,
  "by-hand",
  "withheld",
] as const satisfies readonly Remedy["kind"][];

export function isAction(remedy: Remedy): remedy is { readonly kind: ActionKind } {
  return (actionKinds as readonly string[]).includes(remedy.kind);
}

/** Environment → secret → what is to be done about it. */
export type Remedies = ReadonlyMap<string, ReadonlyMap<string, Remedy>>;
