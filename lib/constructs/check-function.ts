import { Duration } from "aws-cdk-lib";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { acknowledgeDeadLetterQueue, FleetFunction } from "./fleet-function.ts";

export interface CheckFunctionProps {
  readonly fleetFile: string;
  readonly deadLetters: IQueue;
}

/** Looks, judges, tells, and starts repairs. */
export class CheckFunction extends FleetFunction {
  constructor(scope: Construct, id: string, { fleetFile, deadLetters }: CheckFunctionProps) {
    super(scope, id, {
      description: "Tallystick check: asks every environment and compares it with the source of truth",
      entry: "functions/check/handler.ts",
      timeout: Duration.minutes(5),
      ...{ fleetFile, deadLetters },
    });
    // A check may be repeated, but not for long: by then the next one has begun.
    this.function.configureAsyncInvoke({ retryAttempts: 1, maxEventAge: Duration.minutes(15) });
    acknowledgeDeadLetterQueue(this.function);
  }
}
