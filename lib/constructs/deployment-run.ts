import { Duration, Stack } from "aws-cdk-lib";
import { Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { CheckFunction } from "./check-function.ts";

export interface DeploymentRunProps {
  readonly check: CheckFunction;
  readonly enabled: boolean;
  readonly deadLetters: IQueue;
}

/**
 * Looks once after each deployment. CloudFormation's own event comes when the deployment is over, so that a failed
 * check cannot fail it, and comes whatever has changed; a custom resource would need a function and a role more, and
 * would hold up the deployment that it belongs to.
 */
export class DeploymentRun extends Construct {
  constructor(scope: Construct, id: string, { check, enabled, deadLetters }: DeploymentRunProps) {
    super(scope, id);
    new Rule(this, "Rule", {
      description: "Tallystick: this stack has been deployed",
      enabled,
      // CloudFormation user guide, "event-detail-stack-status-change".
      eventPattern: {
        source: ["aws.cloudformation"],
        detailType: ["CloudFormation Stack Status Change"],
        detail: {
          "stack-id": [Stack.of(this).stackId],
          "status-details": { status: ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"] },
        },
      },
      targets: [
        new LambdaFunction(check.function, {
          event: RuleTargetInput.fromObject({}),
          ...{ deadLetterQueue: deadLetters, retryAttempts: 2 },
          maxEventAge: Duration.minutes(15),
        }),
      ],
    });
  }
}
