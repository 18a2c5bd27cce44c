import * as z from "zod";
import type { Trigger } from "../core/report.ts";
import type { Scope } from "../core/scope.ts";

const schedule = z.strictObject({});

/** Secrets Manager's own event (AWS Secrets Manager user guide, "secret-event-notifications"). */
const labelUpdated = z.object({
  source: z.literal("aws.secretsmanager"),
  "detail-type": z.literal("Secret Label Updated"),
  resources: z.array(z.string().max(2_048)).max(10),
  detail: z.object({
    name: z.string().max(512),
    labelUpdated: z.string().max(256),
    versionId: z.string().max(64).optional(),
  }),
});

const names = z.array(z.string().min(1).max(128)).min(1).max(10_000);
const byHand = z.strictObject({
  mode: z.enum(["observe", "fix"]).optional(),
  environments: names.optional(),
  secrets: names.optional(),
});

/** The forms of `checkEventSchema`, in words. */
export const expectedEvent =
  "{} · EventBridge's Secret Label Updated · {mode?: observe | fix, environments?: [names], secrets?: [names]}, each list with 1 to 10000 names";

/** Everything that check may be started with; anything else touches nothing. */
export const checkEventSchema = z.union([labelUpdated, schedule, byHand]);

export type CheckEvent = z.output<typeof checkEventSchema>;

/** What an event asks for. */
export type CheckRequest =
  | {
      readonly kind: "check";
      readonly trigger: Trigger;
      readonly mode: "observe" | "fix" | undefined;
      readonly scope: Scope;
    }
  /** A label moved on a secret, by name and ARNs; whether it is one of the fleet's is for the fleet to say. */
  | { readonly kind: "label"; readonly secretIds: readonly string[]; readonly label: string };

/** Reads an event that has the right form. */
export function readCheckEvent(event: CheckEvent): CheckRequest {
  if ("detail-type" in event) {
    const { name, labelUpdated: label } = event.detail;
    return { kind: "label", secretIds: [name, ...event.resources], label };
  }
  const { mode, environments, secrets } = { ...noRequest, ...event };
  const empty = mode === undefined && environments === undefined && secrets === undefined;
  return {
    kind: "check",
    trigger: empty ? "schedule" : "manual",
    mode,
    scope: { ...(environments && { environments }), ...(secrets && { secrets }) },
  };
}

const noRequest: z.output<typeof byHand> = {};
