import { table } from "table";
import { durationWords } from "../../functions/core/duration.ts";
import type { Report } from "../../functions/core/report.ts";
import type { Timing } from "./act.ts";

/** What the incident's write-up says: hours that a person needed, and what went on working meanwhile. */
const written = { diagnose: 4, findCause: 3, repair: 2, skillExecutions: 75 } as const;

export interface IncidentResult {
  /** The first report: it tells what is wrong and why in one. */
  readonly first: Report;
  readonly repairs: readonly Report[];
  readonly timings: readonly Timing[];
  readonly skills: { readonly succeeded: number; readonly done: number; readonly repeated: number };
}

/** The write-up's table, its times beside ours; each of ours is measured in this very run. */
export function incidentTable({ first, repairs, timings, skills }: IncidentResult): string {
  const diagnoseMs = first.run.durationMs;
  const heals = repairs.flatMap(({ heals }) => heals);
  const repairMs = heals.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0);
  const personMs = timings
    .filter(({ whose }) => whose === "person")
    .reduce((sum, { durationMs }) => sum + durationMs, 0);
  const hours = written.diagnose + written.findCause + written.repair;
  const rows = [
    ["", "before: by hand", "after: Tallystick, this run"],
    ["diagnose", `${written.diagnose} h`, durationWords(diagnoseMs)],
    ["find the causes", `${written.findCause} h`, `in the same report: ${causesOf(first)}`],
    [
      "repair and prove",
      `${written.repair} h`,
      `${durationWords(repairMs)} for ${heals.length} verified repairs`,
    ],
    ["in all", `${hours} h`, durationWords(diagnoseMs + repairMs)],
    [
      "waiting for a person",
      "part of the above",
      `${durationWords(personMs)} here, where the person was played; not counted above`,
    ],
    ["skill executions", `${written.skillExecutions} worked`, skillWords(skills)],
  ];
  return table(rows, { columns: [{}, { alignment: "right" }, { width: 44, wrapWord: true }] }).trimEnd();
}

function skillWords({ succeeded, done, repeated }: IncidentResult["skills"]): string {
  const again = repeated === 0 ? "" : `, ${repeated} of them at the second try`;
  return `${succeeded} of ${done} worked${again}`;
}

function causesOf(report: Report): string {
  const causes = report.environments.flatMap(({ secrets }) => secrets.flatMap(({ cause }) => cause ?? []));
  return [...new Set(causes)].join(", ");
}
