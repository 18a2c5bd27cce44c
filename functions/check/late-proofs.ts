import type { Diagnosis } from "../core/diagnosis.ts";
import type { PolicyMode } from "../core/fleet.ts";
import { lateProofs, lateReport } from "../core/late-proof.ts";
import type { Remembered } from "../core/memory.ts";
import type { HealReport, Trigger } from "../core/report.ts";
import { serviceKey } from "../core/service-plans.ts";
import { attempt } from "../heal/attempt.ts";
import type { World } from "../heal/world.ts";

interface Seen {
  readonly trigger: Trigger;
  readonly mode: PolicyMode;
  readonly remembered: Remembered | "unreadable" | undefined;
  readonly diagnosis: Diagnosis;
  readonly heals: readonly HealReport[];
}

/**
 * Repairs of earlier runs that came to their proof only now. Each is told once, by the run that is first to note it;
 * a person who only looks leaves that to a run of which people are told.
 */
export async function proveLate(
  { memory, clock, fleet }: World,
  { trigger, mode, remembered, diagnosis, heals }: Seen,
): Promise<readonly HealReport[]> {
  const onlyLooks = (trigger === "manual" || trigger === "cli") && mode !== "fix";
  if (memory === undefined || remembered === undefined || remembered === "unreadable" || onlyLooks) return [];
  const touched = new Set(heals.map(({ environment }) => environment));
  const isClaimed = (key: string | undefined): boolean => key !== undefined && remembered.claimed.has(key);
  const proven = lateProofs(
    remembered,
    diagnosis,
    (environment) =>
      touched.has(environment) || isClaimed(serviceKey(fleet.environments[environment]?.railway)),
  );
  const nowMs = clock.now();
  const reports: HealReport[] = [];
  for (const heal of proven) {
    const noted = await attempt(async () => ({ isFirst: await memory.proveHeal(heal, nowMs) }));
    if ("isFirst" in noted && noted.isFirst) reports.push(lateReport(heal, nowMs));
  }
  return reports;
}
