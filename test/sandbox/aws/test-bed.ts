import { Lambda } from "@aws-sdk/client-lambda";
import { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { SNS } from "@aws-sdk/client-sns";
import { expect, onTestFinished } from "vitest";
import { type AwsOptions, type AwsStandIn, startAws } from "./aws-stand-in.ts";
import type { LabelUpdatedEvent } from "./secrets-manager/label-updated-event.ts";

/** A stand-in of a test's own, the SDK's clients for it, and a clock that the test turns. */
export type TestBed = {
  readonly aws: AwsStandIn;
  readonly secretsManager: SecretsManager;
  readonly sns: SNS;
  readonly lambda: Lambda;
  readonly time: { nowMs: number };
  readonly events: LabelUpdatedEvent[];
};

/** Starts a stand-in that is closed when the test ends. */
export async function openTestBed(options: Partial<AwsOptions> = {}): Promise<TestBed> {
  const time = { nowMs: Date.parse("2027-01-15T08:30:00.250Z") };
  const events: LabelUpdatedEvent[] = [];
  const onLabelUpdated = (event: LabelUpdatedEvent) => void events.push(event);
  const aws = await startAws({ clock: () => time.nowMs, onLabelUpdated, ...options });
  const secretsManager = new SecretsManager({ endpoint: aws.endpoint, maxAttempts: 1 });
  const sns = new SNS({ endpoint: aws.endpoint, maxAttempts: 1 });
  const lambda = new Lambda({ endpoint: aws.endpoint, maxAttempts: 1 });
  onTestFinished(async () => {
    secretsManager.destroy();
    sns.destroy();
    lambda.destroy();
    await aws.close();
  });
  return { aws, secretsManager, sns, lambda, time, events };
}

/** Expects a request to be refused with one of AWS's codes and a message. */
export async function expectRefusal(
  request: Promise<unknown>,
  name: string,
  message?: RegExp,
): Promise<void> {
  await expect(request).rejects.toMatchObject({ name });
  if (message !== undefined) await expect(request).rejects.toThrow(message);
}

/** A client request token of the length that AWS asks for. */
export function tokenOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}
