import type { RotateSecretRequest } from "@aws-sdk/client-secrets-manager";
import { AwsError } from "../wire/aws-error.ts";
import type { Checked } from "../wire/operation-schema.ts";
import type { Rotation, Secret } from "./secret.ts";
import type { SecretStore } from "./secret-store.ts";
import { attachLabel, holderOf } from "./staging-labels.ts";
import { openVersion } from "./version-history.ts";

/** The four steps of AWS's contract with a rotation function, in order. */
const rotationSteps = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;

/** What a rotation function is given at each step. */
export type RotationEvent = {
  readonly Step: (typeof rotationSteps)[number];
  readonly SecretId: string;
  readonly ClientRequestToken: string;
};

/** Stands for the rotation function; it works on the stand-in through the SDK, as the real one does. */
export type Rotate = (event: RotationEvent) => Promise<void>;

/** Stores a rotation's configuration; refuses one that has no function or whose rules contradict each other. */
export function configureRotation(secret: Secret, request: Checked<RotateSecretRequest>): Rotation {
  const lambdaArn = request.RotationLambdaARN ?? secret.rotation?.lambdaArn;
  if (lambdaArn === undefined) {
    throw new AwsError(
      "InvalidRequestException",
      "No Lambda rotation function ARN is associated with this secret.",
    );
  }
  const days = request.RotationRules?.AutomaticallyAfterDays;
  if (days !== undefined && (days < 1 || days > 1000)) {
    throw new AwsError(
      "InvalidParameterException",
      "RotationRules.AutomaticallyAfterDays must be within 1-1000.",
    );
  }
  if (days !== undefined && request.RotationRules?.ScheduleExpression !== undefined) {
    const message = "RotationRules takes AutomaticallyAfterDays or ScheduleExpression, not both.";
    throw new AwsError("InvalidParameterException", message);
  }
  secret.rotation = {
    ...secret.rotation,
    lambdaArn,
    ...(request.RotationRules && rulesOf(request.RotationRules)),
  };
  return secret.rotation;
}

function rulesOf(rules: NonNullable<RotateSecretRequest["RotationRules"]>): Omit<Rotation, "lambdaArn"> {
  return {
    automaticallyAfterDays: rules.AutomaticallyAfterDays,
    duration: rules.Duration,
    scheduleExpression: rules.ScheduleExpression,
  };
}

/** AWSPENDING on another version than AWSCURRENT is a rotation that has not come to its end. */
export function checkNoRotationUnderWay({ versions }: Secret): void {
  const pending = holderOf(versions, "AWSPENDING");
  if (pending === undefined || pending === holderOf(versions, "AWSCURRENT")) return;
  const message = "A previous rotation isn't complete. That rotation will be reattempted.";
  throw new AwsError("InvalidRequestException", message);
}

/** Opens an AWSPENDING version and leads the rotation function through its steps. */
export async function rotateNow(
  store: SecretStore,
  secret: Secret,
  token: string,
  rotate: Rotate,
): Promise<void> {
  attachLabel(secret.versions, "AWSPENDING", openVersion(secret, token, store.now()));
  try {
    for (const Step of rotationSteps) {
      await rotate({ Step, SecretId: secret.arn, ClientRequestToken: token });
    }
  } catch {
    // As on AWS, the caller of RotateSecret never hears of a function that failed: AWSPENDING stays where it is.
    return;
  }
  if (secret.rotation !== undefined) secret.rotation.lastRotatedAtMs = store.now();
}
