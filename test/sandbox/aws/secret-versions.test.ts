import { paginateListSecretVersionIds } from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { expectRefusal, openTestBed, type TestBed, tokenOf } from "./test-bed.ts";

const dayMs = 86_400_000;
const SecretId = "shared/model-key";
const [first, second, third] = [tokenOf(1), tokenOf(2), tokenOf(3)];

/** Makes the secret with versions 1 to `count`, each put as AWSCURRENT. */
async function openSecret(count: number): Promise<TestBed> {
  const bed = await openTestBed();
  await bed.secretsManager.createSecret({ Name: SecretId, SecretString: "v1", ClientRequestToken: first });
  for (let number = 2; number <= count; number += 1) {
    const version = { ClientRequestToken: tokenOf(number), SecretString: `v${number}` };
    await bed.secretsManager.putSecretValue({ SecretId, ...version });
  }
  return bed;
}

async function stagesIn({ secretsManager }: TestBed): Promise<Record<string, string[]> | undefined> {
  return (await secretsManager.describeSecret({ SecretId })).VersionIdsToStages;
}

async function putPending({ secretsManager }: TestBed, number: number): Promise<void> {
  const version = { ClientRequestToken: tokenOf(number), SecretString: `v${number}` };
  await secretsManager.putSecretValue({ SecretId, ...version, VersionStages: ["AWSPENDING"] });
}

describe("PutSecretValue", () => {
  it("moves AWSCURRENT to the new version and AWSPREVIOUS to the one that held it", async () => {
    const bed = await openSecret(3);
    expect(await stagesIn(bed)).toEqual({ [second]: ["AWSPREVIOUS"], [third]: ["AWSCURRENT"] });
  });

  it("strips AWSPENDING from the version that held it together with AWSCURRENT", async () => {
    const bed = await openSecret(1);
    await putPending(bed, 2);
    const move = { RemoveFromVersionId: first, MoveToVersionId: second };
    await bed.secretsManager.updateSecretVersionStage({ SecretId, VersionStage: "AWSCURRENT", ...move });
    await bed.secretsManager.putSecretValue({ SecretId, SecretString: "v3", ClientRequestToken: third });
    expect(await stagesIn(bed)).toEqual({ [second]: ["AWSPREVIOUS"], [third]: ["AWSCURRENT"] });
  });

  it("attaches only the stages it is given", async () => {
    const bed = await openSecret(1);
    await putPending(bed, 2);
    expect(await stagesIn(bed)).toEqual({ [first]: ["AWSCURRENT"], [second]: ["AWSPENDING"] });
  });

  it("takes a label of one's own from the version that held it", async () => {
    const bed = await openSecret(1);
    for (const number of [2, 3]) {
      const version = { ClientRequestToken: tokenOf(number), SecretString: `v${number}` };
      await bed.secretsManager.putSecretValue({ SecretId, ...version, VersionStages: ["canary"] });
    }
    expect(await stagesIn(bed)).toEqual({ [first]: ["AWSCURRENT"], [third]: ["canary"] });
  });

  it("makes the first value of a secret current, whatever stages are asked for", async () => {
    const bed = await openTestBed();
    await bed.secretsManager.createSecret({ Name: SecretId });
    await putPending(bed, 1);
    expect(await stagesIn(bed)).toEqual({ [first]: ["AWSCURRENT", "AWSPENDING"] });
  });

  it("makes the token the version's id", async () => {
    const { secretsManager } = await openSecret(2);
    expect((await secretsManager.getSecretValue({ SecretId })).VersionId).toBe(second);
  });

  it("changes nothing when a token comes again with the same value", async () => {
    const bed = await openSecret(2);
    await bed.secretsManager.putSecretValue({ SecretId, SecretString: "v1", ClientRequestToken: first });
    expect(await stagesIn(bed)).toEqual({ [first]: ["AWSPREVIOUS"], [second]: ["AWSCURRENT"] });
  });

  it("refuses a token that comes again with another value", async () => {
    const { secretsManager } = await openSecret(1);
    const again = secretsManager.putSecretValue({ SecretId, SecretString: "v2", ClientRequestToken: first });
    await expectRefusal(again, "ResourceExistsException");
  });

  it("tells bytes from the text that they spell", async () => {
    const { secretsManager } = await openSecret(1);
    const SecretBinary = Buffer.from("v1");
    const again = secretsManager.putSecretValue({ SecretId, SecretBinary, ClientRequestToken: first });
    await expectRefusal(again, "ResourceExistsException");
  });

  it("keeps bytes as they are", async () => {
    const { secretsManager } = await openSecret(1);
    const SecretBinary = new Uint8Array([0, 255, 128]);
    await secretsManager.putSecretValue({ SecretId, SecretBinary });
    expect((await secretsManager.getSecretValue({ SecretId })).SecretBinary).toEqual(SecretBinary);
  });

  it("refuses a request without a value", async () => {
    const { secretsManager } = await openSecret(1);
    await expectRefusal(secretsManager.putSecretValue({ SecretId }), "InvalidRequestException");
  });

  it("refuses a request with text and bytes", async () => {
    const { secretsManager } = await openSecret(1);
    const both = { SecretString: "v2", SecretBinary: Buffer.from("v2") };
    await expectRefusal(secretsManager.putSecretValue({ SecretId, ...both }), "InvalidParameterException");
  });

  it("refuses a token of the wrong length", async () => {
    const { secretsManager } = await openSecret(1);
    const short = secretsManager.putSecretValue({
      SecretId,
      SecretString: "v2",
      ClientRequestToken: "short",
    });
    await expectRefusal(short, "InvalidParameterException");
  });

  it("refuses a value over 64 KiB", async () => {
    const { secretsManager } = await openSecret(1);
    const long = secretsManager.putSecretValue({ SecretId, SecretString: "x".repeat(65_537) });
    await expectRefusal(long, "ValidationException");
  });

  it("removes versions beyond a hundred once they are a day old, and none before", async () => {
    const { aws, secretsManager, time } = await openTestBed();
    for (let number = 0; number < 110; number += 1) aws.secrets.plant(SecretId, `v${number}`);
    const young = await secretsManager.listSecretVersionIds({
      SecretId,
      IncludeDeprecated: true,
      MaxResults: 100,
    });
    expect(young.NextToken).toBeDefined();
    time.nowMs += dayMs;
    aws.secrets.plant(SecretId, "one more");
    const old = await secretsManager.listSecretVersionIds({
      SecretId,
      IncludeDeprecated: true,
      MaxResults: 100,
    });
    expect(old.NextToken).toBeUndefined();
    expect(old.Versions).toHaveLength(100);
  });
});

describe("GetSecretValue", () => {
  it("reads a version without any label by its id", async () => {
    const { secretsManager } = await openSecret(3);
    expect((await secretsManager.getSecretValue({ SecretId, VersionId: first })).SecretString).toBe("v1");
  });

  it("reads a version by its label", async () => {
    const { secretsManager } = await openSecret(2);
    const previous = await secretsManager.getSecretValue({ SecretId, VersionStage: "AWSPREVIOUS" });
    expect(previous).toMatchObject({ SecretString: "v1", VersionId: first, VersionStages: ["AWSPREVIOUS"] });
  });

  it("refuses an id and a label that do not belong together", async () => {
    const { secretsManager } = await openSecret(2);
    const choice = { VersionId: first, VersionStage: "AWSCURRENT" };
    await expectRefusal(secretsManager.getSecretValue({ SecretId, ...choice }), "InvalidRequestException");
  });

  it("does not find a version that was never made", async () => {
    const { secretsManager } = await openSecret(1);
    const asked = secretsManager.getSecretValue({ SecretId, VersionId: second });
    await expectRefusal(asked, "ResourceNotFoundException", new RegExp(`VersionId: ${second}`));
  });

  it("does not find a value where there is no version", async () => {
    const { secretsManager } = await openTestBed();
    await secretsManager.createSecret({ Name: SecretId });
    const asked = secretsManager.getSecretValue({ SecretId });
    await expectRefusal(asked, "ResourceNotFoundException", /staging label: AWSCURRENT/);
  });

  it("notes the day of the reading, without the hour", async () => {
    const { secretsManager } = await openSecret(1);
    await secretsManager.getSecretValue({ SecretId });
    const { LastAccessedDate } = await secretsManager.describeSecret({ SecretId });
    expect(LastAccessedDate).toEqual(new Date("2027-01-15T00:00:00Z"));
  });
});

describe("ListSecretVersionIds", () => {
  it("leaves out versions without a label", async () => {
    const { secretsManager } = await openSecret(3);
    const { Versions = [] } = await secretsManager.listSecretVersionIds({ SecretId });
    expect(Versions.map(({ VersionId }) => VersionId)).toEqual([second, third]);
  });

  it("lists them on demand", async () => {
    const { secretsManager } = await openSecret(3);
    const { Versions = [] } = await secretsManager.listSecretVersionIds({
      SecretId,
      IncludeDeprecated: true,
    });
    expect(Versions.map(({ VersionId }) => VersionId)).toEqual([first, second, third]);
  });

  it("tells the key, the labels and the times of a version", async () => {
    const { secretsManager, time } = await openSecret(1);
    const { Versions } = await secretsManager.listSecretVersionIds({ SecretId });
    expect(Versions).toEqual([
      {
        VersionId: first,
        VersionStages: ["AWSCURRENT"],
        CreatedDate: new Date(time.nowMs),
        KmsKeyIds: ["DefaultEncryptionKey"],
      },
    ]);
  });

  it("goes page by page", async () => {
    const { secretsManager: client } = await openSecret(5);
    const pages: number[] = [];
    const asked = { SecretId, IncludeDeprecated: true };
    for await (const page of paginateListSecretVersionIds({ client, pageSize: 2 }, asked)) {
      pages.push(page.Versions?.length ?? 0);
    }
    expect(pages).toEqual([2, 2, 1]);
  });

  it("refuses a page token that was never given out", async () => {
    const { secretsManager } = await openSecret(1);
    const asked = secretsManager.listSecretVersionIds({ SecretId, NextToken: "made-up" });
    await expectRefusal(asked, "InvalidNextTokenException");
  });
});

describe("UpdateSecretVersionStage", () => {
  it("leaves AWSCURRENT and AWSPENDING on the same version after a promotion", async () => {
    const bed = await openSecret(1);
    await putPending(bed, 2);
    const move = { RemoveFromVersionId: first, MoveToVersionId: second };
    await bed.secretsManager.updateSecretVersionStage({ SecretId, VersionStage: "AWSCURRENT", ...move });
    expect(await stagesIn(bed)).toEqual({ [first]: ["AWSPREVIOUS"], [second]: ["AWSCURRENT", "AWSPENDING"] });
  });

  it("rolls back: AWSPREVIOUS goes to the version that was current", async () => {
    const bed = await openSecret(2);
    const move = { RemoveFromVersionId: second, MoveToVersionId: first };
    await bed.secretsManager.updateSecretVersionStage({ SecretId, VersionStage: "AWSCURRENT", ...move });
    expect(await stagesIn(bed)).toEqual({ [first]: ["AWSCURRENT"], [second]: ["AWSPREVIOUS"] });
  });

  it("asks for the version from which a label is taken", async () => {
    const { secretsManager } = await openSecret(2);
    const move = { VersionStage: "AWSCURRENT", MoveToVersionId: first };
    const asked = secretsManager.updateSecretVersionStage({ SecretId, ...move });
    await expectRefusal(asked, "InvalidParameterException", /RemoveFromVersionId can't be empty/);
  });

  it("refuses to take a label from a version that does not hold it", async () => {
    const { secretsManager } = await openSecret(3);
    const move = { VersionStage: "AWSCURRENT", RemoveFromVersionId: second, MoveToVersionId: first };
    const asked = secretsManager.updateSecretVersionStage({ SecretId, ...move });
    await expectRefusal(asked, "InvalidParameterException", /not attached/);
  });

  it("never leaves a secret without AWSCURRENT", async () => {
    const { secretsManager } = await openSecret(1);
    const move = { VersionStage: "AWSCURRENT", RemoveFromVersionId: first };
    await expectRefusal(
      secretsManager.updateSecretVersionStage({ SecretId, ...move }),
      "InvalidParameterException",
    );
  });

  it("removes another label: its version becomes deprecated", async () => {
    const bed = await openSecret(1);
    await putPending(bed, 2);
    const move = { VersionStage: "AWSPENDING", RemoveFromVersionId: second };
    await bed.secretsManager.updateSecretVersionStage({ SecretId, ...move });
    expect(await stagesIn(bed)).toEqual({ [first]: ["AWSCURRENT"] });
  });

  it("refuses a version that does not exist", async () => {
    const { secretsManager } = await openSecret(1);
    const move = { VersionStage: "AWSCURRENT", RemoveFromVersionId: first, MoveToVersionId: third };
    const asked = secretsManager.updateSecretVersionStage({ SecretId, ...move });
    await expectRefusal(asked, "InvalidParameterException", /Not a valid version/);
  });

  it("puts at most twenty labels on a version", async () => {
    const bed = await openSecret(1);
    const VersionStages = Array.from({ length: 21 }, (_, index) => `label-${index}`);
    const asked = bed.secretsManager.putSecretValue({ SecretId, SecretString: "v2", VersionStages });
    await expectRefusal(asked, "LimitExceededException");
    expect(await stagesIn(bed)).toEqual({ [first]: ["AWSCURRENT"] });
  });
});

describe("the event of a moved label", () => {
  it("has the shape of Secrets Manager's own", async () => {
    const { events, secretsManager } = await openSecret(2);
    const { ARN } = await secretsManager.describeSecret({ SecretId });
    expect(events.at(-1)).toEqual({
      version: "0",
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      "detail-type": "Secret Label Updated",
      source: "aws.secretsmanager",
      account: "111122223333",
      time: "2027-01-15T08:30:00Z",
      region: "eu-west-1",
      resources: [ARN],
      detail: { name: SecretId, labelUpdated: "AWSCURRENT", versionId: second },
    });
  });

  it("is not sent for AWSPENDING and AWSPREVIOUS", async () => {
    const bed = await openSecret(2);
    await putPending(bed, 3);
    expect(bed.events.map(({ detail }) => detail.labelUpdated)).toEqual(["AWSCURRENT", "AWSCURRENT"]);
  });

  it("is sent for a label of one's own", async () => {
    const { events, secretsManager } = await openSecret(1);
    const move = { VersionStage: "canary", MoveToVersionId: first };
    await secretsManager.updateSecretVersionStage({ SecretId, ...move });
    expect(events.at(-1)?.detail).toEqual({ name: SecretId, labelUpdated: "canary", versionId: first });
  });

  it("is not sent for a change of the description", async () => {
    const { events, secretsManager } = await openSecret(1);
    await secretsManager.updateSecret({ SecretId, Description: "other words" });
    expect(events).toHaveLength(1);
  });
});
