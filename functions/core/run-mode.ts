import type { PolicyMode } from "./fleet.ts";

/**
 * What a run may do. A call may lower the policy's mode for its run, and may ask for `fix` where the policy is
 * `approve` or `fix`; where the policy is `observe`, it stays so.
 */
export function runMode(policy: PolicyMode, asked: "observe" | "fix" | undefined): PolicyMode {
  return policy === "observe" ? "observe" : (asked ?? policy);
}
