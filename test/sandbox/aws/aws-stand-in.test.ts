import { GetSecretValue$, SecretsManager } from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { startAws } from "./aws-stand-in.ts";
import { expectRefusal, openTestBed, tokenOf } from "./test-bed.ts";
import { defineOperation } from "./wire/operation-schema.ts";

const SecretId = "shared/model-key";

/** Asks without the SDK, which would not send what is wrong. */
async function ask(
  endpoint: string,
  operation: string,
  body: string,
): Promise<{ status: number; text: string }> {
  const headers = { "x-amz-target": `secretsmanager.${operation}` };
  const response = await fetch(endpoint, { method: "POST", headers, body });
  return { status: response.status, text: await response.text() };
}

describe("a request that does not fit the SDK's schema", () => {
  it.each([
    ["an unknown member", { SecretId, Secret: "x" }],
    ["a member of another type", { SecretId: 7 }],
    ["a missing member", {}],
    ["no structure at all", []],
  ])("is refused: %s", async (_what, body) => {
    const { aws } = await openTestBed();
    aws.secrets.plant(SecretId, "v1");
    const { status, text } = await ask(aws.endpoint, "GetSecretValue", JSON.stringify(body));
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ __type: "ValidationException" });
  });

  it("is refused where it is no JSON", async () => {
    const { aws } = await openTestBed();
    expect((await ask(aws.endpoint, "GetSecretValue", "{")).text).toContain("SerializationException");
  });

  it("is refused where the operation is unknown", async () => {
    const { aws } = await openTestBed();
    expect((await ask(aws.endpoint, "ReplicateSecret", "{}")).text).toContain("UnknownOperationException");
  });

  it.each(["Action=Publish&Message=m&Colour=red", "Action=Publish&Message.member.1=m", "Action=Publish"])(
    "is refused as the form %s",
    async (body) => {
      const { aws } = await openTestBed();
      const response = await fetch(aws.endpoint, { method: "POST", body });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain("<Code>ValidationException</Code>");
    },
  );

  it.each(["Message=m&Message=n", "Message=m&Message.x=n", "MessageAttributes=x"])(
    "is refused as the contradictory form %s",
    async (form) => {
      const { aws } = await openTestBed();
      const response = await fetch(aws.endpoint, { method: "POST", body: `Action=Publish&${form}` });
      expect(await response.text()).toContain("<Code>MalformedQueryString</Code>");
    },
  );

  it("is refused where it is over two megabytes", async () => {
    const { aws } = await openTestBed();
    expect((await ask(aws.endpoint, "GetSecretValue", " ".repeat(2 * 2 ** 20 + 1))).status).toBe(413);
  });
});

describe("an answer that does not fit the SDK's schema", () => {
  it("is a bug of the stand-in", async () => {
    const operation = defineOperation<{ SecretId: string }, object>(GetSecretValue$, () => ({
      Secret: "v1",
    }));
    await expect(operation.prepare({ SecretId }).answer()).rejects.toThrow(/does not fit.*Secret/);
  });

  it("makes closing fail, so that no test passes over it", async () => {
    const onLabelUpdated = () => {
      throw new Error("broken listener");
    };
    const aws = await startAws({ clock: () => 0, onLabelUpdated });
    const client = new SecretsManager({ endpoint: aws.endpoint, maxAttempts: 1 });
    await expectRefusal(client.createSecret({ Name: SecretId, SecretString: "v1" }), "InternalFailure");
    client.destroy();
    await expect(aws.close()).rejects.toMatchObject({ errors: [new Error("broken listener")] });
  });
});

describe("planted faults", () => {
  it("fail the next request of their operation, once", async () => {
    const { aws, secretsManager } = await openTestBed();
    aws.secrets.plant(SecretId, "v1");
    aws.failNext("GetSecretValue", { status: 400, code: "ThrottlingException", message: "Rate exceeded" });
    await secretsManager.describeSecret({ SecretId });
    await expectRefusal(secretsManager.getSecretValue({ SecretId }), "ThrottlingException", /Rate exceeded/);
    expect((await secretsManager.getSecretValue({ SecretId })).SecretString).toBe("v1");
  });

  it("fail SNS in its own words", async () => {
    const { aws, sns } = await openTestBed();
    aws.failNext("ListTopics", { status: 403, code: "AuthorizationError", message: "no" });
    await expectRefusal(sns.listTopics({}), "AuthorizationErrorException", /no/);
  });

  it("may be planted from the start", async () => {
    const failure = { status: 400, code: "DecryptionFailure", message: "key disabled" };
    const faults = [{ kind: "fail", operation: "GetSecretValue", failure } as const];
    const { secretsManager } = await openTestBed({ faults });
    await expectRefusal(secretsManager.getSecretValue({ SecretId }), "DecryptionFailure");
  });

  it("let the SDK try again after a 500", async () => {
    const { aws } = await openTestBed();
    aws.secrets.plant(SecretId, "v1");
    aws.failNext("GetSecretValue", { status: 500, code: "InternalServiceError", message: "sorry" });
    const client = new SecretsManager({ endpoint: aws.endpoint });
    expect((await client.getSecretValue({ SecretId })).$metadata.attempts).toBe(2);
    client.destroy();
  });

  it("delay the next request, and closing does not wait for it", async () => {
    const aws = await startAws({ clock: () => 0 });
    const client = new SecretsManager({ endpoint: aws.endpoint, maxAttempts: 1 });
    aws.delayNext("ListSecrets", 3_600_000);
    const asked = client.listSecrets({});
    const refused = expect(asked).rejects.toThrow();
    await expect.poll(() => aws.requests).toHaveLength(1);
    await aws.close();
    await refused;
    client.destroy();
  });
});

describe("the list of requests", () => {
  it("tells which versions were read", async () => {
    const { aws, secretsManager } = await openTestBed();
    const first = aws.secrets.plant(SecretId, "v1");
    aws.secrets.plant(SecretId, "v2");
    await secretsManager.getSecretValue({ SecretId, VersionId: first });
    await secretsManager.getSecretValue({ SecretId, VersionStage: "AWSCURRENT" });
    await secretsManager.batchGetSecretValue({ SecretIdList: [SecretId, "other"] });
    expect(aws.requests).toEqual([
      { operation: "GetSecretValue", ids: [SecretId], versionId: first },
      { operation: "GetSecretValue", ids: [SecretId], versionStage: "AWSCURRENT" },
      { operation: "BatchGetSecretValue", ids: [SecretId, "other"] },
    ]);
  });
});

describe("a secret's value", () => {
  it("is in no answer but those to GetSecretValue and BatchGetSecretValue", async () => {
    const canary = "tally-canary-5f0e1c7d";
    const { aws, secretsManager, sns, events } = await openTestBed();
    const seen: unknown[] = [];
    const see = async (request: Promise<unknown>) => {
      const answer = await request.catch((error: Error) => ({
        ...error,
        message: error.message,
        stack: error.stack,
      }));
      seen.push(answer);
    };
    const value = { SecretString: canary, ClientRequestToken: tokenOf(1) };
    await see(secretsManager.createSecret({ Name: SecretId, ...value }));
    await see(secretsManager.createSecret({ Name: SecretId, SecretString: canary }));
    await see(secretsManager.putSecretValue({ SecretId, SecretString: `${canary}2` }));
    await see(secretsManager.putSecretValue({ SecretId, ...value, SecretString: `${canary}3` }));
    await see(secretsManager.putSecretValue({ SecretId, ...value, SecretBinary: Buffer.from(canary) }));
    await see(secretsManager.putSecretValue({ SecretId, SecretString: canary.repeat(5000) }));
    await see(secretsManager.updateSecret({ SecretId, SecretString: `${canary}4` }));
    await see(secretsManager.describeSecret({ SecretId }));
    await see(secretsManager.listSecrets({}));
    await see(secretsManager.listSecretVersionIds({ SecretId, IncludeDeprecated: true }));
    await see(ask(aws.endpoint, "PutSecretValue", JSON.stringify({ SecretId, SecretString: [canary] })));
    await see(ask(aws.endpoint, "PutSecretValue", `{"SecretString": "${canary}`));
    await see(ask(aws.endpoint, "PutSecretValue", JSON.stringify({ SecretId, SecretBinary: canary })));
    aws.denySecret(SecretId);
    await see(secretsManager.getSecretValue({ SecretId }));
    await see(secretsManager.batchGetSecretValue({ SecretIdList: [SecretId] }));
    aws.topics.create("alerts");
    await see(sns.listTopics({}));
    await see(secretsManager.deleteSecret({ SecretId }));
    const everything = JSON.stringify([seen, aws.requests, events, aws.failedDeliveries, aws]);
    expect(seen).toHaveLength(17);
    expect(everything).toContain("ResourceExistsException");
    expect(everything).not.toContain(canary);
    expect(everything).not.toContain(Buffer.from(canary).toString("base64").slice(0, 20));
  });
});
