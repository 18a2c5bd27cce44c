import { Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { settings } from "../../functions/contract.ts";
import type { FleetFunction } from "./fleet-function.ts";

/**
 * Two ways to people, so that a silence of the first can be told through the second. Neither carries a secret, and
 * neither has a KMS key: with one, CloudWatch and EventBridge would publish nothing, and say nothing.
 */
export class Topics extends Construct {
  /** What check and heal have to tell about the fleet. */
  readonly drift: Topic;
  /** What CloudWatch and EventBridge have to tell about Tallystick itself. */
  readonly operations: Topic;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.drift = new Topic(this, "Drift", { enforceSSL: true });
    this.operations = new Topic(this, "Operations", { enforceSSL: true });
    // CDK writes a policy with the refusal of clear text alone, and so shuts out who published before by default.
    this.operations.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsOfThisAccount",
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.operations.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
  }

  /** Lets a function tell people, and tells it where. */
  grantAnnounce(announcer: FleetFunction): void {
    this.drift.grantPublish(announcer.role);
    announcer.function.addEnvironment(settings.topicArn, this.drift.topicArn);
  }
}
