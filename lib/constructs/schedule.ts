import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { type IRole, PolicyStatement } from "aws-cdk-lib/aws-iam";
import {
  Schedule,
  ScheduleExpression,
  ScheduleGroup,
  ScheduleTargetInput,
  TimeWindow,
} from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { CheckFunction } from "./check-function.ts";

export interface WatchScheduleProps {
  readonly check: CheckFunction;
  readonly every: Duration;
  readonly enabled: boolean;
  readonly deadLetters: IQueue;
}

/** Looks again and again, so that a change which nobody announces is found all the same. */
export class WatchSchedule extends Construct {
  readonly group: ScheduleGroup;

  constructor(scope: Construct, id: string, { check, every, enabled, deadLetters }: WatchScheduleProps) {
    super(scope, id);
    // Its name is made of the stack's: one that stayed behind would stand in the way of the same stack later.
    this.group = new ScheduleGroup(this, "Group", { removalPolicy: RemovalPolicy.DESTROY });
    new Schedule(this, "Schedule", {
      description: "Tallystick: a check of the whole fleet",
      schedule: ScheduleExpression.rate(every),
      scheduleGroup: this.group,
      enabled,
      timeWindow: TimeWindow.flexible(windowOf(every)),
      target: new ExactInvoke(check.function, {
        input: ScheduleTargetInput.fromObject({}),
        deadLetterQueue: deadLetters,
        // The default is 185 attempts in a day: long before, the next check has seen more than this one would.
        retryAttempts: 2,
        maxEventAge: Duration.minutes(Math.min(15, every.toMinutes())),
      }),
    });
  }
}

/** Fleets of one Region need not all be asked at the full hour; the gap between two checks stays about `every`. */
function windowOf(every: Duration): Duration {
  return Duration.minutes(Math.min(15, Math.floor(every.toMinutes() / 4)));
}

/** CDK's own target may invoke all versions of a function besides; this one what it invokes. */
class ExactInvoke extends LambdaInvoke {
  protected override addTargetActionToRole(role: IRole): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [this.targetArn] }),
    );
  }
}
