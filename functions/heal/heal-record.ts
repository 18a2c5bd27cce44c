import type { Logger } from "@aws-lambda-powertools/logger";
import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { EnvironmentVariables } from "../adapters/environment-source.ts";
import { metricNames } from "../contract.ts";
import type { Progress } from "../core/ports.ts";
import type { Report } from "../core/report.ts";
import { epochMs } from "../core/time.ts";

/** What a heal function is made of. */
export interface HealParts {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly variables: EnvironmentVariables;
}

/** Counts how repairs ended; one that was only started is counted by who ends it. */
export function recordHeals(metrics: Metrics, { run, heals }: Report): void {
  const failed = heals.filter(({ status }) => status === "failed" || status === "timed-out").length;
  const healed = heals.filter(({ status }) => status === "healed").length;
  metrics.addMetric(metricNames.healsVerified, MetricUnit.Count, healed);
  metrics.addMetric(metricNames.healsFailed, MetricUnit.Count, failed);
  const endedAtMs = epochMs(run.startedAt) + run.durationMs;
  for (const { wrongSince } of heals) {
    if (wrongSince === undefined) continue;
    metrics.addMetric(
      metricNames.timeToRepair,
      MetricUnit.Milliseconds,
      Math.max(0, endedAtMs - epochMs(wrongSince)),
    );
  }
}

/** Asking is over in a moment; a repair takes minutes, and its steps are what a person looks for in the log. */
export function logHealing(log: Pick<Logger, "info">, progress: Progress): void {
  if (progress.kind === "healing") {
    log.info("heal step", { environments: progress.environments, step: progress.step });
  }
}

/** At once: what is only kept for the end of an invocation is lost where another process goes on. */
export function recordReport({ logger, metrics }: HealParts, report: Report): void {
  logger.info("heal completed", { report });
  recordHeals(metrics, report);
  metrics.publishStoredMetrics();
}
