import { type Duration, Stack } from "aws-cdk-lib";
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IWidget,
  Stats,
  TextWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { metricNames } from "../../functions/contract.ts";
import { fleetMetric } from "../fleet-metric.ts";
import type { CheckFunction } from "./check-function.ts";
import type { HealFunction } from "./heal-function.ts";

export interface OverviewProps {
  readonly check: CheckFunction;
  readonly heal: HealFunction;
  readonly alarms: readonly Alarm[];
  readonly deadLetters: IQueue;
  readonly every: Duration;
}

/** The dashboard: five questions, in the order in which somebody asks them who was woken. */
export class Overview extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: OverviewProps) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    this.dashboard = new Dashboard(this, "Dashboard", {
      widgets: [
        [new TextWidget({ markdown: introduction(stackName), width: 24, height: 3 })],
        [new AlarmStatusWidget({ alarms: [...props.alarms], title: "Alarms", width: 24, height: 3 })],
        rowsOf(stackName, props),
      ],
    });
  }
}

function introduction(stackName: string): string {
  return [
    `## ${stackName}`,
    "Proves that every running process holds the same secret as the source of truth.",
    "*Unknown* is not wrong: somebody did not answer soundly. What each alarm means, and what to do: RUNBOOK.md.",
  ].join("\n");
}

function rowsOf(stackName: string, { check, heal, deadLetters, every: period }: OverviewProps): IWidget[] {
  const own = (name: keyof typeof metricNames, statistic: string, label: string) =>
    fleetMetric(stackName, name, { statistic, label, period });
  const graph = (title: string, left: GraphWidget["leftMetrics"]) =>
    new GraphWidget({ title, left: [...left], leftYAxis: { min: 0 }, width: 12, height: 6 });
  return [
    graph("Is it running?", [
      own("runCompleted", Stats.SUM, "checks completed"),
      check.function.metricErrors({ label: "checks with an error", period }),
      deadLetters.metricApproximateNumberOfMessagesVisible({ label: "dead letters", period }),
    ]),
    graph("Is anything wrong, and since when?", [
      own("holdersWrong", Stats.MAXIMUM, "wrong"),
      own("holdersUnknown", Stats.MAXIMUM, "unknown"),
      own("holdersInSync", Stats.MINIMUM, "in sync"),
      own("capabilitiesDenied", Stats.MAXIMUM, "capabilities denied"),
    ]),
    graph("What did it do?", [
      own("healsVerified", Stats.SUM, "repairs proven"),
      own("healsFailed", Stats.SUM, "repairs failed"),
      own("healsWithheld", Stats.MAXIMUM, "repairs withheld"),
      heal.kind === "durable"
        ? heal.function.metric("DurableExecutionStarted", {
            statistic: Stats.SUM,
            label: "repairs started",
            period,
          })
        : heal.function.metricInvocations({ label: "repairs started", period }),
    ]),
    graph("How long was it wrong? (ms)", [
      own("timeToDetect", Stats.MAXIMUM, "until it was found, the longest"),
      own("timeToRepair", Stats.MAXIMUM, "from then to a verified repair, the longest"),
    ]),
    graph("How long does it take? (ms)", [
      own("runDuration", Stats.p(50), "a check, half of them"),
      own("runDuration", Stats.MAXIMUM, "a check, the longest"),
      ...(heal.kind === "durable"
        ? [
            heal.function.metric("DurableExecutionDuration", {
              statistic: Stats.MAXIMUM,
              label: "a repair, the longest",
              period,
            }),
          ]
        : [
            heal.function.metricDuration({
              statistic: Stats.MAXIMUM,
              label: "a repair, the longest",
              period,
            }),
          ]),
    ]),
  ];
}
