import { Annotations, CfnElement, Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { Policy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Alias } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { type healKinds, settings } from "../../functions/contract.ts";
import { acknowledgeDeadLetterQueue, FleetFunction } from "./fleet-function.ts";

export interface HealFunctionProps {
  readonly fleetFile: string;
  readonly deadLetters: IQueue;
  /** Whether a repair is a durable execution, which waits for a deployment without being paid for. */
  readonly durable: boolean;
}

/** Repairs what check found, one execution for each plan. */
export class HealFunction extends FleetFunction {
  /** What is invoked: a durable function takes no unqualified name, and an execution stays with its version. */
  readonly alias: Alias;
  readonly kind: (typeof healKinds)[number];

  constructor(scope: Construct, id: string, { durable, ...props }: HealFunctionProps) {
    super(scope, id, { ...props, ...(durable ? durableMakeUp : plainMakeUp) });
    this.kind = durable ? "durable" : "plain";
    this.alias = this.function.addAlias("live", {
      // A repair by halves is no reason to begin it again: the next check decides. Durable executions are never retried.
      ...(!durable && { retryAttempts: 0, maxEventAge: Duration.hours(1) }),
    });
    if (durable) this.#makeDurable();
    else acknowledgeDeadLetterQueue(this.alias);
  }

  /** Lets a function start repairs, and tells it where. */
  grantStart(starter: FleetFunction): void {
    this.alias.grantInvoke(starter.role);
    starter.function.addEnvironment(settings.healFunction, this.alias.functionArn);
    starter.function.addEnvironment(settings.healKind, this.kind);
  }

  #makeDurable(): void {
    // A policy outside of the role: inside, the function would wait for a policy that waits for the function.
    const policy = new Policy(this, "Checkpoints", {
      roles: [this.role],
      statements: [
        new PolicyStatement({
          actions: ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"],
          resources: [`${this.function.functionArn}:*`],
        }),
      ],
    });
    this.alias.node.addDependency(policy);
    Annotations.of(this.function).acknowledgeInfo(
      "aws-lambda:Function.DurableConfig",
      "A plain heal function that becomes durable is replaced: it has no name that others know.",
    );
    Validations.of(policy).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${this.#logicalId()}.Arn>:*]`,
      reason: "Durable executions belong to versions of this one function, which are not known beforehand.",
    });
  }

  #logicalId(): string {
    const resource = this.function.node.defaultChild;
    return CfnElement.isCfnElement(resource) ? Stack.of(this).getLogicalId(resource) : "";
  }
}

const durableMakeUp = {
  description: "Tallystick heal: repairs and proves the repair, as a durable execution",
  entry: "functions/heal/handler.ts",
  // One stretch between two waits, with Railway at its slowest.
  timeout: Duration.minutes(15),
  durableConfig: { executionTimeout: Duration.hours(4), retentionPeriod: Duration.days(14) },
  // An execution that waits is resumed by the version that began it.
  currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
} as const;

const plainMakeUp = {
  description: "Tallystick heal: repairs and proves the repair, within one invocation",
  entry: "functions/heal/plain-handler.ts",
  timeout: Duration.minutes(15),
} as const;
