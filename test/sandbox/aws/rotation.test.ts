import { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import type { RotationEvent } from "./secrets-manager/rotation.ts";
import { expectRefusal, openTestBed, type TestBed, tokenOf } from "./test-bed.ts";

const SecretId = "shared/model-key";
const RotationLambdaARN = "arn:aws:lambda:eu-west-1:111122223333:function:rotate";

/** A rotation function as AWS's templates write it, working on the stand-in through the SDK. */
function rotationFunction(endpointOf: () => string, steps: string[]) {
  return async ({ Step, SecretId: id, ClientRequestToken }: RotationEvent): Promise<void> => {
    steps.push(Step);
    const client = new SecretsManager({ endpoint: endpointOf() });
    const { VersionIdsToStages = {} } = await client.describeSecret({ SecretId: id });
    if (Step === "createSecret") {
      const value = { SecretString: "rotated", VersionStages: ["AWSPENDING"] };
      await client.putSecretValue({ SecretId: id, ClientRequestToken, ...value });
    }
    if (Step === "finishSecret") {
      const [current] =
        Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes("AWSCURRENT")) ?? [];
      const move = { MoveToVersionId: ClientRequestToken, RemoveFromVersionId: current };
      await client.updateSecretVersionStage({ SecretId: id, VersionStage: "AWSCURRENT", ...move });
    }
    client.destroy();
  };
}

async function openRotating(steps: string[] = []): Promise<TestBed> {
  const bed: TestBed = await openTestBed({ rotate: rotationFunction(() => bed.aws.endpoint, steps) });
  bed.aws.secrets.plant(SecretId, "before");
  return bed;
}

describe("RotateSecret", () => {
  it("only stores its configuration where no rotation function is given", async () => {
    const { aws, secretsManager } = await openTestBed();
    aws.secrets.plant(SecretId, "before");
    const RotationRules = { AutomaticallyAfterDays: 30 };
    await secretsManager.rotateSecret({ SecretId, RotationLambdaARN, RotationRules });
    const described = await secretsManager.describeSecret({ SecretId });
    expect(described).toMatchObject({ RotationEnabled: true, RotationLambdaARN, RotationRules });
    expect(Object.values(described.VersionIdsToStages ?? {})).toEqual([["AWSCURRENT"]]);
  });

  it("leads the function through its four steps to a new current version", async () => {
    const steps: string[] = [];
    const { secretsManager } = await openRotating(steps);
    const { VersionId } = await secretsManager.rotateSecret({ SecretId, RotationLambdaARN });
    expect(steps).toEqual(["createSecret", "setSecret", "testSecret", "finishSecret"]);
    expect(await secretsManager.getSecretValue({ SecretId })).toMatchObject({
      SecretString: "rotated",
      VersionId,
      VersionStages: ["AWSCURRENT", "AWSPENDING"],
    });
  });

  it("tells when it last rotated and when it will next", async () => {
    const { secretsManager, time } = await openRotating();
    await secretsManager.rotateSecret({
      SecretId,
      RotationLambdaARN,
      RotationRules: { AutomaticallyAfterDays: 1 },
    });
    expect(await secretsManager.describeSecret({ SecretId })).toMatchObject({
      LastRotatedDate: new Date(time.nowMs),
      NextRotationDate: new Date(time.nowMs + 86_400_000),
    });
  });

  it("takes the same request twice", async () => {
    const steps: string[] = [];
    const { secretsManager } = await openRotating(steps);
    const request = { SecretId, RotationLambdaARN, ClientRequestToken: tokenOf(1) };
    await secretsManager.rotateSecret(request);
    expect((await secretsManager.rotateSecret(request)).VersionId).toBe(tokenOf(1));
    expect(steps).toHaveLength(4);
  });

  it("may follow a rotation that was finished", async () => {
    const { secretsManager } = await openRotating();
    await secretsManager.rotateSecret({ SecretId, RotationLambdaARN });
    expect(await secretsManager.rotateSecret({ SecretId })).toHaveProperty("VersionId");
  });

  it("waits with the rotation where that is asked", async () => {
    const steps: string[] = [];
    const { secretsManager } = await openRotating(steps);
    await secretsManager.rotateSecret({ SecretId, RotationLambdaARN, RotateImmediately: false });
    expect(steps).toEqual([]);
  });

  it("leaves AWSPENDING without a value where the function fails, and says nothing of it", async () => {
    const { aws, secretsManager } = await openTestBed({ rotate: () => Promise.reject(new Error("broken")) });
    aws.secrets.plant(SecretId, "before");
    await secretsManager.rotateSecret({ SecretId, RotationLambdaARN, ClientRequestToken: tokenOf(1) });
    const described = await secretsManager.describeSecret({ SecretId });
    expect(described.VersionIdsToStages?.[tokenOf(1)]).toEqual(["AWSPENDING"]);
    expect(described).not.toHaveProperty("LastRotatedDate");
    const pending = secretsManager.getSecretValue({ SecretId, VersionStage: "AWSPENDING" });
    await expectRefusal(pending, "ResourceNotFoundException", /AWSPENDING/);
  });

  it("refuses to start while AWSPENDING stands on another version than AWSCURRENT", async () => {
    const { secretsManager } = await openRotating();
    await secretsManager.putSecretValue({ SecretId, SecretString: "stuck", VersionStages: ["AWSPENDING"] });
    const asked = secretsManager.rotateSecret({ SecretId, RotationLambdaARN });
    await expectRefusal(asked, "InvalidRequestException", /previous rotation isn't complete/);
  });

  it("refuses a rotation without a function", async () => {
    const { aws, secretsManager } = await openTestBed();
    aws.secrets.plant(SecretId, "before");
    await expectRefusal(secretsManager.rotateSecret({ SecretId }), "InvalidRequestException", /No Lambda/);
  });

  it.each([
    { AutomaticallyAfterDays: 1001 },
    { AutomaticallyAfterDays: 1, ScheduleExpression: "rate(1 day)" },
  ])("refuses the rules %j", async (RotationRules) => {
    const { aws, secretsManager } = await openTestBed();
    aws.secrets.plant(SecretId, "before");
    const asked = secretsManager.rotateSecret({ SecretId, RotationLambdaARN, RotationRules });
    await expectRefusal(asked, "InvalidParameterException");
  });
});
