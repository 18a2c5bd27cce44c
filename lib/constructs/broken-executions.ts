import { Duration, Stack } from "aws-cdk-lib";
import { EventField, Match, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { SnsTopic } from "aws-cdk-lib/aws-events-targets";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { HealFunction } from "./heal-function.ts";

export interface BrokenExecutionsProps {
  readonly heal: HealFunction;
  readonly topic: ITopic;
  readonly deadLetters: IQueue;
}

/** Tells people of a repair that did not come to its end: the execution itself can no longer do so. */
export class BrokenExecutions extends Construct {
  constructor(scope: Construct, id: string, { heal, topic, deadLetters }: BrokenExecutionsProps) {
    super(scope, id);
    new Rule(this, "Rule", {
      description: "Tallystick: a repair did not come to its end",
      // Lambda developer guide, "durable-monitoring"; the event's function ARN always ends with a version.
      eventPattern: {
        source: ["aws.lambda"],
        detailType: ["Durable Execution Status Change"],
        detail: {
          functionArn: Match.prefix(`${heal.function.functionArn}:`),
          status: ["FAILED", "TIMED_OUT", "STOPPED"],
        },
      },
      targets: [
        new SnsTopic(topic, {
          message: RuleTargetInput.fromMultilineText(message(Stack.of(this).stackName)),
          ...{ deadLetterQueue: deadLetters, retryAttempts: 2 },
          maxEventAge: Duration.hours(1),
        }),
      ],
    });
  }
}

function message(stackName: string): string {
  const field = (name: string) => EventField.fromPath(`$.detail.${name}`);
  return [
    `${stackName}: a repair did not come to its end (${field("status")}). Somebody has to look: RUNBOOK.md#heal-failed`,
    "The checks go on looking at the whole fleet. The same service is not repaired before this execution's claim runs out, four hours after it began.",
    `Execution ${field("durableExecutionName")} of ${field("functionArn")}`,
    `From ${field("startTimestamp")} to ${field("endTimestamp")}`,
  ].join("\n");
}
