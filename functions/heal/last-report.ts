import type { Report } from "../core/report.ts";
import type { Scope } from "../core/scope.ts";
import { attempt } from "./attempt.ts";
import type { World } from "./world.ts";

/** Keeps the report of a run that looked at the whole fleet: one of a part of it would hide the rest. */
export async function rememberReport(
  { memory }: Pick<World, "memory">,
  report: Report,
  scope: Scope,
): Promise<void> {
  if (memory === undefined || scope.environments !== undefined || scope.secrets !== undefined) return;
  await attempt(() => memory.noteReport(report));
}
