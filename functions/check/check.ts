import { randomUUID } from "node:crypto";
import type { Logger } from "@aws-lambda-powertools/logger";
import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { ParsedResult } from "@aws-lambda-powertools/parser/types";
import type { EnvironmentVariables } from "../adapters/environment-source.ts";
import { metricNames } from "../contract.ts";
import { TallystickError } from "../core/errors.ts";
import type { Fleet } from "../core/fleet.ts";
import type { Report } from "../core/report.ts";
import { epochMs } from "../core/time.ts";
import { isWrong } from "../core/verdict.ts";
import { type Composition, compose } from "../heal/composition.ts";
import { readFleetAsset } from "../heal/fleet-asset.ts";
import { logHealing, recordHeals } from "../heal/heal-record.ts";
import { type CheckEvent, expectedEvent } from "./event.ts";
import { type RunResult, runCheck } from "./run.ts";

export interface CheckParts {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly variables: EnvironmentVariables;
}

interface Loaded {
  readonly fleet: Fleet;
  readonly composition: Composition;
}

/** The check function: what is slow to make is made at the first event and kept for the next ones. */
export function createCheck(
  parts: CheckParts,
): (event: ParsedResult<unknown, CheckEvent>) => Promise<RunResult> {
  let loading: Promise<Loaded> | undefined;
  return async function check(event) {
    if (!event.success) throw eventError();
    loading ??= load(parts.variables);
    const { fleet, composition } = await loading.catch((error: unknown) => {
      // The next event tries again: a seed or a file may have been put right meanwhile.
      loading = undefined;
      throw error;
    });
    const result = await runCheck(composition, fleet, event.data, {
      runId: randomUUID(),
      onProgress: (progress) => logHealing(parts.logger, progress),
      onReport: (report) => record(parts, report),
    });
    if ("ignored" in result) parts.logger.info("label event ignored", { reason: result.ignored });
    else conclude(parts, result);
    return result;
  };
}

async function load(variables: EnvironmentVariables): Promise<Loaded> {
  return { fleet: await readFleetAsset(variables), composition: compose(variables) };
}

/** One record and one set of metrics for a run: made before anybody is told, for telling may fail. */
function record({ logger, metrics }: CheckParts, report: Report): void {
  const holders = report.environments.flatMap(({ secrets }) => secrets.map(({ verdict }) => verdict));
  const count = (name: keyof typeof metricNames, value: number): void => {
    metrics.addMetric(metricNames[name], MetricUnit.Count, value);
  };
  const wrong = holders.filter((verdict) => isWrong(verdict)).length;
  const unknown = holders.filter(({ kind }) => kind === "unknown").length;
  logger.info("run completed", { report });
  count("holdersWrong", wrong);
  count("holdersUnknown", unknown);
  if (unknown < holders.length) count("holdersUnseen", unknown);
  count("holdersInSync", holders.length - wrong - unknown);
  count(
    "capabilitiesDenied",
    report.environments
      .flatMap(({ capabilities }) => capabilities)
      .filter(({ status }) => status === "denied").length,
  );
  count("healsWithheld", withheldOf(report));
  recordHeals(metrics, report);
  const detections = detectionTimesOf(report);
  if (detections.length > 0)
    metrics.addMetric(metricNames.timeToDetect, MetricUnit.Milliseconds, Math.max(...detections));
  metrics.addMetric(metricNames.runDuration, MetricUnit.Milliseconds, report.run.durationMs);
}

/** What its mode does not let a run do is no news of the fleet. */
function withheldOf({ environments }: Report): number {
  const remedies = environments.flatMap(({ secrets }) => secrets.map(({ remedy }) => remedy));
  return remedies.filter(({ withheld }) => withheld !== undefined && withheld.reason !== "mode").length;
}

/** For how long each that this run was the first to find wrong may have been so before. */
function detectionTimesOf({ environments }: Report): readonly number[] {
  const holders = environments.flatMap(({ secrets }) => secrets);
  return holders.flatMap(({ since, rightUntil }) =>
    since === undefined || rightUntil === undefined ? [] : [epochMs(since) - epochMs(rightUntil)],
  );
}

/** A run that did not do its work ends failed, and is not counted as completed. */
function conclude({ metrics }: CheckParts, report: Report): void {
  if (report.status === "failed") {
    throw new TallystickError(
      "run-failed",
      "no secret could be read from its source; see the report in the log",
    );
  }
  metrics.addMetric(metricNames.runCompleted, MetricUnit.Count, 1);
}

/** The parser's own words leave out the reason, or repeat the event's keys. */
function eventError(): TallystickError {
  return new TallystickError(
    "event-invalid",
    `nothing was touched: the event is none that this function knows; expected ${expectedEvent}`,
  );
}
