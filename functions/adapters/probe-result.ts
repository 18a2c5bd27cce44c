import type { Capability } from "../core/fleet.ts";
import type { ProbeResult } from "../core/observation.ts";
import type { ProbeOutcome } from "./probe-ledger.ts";

const deniedByDefault: readonly number[] = [401, 403];

/** Judges a call by its HTTP status alone: what a capability answers in its body is its own affair. */
export function probeResult(outcome: ProbeOutcome, { deniedStatuses }: Capability): ProbeResult {
  if (outcome.kind === "unknown") return outcome;
  const { httpStatus } = outcome;
  if ((deniedStatuses ?? deniedByDefault).includes(httpStatus)) {
    return { kind: "denied", httpStatus, blamesSecret: blamesSecret(httpStatus, deniedStatuses) };
  }
  if (httpStatus >= 200 && httpStatus < 300) return { kind: "works", httpStatus };
  if (httpStatus === 429) return { kind: "unknown", because: "throttled: it answered HTTP 429" };
  if (httpStatus >= 400) return { kind: "broken", httpStatus };
  return {
    kind: "unknown",
    because: `redirected (HTTP ${httpStatus}), which is not followed: name the final address`,
  };
}

/** A 403 may come of a proxy or a scope; it blames the secret only where the fleet itself says so. */
function blamesSecret(httpStatus: number, deniedStatuses: Capability["deniedStatuses"]): boolean {
  return httpStatus === 401 || (httpStatus === 403 && deniedStatuses?.includes(403) === true);
}
