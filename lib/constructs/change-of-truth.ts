import { Duration } from "aws-cdk-lib";
import { Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { portionsOf } from "../portions.ts";
import { possibleNames } from "../secret-references.ts";
import type { CheckFunction } from "./check-function.ts";

export interface ChangeOfTruthProps {
  readonly check: CheckFunction;
  /** Ids of the fleet's sources; tokens are no truth, and their change is no drift. */
  readonly sources: readonly string[];
  readonly enabled: boolean;
  readonly deadLetters: IQueue;
}

/** Looks as soon as a secret of the fleet has a new current version, not hours later. */
export class ChangeOfTruth extends Construct {
  constructor(scope: Construct, id: string, { check, sources, enabled, deadLetters }: ChangeOfTruthProps) {
    super(scope, id);
    const names = [...new Set(sources.flatMap(possibleNames))].sort();
    // As many rules as a large fleet needs.
    portionsOf(names, sizeOf, namesCharactersMax).forEach((portion, index) => {
      new Rule(this, index === 0 ? "Rule" : `Rule${index + 1}`, {
        description: "Tallystick: a secret of the fleet has a new current version",
        enabled,
        // Secrets Manager's own event, without CloudTrail: user guide, "secret-event-notifications".
        eventPattern: {
          source: ["aws.secretsmanager"],
          detailType: ["Secret Label Updated"],
          detail: { name: [...portion], labelUpdated: ["AWSCURRENT"] },
        },
        targets: [
          new LambdaFunction(check.function, {
            ...{ deadLetterQueue: deadLetters, retryAttempts: 2 },
            maxEventAge: Duration.minutes(15),
          }),
        ],
      });
    });
  }
}

/** EventBridge takes a pattern of 2,048 characters; this leaves room for what is around the names. */
const namesCharactersMax = 1_500;

/** In JSON, with its comma. */
const sizeOf = (name: string) => name.length + 3;
