import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { healKinds } from "../contract.ts";
import { TallystickError } from "../core/errors.ts";
import type { HealStarter } from "../core/ports.ts";
import { awsCallBounds } from "./aws-bounds.ts";
import { awsFailure, isRetryable } from "./aws-failure.ts";

export interface HealFunction {
  /** Qualified ARN: Lambda takes no other for a durable function. */
  readonly arn: string;
  readonly kind: (typeof healKinds)[number];
}

/**
 * Starts the heal function asynchronously. A durable execution is named, so that the same repair cannot be started
 * twice: Lambda refuses a name that is taken by another payload (AWS Lambda API reference, `Invoke`).
 */
export function createLambdaHealStarter(client: LambdaClient, { arn, kind }: HealFunction): HealStarter {
  return {
    isNamed: kind === "durable",
    async start(name, order) {
      const command = new InvokeCommand({
        FunctionName: arn,
        InvocationType: "Event",
        Payload: JSON.stringify(order),
        ...(kind === "durable" && { DurableExecutionName: name }),
      });
      try {
        await client.send(command, awsCallBounds());
        return "started";
      } catch (error) {
        if (error instanceof Error && error.name === "DurableExecutionAlreadyStartedException")
          return "taken";
        const failure = awsFailure(error, arn);
        throw new TallystickError(
          "heal-not-started",
          `the heal function was not started (${failure.code}): check that ${arn} exists and that lambda:InvokeFunction on it is allowed`,
          { retryable: isRetryable(failure) },
        );
      }
    },
  };
}
