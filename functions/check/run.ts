import { meansSecret } from "../adapters/secret-id.ts";
import { TallystickError } from "../core/errors.ts";
import type { Fleet } from "../core/fleet.ts";
import type { Progress } from "../core/ports.ts";
import type { Report } from "../core/report.ts";
import { scopeMistakes } from "../core/scope.ts";
import { announce, announcerOf } from "../heal/announcement.ts";
import type { Composition } from "../heal/composition.ts";
import { createInProcessSteps } from "../heal/in-process-steps.ts";
import { rememberReport } from "../heal/last-report.ts";
import { rememberRun } from "../heal/recall.ts";
import { type CheckEvent, type CheckRequest, readCheckEvent } from "./event.ts";
import { createInProcessRepair } from "./in-process-repair.ts";
import { type Repair, reconcile } from "./reconciler.ts";
import { createStartedRepair } from "./started-repair.ts";

/** What a run comes to: a report, or a label event that is none of this fleet's business. */
export type RunResult = Report | { readonly ignored: string };

export interface RunOptions {
  readonly runId: string;
  readonly onProgress: (progress: Progress) => void;
  /** Is called with the report before it is announced. */
  readonly onReport: (report: Report) => void;
}

/**
 * One whole run for one event: judge the request, reconcile, announce.
 * @throws TallystickError `event-invalid` for names that the fleet does not have (nothing is touched then),
 *   `publish-failed`, and the composition's errors
 */
export async function runCheck(
  composition: Composition,
  fleet: Fleet,
  event: CheckEvent,
  { runId, onProgress, onReport }: RunOptions,
): Promise<RunResult> {
  const request = readCheckEvent(event);
  if (request.kind === "label") {
    const reason = reasonToIgnore(fleet, request);
    if (reason !== undefined) return { ignored: reason };
  }
  const asked = request.kind === "label" ? labelRun : request;
  const mistakes = scopeMistakes(fleet, asked.scope);
  if (mistakes.length > 0) throw new TallystickError("event-invalid", mistakes.join("; "));
  const repair = repairBy(composition);
  return await composition.withWorld(fleet, onProgress, async (world) => {
    const report = await reconcile(world, { ...asked, id: runId }, repair);
    onReport(report);
    await rememberRun(world, report);
    await rememberReport(world, report, asked.scope);
    await announce(report, announcerOf(world, composition.notifier, composition.logUrlOf));
    return report;
  });
}

/** By a function of its own where there is one; else here and now. */
function repairBy({ healStarter, clock }: Composition): Repair {
  return healStarter === undefined
    ? createInProcessRepair(createInProcessSteps(clock))
    : createStartedRepair(healStarter);
}

/** A changed truth is looked at as the schedule would: the event is only a tick. */
const labelRun = { trigger: "label", mode: undefined, scope: {} } as const;

function reasonToIgnore(
  fleet: Fleet,
  { secretIds, label }: Extract<CheckRequest, { kind: "label" }>,
): string | undefined {
  if (label !== "AWSCURRENT") return `the label ${label} says nothing of what is current`;
  const [name, ...arns] = secretIds;
  const ids = Object.values(fleet.secrets).flatMap(({ source }) =>
    "secretsManager" in source ? [source.secretsManager] : [],
  );
  const known = ids.some(
    (id) => arns.some((arn) => meansSecret(id, { ARN: arn, Name: name })) || id === name,
  );
  return known ? undefined : "the secret is none of this fleet's";
}
