import { randomUUID } from "node:crypto";
import { createInProcessRepair } from "../check/in-process-repair.ts";
import { reconcile } from "../check/reconciler.ts";
import type { Fleet } from "../core/fleet.ts";
import { printableJson } from "../core/printable.ts";
import { exitCodes, type Report } from "../core/report.ts";
import { type Scope, scopeMistakes } from "../core/scope.ts";
import { compose } from "../heal/composition.ts";
import { createInProcessSteps } from "../heal/in-process-steps.ts";
import { mistake } from "./failure.ts";
import { loadFleet } from "./fleet-loading.ts";
import { nearNames } from "./near-names.ts";
import { createProgressLine } from "./progress-line.ts";
import { renderReport } from "./report-text.ts";
import { columnsOf, type Terminal, wantsColour } from "./terminal.ts";

/** What `tallystick check` was called with. */
export interface CheckOptions {
  readonly fleet: string;
  readonly fix?: true;
  readonly json?: true;
  readonly only?: readonly string[];
  readonly secret?: readonly string[];
}

/**
 * One run from the command line; gives the exit code. Who called it has the report: no topic is told.
 * @throws TallystickError `call-invalid`, `fleet-invalid` and the composition's errors
 */
export async function checkFromCommandLine(terminal: Terminal, options: CheckOptions): Promise<number> {
  const fleet = await loadFleet(options.fleet);
  const scope = scopeOf(options);
  requireKnown(fleet, scope);
  if (options.fix && fleet.policy.mode === "observe") {
    terminal.error.write(
      "--fix is not followed: the fleet's policy.mode is observe, so this run only looks; change the policy first\n",
    );
  }
  const report = await reconcileOnce(terminal, fleet, { mode: options.fix ? "fix" : "observe", scope });
  terminal.out.write(options.json ? `${printableJson(report)}\n` : textFor(terminal, report));
  return exitCodes[report.status];
}

function scopeOf({ only, secret }: CheckOptions): Scope {
  return {
    ...(only !== undefined && { environments: only }),
    ...(secret !== undefined && { secrets: secret }),
  };
}

/** All unknown names at once, each with what was probably meant. */
function requireKnown(fleet: Fleet, scope: Scope): void {
  const mistakes = scopeMistakes(fleet, scope);
  if (mistakes.length === 0) return;
  const near = [
    ...nearTo(scope.environments, Object.keys(fleet.environments)),
    ...nearTo(scope.secrets, Object.keys(fleet.secrets)),
  ];
  const suggestion = near.length === 0 ? [] : [`did you mean ${near.join(", ")}?`];
  throw mistake([...mistakes, ...suggestion].join("\n"));
}

function nearTo(asked: readonly string[] | undefined, known: readonly string[]): readonly string[] {
  return (asked ?? []).filter((name) => !known.includes(name)).flatMap((name) => nearNames(name, known));
}

async function reconcileOnce(
  terminal: Terminal,
  fleet: Fleet,
  asked: { readonly mode: "observe" | "fix"; readonly scope: Scope },
): Promise<Report> {
  const composition = compose(terminal.variables);
  const progress = createProgressLine(terminal, "reading the source of truth");
  const repair = createInProcessRepair(createInProcessSteps(composition.clock));
  try {
    return await composition.withWorld(
      fleet,
      (step) => progress.show(step),
      (world) => reconcile(world, { ...asked, id: randomUUID(), trigger: "cli" }, repair),
    );
  } finally {
    progress.end();
  }
}

function textFor({ out, variables }: Terminal, report: Report): string {
  return renderReport(report, { columns: columnsOf(out), colour: wantsColour(out, variables) });
}
