import { Duration, Stack } from "aws-cdk-lib";
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { type AlarmSlug, alarmSlugs } from "../alarm-slugs.ts";
import { fleetMetric } from "../fleet-metric.ts";
import type { CheckFunction } from "./check-function.ts";
import type { HealFunction } from "./heal-function.ts";

export interface AlarmsProps {
  readonly check: CheckFunction;
  readonly heal: HealFunction;
  readonly scheduleGroup: ScheduleGroup;
  readonly deadLetters: IQueue;
  /** The schedule's interval: what is to persist has to be seen by two of its checks. */
  readonly every: Duration;
  /** Whether the schedule runs: nobody is to be woken because somebody has paused it. */
  readonly enabled: boolean;
  readonly topic: ITopic;
}

/** What a metric has to do for an alarm, and what that means to a person. */
interface Watch extends Pick<AlarmProps, "metric" | "treatMissingData"> {
  readonly meaning: string;
  /** @default - once */
  readonly periods?: number;
  /** @default - at or above one */
  readonly belowOne?: boolean;
}

/** Something for everything that can go quiet or go wrong. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const watches = watchesOf(Stack.of(this).stackName, props);
    const action = new SnsAction(props.topic);
    this.all = alarmSlugs.map((slug) => {
      const alarm = this.#alarm(slug, watches[slug], props.enabled || !ofSilence.has(slug));
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      // Missing from the start, it never changes to this state; it does when everything has fallen silent.
      if (slug === "unknown-persists") alarm.addInsufficientDataAction(action);
      return alarm;
    });
  }

  #alarm(slug: AlarmSlug, watch: Watch, actionsEnabled: boolean): Alarm {
    const { meaning, periods = 1, belowOne = false, ...rest } = watch;
    return new Alarm(this, pascalCase(slug), {
      ...{ ...rest, actionsEnabled },
      alarmName: `${Stack.of(this).stackName}-${slug}`,
      alarmDescription: `${meaning} What to do: RUNBOOK.md#${slug}`,
      threshold: 1,
      comparisonOperator: belowOne
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      ...{ evaluationPeriods: periods, datapointsToAlarm: periods },
    });
  }
}

/** They tell of what is missing, and while the schedule is paused all is. */
const ofSilence: ReadonlySet<AlarmSlug> = new Set(["not-running", "unknown-persists"]);

function watchesOf(stackName: string, props: AlarmsProps): Readonly<Record<AlarmSlug, Watch>> {
  const { check, scheduleGroup, deadLetters, every: period } = props;
  const { BREACHING, IGNORE, MISSING, NOT_BREACHING } = TreatMissingData;
  return {
    "not-running": {
      meaning: "No check has been completed for two intervals of the schedule: nobody is looking.",
      metric: fleetMetric(stackName, "runCompleted", { statistic: Stats.SUM, period }),
      // With the flexible window one interval may go without a check, two may not.
      ...{ periods: 2, belowOne: true, treatMissingData: BREACHING },
    },
    "run-failed": {
      meaning: "A check ended with an error: what it should have looked at has not been looked at.",
      metric: check.function.metricErrors({ statistic: Stats.SUM, period }),
      treatMissingData: NOT_BREACHING,
    },
    "heal-failed": {
      meaning:
        "A repair failed or did not come to its end: something is still wrong that was to be repaired.",
      metric: sumOf(failuresOf(stackName, props), period),
      treatMissingData: NOT_BREACHING,
    },
    "drift-persists": {
      meaning:
        "Something in the fleet has run a wrong value for two checks: it is not repaired, or comes back.",
      metric: fleetMetric(stackName, "holdersWrong", { statistic: Stats.MINIMUM, period }),
      ...{ periods: 2, treatMissingData: IGNORE },
    },
    "unknown-persists": {
      meaning:
        "An environment has not answered soundly for three checks, or (insufficient data) none answers any more.",
      metric: fleetMetric(stackName, "holdersUnseen", { statistic: Stats.MINIMUM, period }),
      ...{ periods: 3, treatMissingData: MISSING },
    },
    "dead-letters": {
      meaning: "An event could not be delivered or worked off, and lies in the dead-letter queue.",
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        ...{ statistic: Stats.MAXIMUM, period: Duration.minutes(5) },
      }),
      treatMissingData: NOT_BREACHING,
    },
    "schedule-dropped": {
      meaning: "EventBridge Scheduler could not start a check.",
      metric: sumOf(
        { dropped: scheduleGroup.metricDropped(), refused: scheduleGroup.metricTargetErrors() },
        period,
      ),
      treatMissingData: NOT_BREACHING,
    },
  };
}

/** A durable execution may resume often and err in one of its stretches; only its own end tells of it. */
function failuresOf(stackName: string, { heal }: AlarmsProps): Readonly<Record<string, IMetric>> {
  const told = fleetMetric(stackName, "healsFailed", { statistic: Stats.SUM });
  const ended = (metricName: string) => heal.function.metric(metricName, { statistic: Stats.SUM });
  if (heal.kind === "plain") return { told, errors: ended("Errors") };
  return {
    told,
    failed: ended("DurableExecutionFailed"),
    timedOut: ended("DurableExecutionTimedOut"),
    stopped: ended("DurableExecutionStopped"),
  };
}

/** The sum of metrics that say nothing while there is nothing to say. */
function sumOf(usingMetrics: Readonly<Record<string, IMetric>>, period: Duration): MathExpression {
  const terms = Object.keys(usingMetrics).map((name) => `FILL(${name}, 0)`);
  return new MathExpression({
    expression: `SUM([${terms.join(", ")}])`,
    usingMetrics: { ...usingMetrics },
    period,
  });
}

function pascalCase(slug: string): string {
  return slug.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
