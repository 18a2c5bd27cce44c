import type { Fleet } from "../core/fleet.ts";
import type { HealReport } from "../core/report.ts";
import { serviceKey } from "../core/service-plans.ts";

/** The healed environments, and those that the same Railway services stand behind. */
export function besides(fleet: Fleet, heals: readonly HealReport[]): ReadonlySet<string> {
  const serviceOf = (name: string): string | undefined => serviceKey(fleet.environments[name]?.railway);
  const services = new Set(heals.map(({ environment }) => serviceOf(environment)));
  return new Set(
    Object.keys(fleet.environments).filter((name) => services.has(serviceOf(name)) && serviceOf(name)),
  );
}

/** What the same process denied before is not tried again: gateways lock out who insists. */
export function mayHaveNewProcesses({ status, reason, was }: HealReport): boolean {
  if (status === "healed") return was.some(({ action }) => action !== "set-quietly");
  return reason === "verification-failed" || reason === "unproven";
}
