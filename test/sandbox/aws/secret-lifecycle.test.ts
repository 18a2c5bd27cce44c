import { describe, expect, it } from "vitest";
import { expectRefusal, openTestBed, tokenOf } from "./test-bed.ts";

const dayMs = 86_400_000;
const SecretId = "shared/model-key";

describe("CreateSecret", () => {
  it("makes a first version that is current", async () => {
    const { secretsManager } = await openTestBed();
    await secretsManager.createSecret({ Name: SecretId, SecretString: "v1" });
    expect(await secretsManager.getSecretValue({ SecretId })).toMatchObject({
      SecretString: "v1",
      VersionStages: ["AWSCURRENT"],
    });
  });

  it("answers without a version id where there is no value", async () => {
    const { secretsManager } = await openTestBed();
    expect(await secretsManager.createSecret({ Name: SecretId })).not.toHaveProperty("VersionId");
  });

  it("refuses a name that exists", async () => {
    const { secretsManager } = await openTestBed();
    await secretsManager.createSecret({ Name: SecretId, SecretString: "v1" });
    const again = secretsManager.createSecret({ Name: SecretId, SecretString: "v1" });
    await expectRefusal(again, "ResourceExistsException", /already exists/);
  });

  it("takes the same request twice", async () => {
    const { secretsManager } = await openTestBed();
    const request = { Name: SecretId, SecretString: "v1", ClientRequestToken: tokenOf(1) };
    const { ARN } = await secretsManager.createSecret(request);
    expect((await secretsManager.createSecret(request)).ARN).toBe(ARN);
  });

  it.each(["", "with space", "Inv*Name?", "x".repeat(513)])("refuses the name %j", async (Name) => {
    const { secretsManager } = await openTestBed();
    await expectRefusal(secretsManager.createSecret({ Name }), "ValidationException", /Invalid name/);
  });

  it("takes every character that AWS takes in a name", async () => {
    const { secretsManager } = await openTestBed();
    const Name = "Valid/_+=.@!-Name-a1b2";
    expect((await secretsManager.createSecret({ Name })).Name).toBe(Name);
  });
});

describe("the id of a secret", () => {
  it("may be its name, its ARN or its ARN without the last six characters", async () => {
    const { secretsManager } = await openTestBed();
    const { ARN = "" } = await secretsManager.createSecret({ Name: SecretId });
    for (const id of [SecretId, ARN, ARN.slice(0, -7)]) {
      expect((await secretsManager.describeSecret({ SecretId: id })).ARN).toBe(ARN);
    }
  });

  it("is not found where there is no such secret", async () => {
    const { secretsManager } = await openTestBed();
    const asked = secretsManager.getSecretValue({ SecretId });
    await expectRefusal(asked, "ResourceNotFoundException", /can't find the specified secret/);
  });
});

describe("DescribeSecret", () => {
  it("leaves out tags and versions where there are none", async () => {
    const { secretsManager, time } = await openTestBed();
    await secretsManager.createSecret({ Name: SecretId });
    const { $metadata, ARN, ...described } = await secretsManager.describeSecret({ SecretId });
    const now = new Date(time.nowMs);
    expect(described).toEqual({ Name: SecretId, CreatedDate: now, LastChangedDate: now });
  });

  it("tells the tags that were given and not taken away", async () => {
    const { secretsManager } = await openTestBed();
    await secretsManager.createSecret({ Name: SecretId, Tags: [{ Key: "team", Value: "a" }] });
    await secretsManager.tagResource({ SecretId, Tags: [{ Key: "tier", Value: "b" }] });
    await secretsManager.untagResource({ SecretId, TagKeys: ["team"] });
    expect((await secretsManager.describeSecret({ SecretId })).Tags).toEqual([{ Key: "tier", Value: "b" }]);
  });
});

describe("UpdateSecret", () => {
  it("makes a new current version of a value", async () => {
    const { secretsManager } = await openTestBed();
    await secretsManager.createSecret({ Name: SecretId, SecretString: "v1" });
    const { VersionId } = await secretsManager.updateSecret({ SecretId, SecretString: "v2" });
    expect(await secretsManager.getSecretValue({ SecretId })).toMatchObject({
      SecretString: "v2",
      VersionId,
    });
  });

  it("makes no version of a description", async () => {
    const { secretsManager } = await openTestBed();
    await secretsManager.createSecret({ Name: SecretId, SecretString: "v1" });
    expect(await secretsManager.updateSecret({ SecretId, Description: "d" })).not.toHaveProperty("VersionId");
    expect((await secretsManager.describeSecret({ SecretId })).Description).toBe("d");
  });
});

describe("DeleteSecret", () => {
  it("keeps a secret restorable for thirty days", async () => {
    const { aws, secretsManager, time } = await openTestBed();
    aws.secrets.plant(SecretId, "v1");
    const { DeletionDate } = await secretsManager.deleteSecret({ SecretId });
    expect(DeletionDate).toEqual(new Date(time.nowMs + 30 * dayMs));
    time.nowMs += 30 * dayMs - 1;
    await secretsManager.restoreSecret({ SecretId });
    expect((await secretsManager.getSecretValue({ SecretId })).SecretString).toBe("v1");
  });

  it("lets a secret go when its window ends", async () => {
    const { aws, secretsManager, time } = await openTestBed();
    aws.secrets.plant(SecretId, "v1");
    await secretsManager.deleteSecret({ SecretId, RecoveryWindowInDays: 7 });
    time.nowMs += 7 * dayMs;
    await expectRefusal(secretsManager.describeSecret({ SecretId }), "ResourceNotFoundException");
  });

  it("lets nobody read a secret that waits for its deletion", async () => {
    const { aws, secretsManager } = await openTestBed();
    aws.secrets.plant(SecretId, "v1");
    await secretsManager.deleteSecret({ SecretId });
    await expectRefusal(
      secretsManager.getSecretValue({ SecretId }),
      "InvalidRequestException",
      /marked for deletion/,
    );
  });

  it("lets nobody make a secret of the same name meanwhile", async () => {
    const { aws, secretsManager } = await openTestBed();
    aws.secrets.plant(SecretId, "v1");
    await secretsManager.deleteSecret({ SecretId });
    const again = secretsManager.createSecret({ Name: SecretId, SecretString: "v1" });
    await expectRefusal(again, "InvalidRequestException", /already scheduled for deletion/);
  });

  it("is still described, with the day of its deletion", async () => {
    const { aws, secretsManager, time } = await openTestBed();
    aws.secrets.plant(SecretId, "v1");
    await secretsManager.deleteSecret({ SecretId });
    const { DeletedDate } = await secretsManager.describeSecret({ SecretId });
    expect(DeletedDate).toEqual(new Date(time.nowMs));
  });

  it("forgets at once when forced, and the name is free with another ARN", async () => {
    const { aws, secretsManager } = await openTestBed();
    aws.secrets.plant(SecretId, "v1");
    const { ARN } = await secretsManager.deleteSecret({ SecretId, ForceDeleteWithoutRecovery: true });
    expect((await secretsManager.createSecret({ Name: SecretId })).ARN).not.toBe(ARN);
  });

  it("refuses force together with a window", async () => {
    const { aws, secretsManager } = await openTestBed();
    aws.secrets.plant(SecretId, "v1");
    const both = { ForceDeleteWithoutRecovery: true, RecoveryWindowInDays: 7 };
    await expectRefusal(secretsManager.deleteSecret({ SecretId, ...both }), "InvalidParameterException");
  });

  it.each([6, 31])("refuses a window of %i days", async (RecoveryWindowInDays) => {
    const { aws, secretsManager } = await openTestBed();
    aws.secrets.plant(SecretId, "v1");
    const asked = secretsManager.deleteSecret({ SecretId, RecoveryWindowInDays });
    await expectRefusal(asked, "InvalidParameterException");
  });
});

describe("ListSecrets", () => {
  it("leaves out what waits for its deletion, unless asked", async () => {
    const { aws, secretsManager } = await openTestBed();
    aws.secrets.plant("kept", "v1");
    aws.secrets.plant("gone", "v1");
    await secretsManager.deleteSecret({ SecretId: "gone" });
    expect((await secretsManager.listSecrets({})).SecretList?.map(({ Name }) => Name)).toEqual(["kept"]);
    expect((await secretsManager.listSecrets({ IncludePlannedDeletion: true })).SecretList).toHaveLength(2);
  });

  it("filters by the start of a name, and by its opposite", async () => {
    const { aws, secretsManager } = await openTestBed();
    for (const name of ["prod/a", "prod/b", "test/a"]) aws.secrets.plant(name, "v1");
    const named = async (value: string) => {
      const { SecretList = [] } = await secretsManager.listSecrets({
        Filters: [{ Key: "name", Values: [value] }],
      });
      return SecretList.map(({ Name }) => Name);
    };
    expect(await named("prod/")).toEqual(["prod/a", "prod/b"]);
    expect(await named("!prod/")).toEqual(["test/a"]);
  });

  it("filters by tag and by any word", async () => {
    const { aws, secretsManager } = await openTestBed();
    aws.secrets.plant("plain", "v1");
    await secretsManager.createSecret({ Name: "tagged", Tags: [{ Key: "team", Value: "Blue Whale" }] });
    for (const filter of [
      { Key: "tag-key", Values: ["te"] },
      { Key: "tag-value", Values: ["Blue"] },
      { Key: "all", Values: ["whale"] },
    ] as const) {
      const { SecretList = [] } = await secretsManager.listSecrets({
        Filters: [{ ...filter, Values: [...filter.Values] }],
      });
      expect(SecretList.map(({ Name }) => Name)).toEqual(["tagged"]);
    }
  });

  it("sorts and goes page by page", async () => {
    const { aws, secretsManager } = await openTestBed();
    for (const name of ["b", "c", "a"]) aws.secrets.plant(name, "v1");
    const sorted = { SortBy: "name", SortOrder: "desc", MaxResults: 2 } as const;
    const page = await secretsManager.listSecrets(sorted);
    const next = await secretsManager.listSecrets({ ...sorted, NextToken: page.NextToken });
    expect([...(page.SecretList ?? []), ...(next.SecretList ?? [])].map(({ Name }) => Name)).toEqual([
      "c",
      "b",
      "a",
    ]);
    expect(next.NextToken).toBeUndefined();
  });
});

describe("BatchGetSecretValue", () => {
  it("answers what it can read, and names the rest in Errors with a 200", async () => {
    const { aws, secretsManager } = await openTestBed();
    for (const name of ["a", "b", "c"]) aws.secrets.plant(name, `value of ${name}`);
    aws.denySecret("b");
    await secretsManager.deleteSecret({ SecretId: "c" });
    const answer = await secretsManager.batchGetSecretValue({ SecretIdList: ["a", "b", "c", "d"] });
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(answer.SecretValues?.map(({ SecretString }) => SecretString)).toEqual(["value of a"]);
    expect(answer.Errors?.map(({ SecretId: id, ErrorCode }) => [id, ErrorCode])).toEqual([
      ["b", "AccessDeniedException"],
      ["c", "InvalidRequestException"],
      ["d", "ResourceNotFoundException"],
    ]);
  });

  it("takes at most twenty ids", async () => {
    const { secretsManager } = await openTestBed();
    const ids = Array.from({ length: 21 }, (_, index) => `secret-${index}`);
    expect(
      (await secretsManager.batchGetSecretValue({ SecretIdList: ids.slice(0, 20) })).Errors,
    ).toHaveLength(20);
    await expectRefusal(secretsManager.batchGetSecretValue({ SecretIdList: ids }), "ValidationException");
  });

  it("takes filters in place of ids, page by page", async () => {
    const { aws, secretsManager } = await openTestBed();
    for (const name of ["prod/a", "prod/b", "test/a"]) aws.secrets.plant(name, name);
    const asked = { Filters: [{ Key: "name" as const, Values: ["prod/"] }], MaxResults: 1 };
    const page = await secretsManager.batchGetSecretValue(asked);
    const next = await secretsManager.batchGetSecretValue({ ...asked, NextToken: page.NextToken });
    const values = [page, next].flatMap(({ SecretValues = [] }) => SecretValues);
    expect(values.map(({ SecretString }) => SecretString)).toEqual(["prod/a", "prod/b"]);
  });

  it("refuses ids together with filters, and neither", async () => {
    const { secretsManager } = await openTestBed();
    const both = { SecretIdList: ["a"], Filters: [{ Key: "name" as const, Values: ["a"] }] };
    await expectRefusal(secretsManager.batchGetSecretValue(both), "InvalidParameterException");
    await expectRefusal(secretsManager.batchGetSecretValue({}), "InvalidParameterException");
  });
});

describe("a denied secret", () => {
  it("cannot be read until the denial is lifted", async () => {
    const { aws, secretsManager } = await openTestBed();
    aws.secrets.plant(SecretId, "v1");
    const lift = aws.denySecret(SecretId);
    await expectRefusal(secretsManager.getSecretValue({ SecretId }), "AccessDeniedException");
    lift();
    expect((await secretsManager.getSecretValue({ SecretId })).SecretString).toBe("v1");
  });
});

describe("GetRandomPassword", () => {
  it("makes thirty-two characters", async () => {
    const { secretsManager } = await openTestBed();
    const { RandomPassword = "" } = await secretsManager.getRandomPassword({});
    expect(RandomPassword).toHaveLength(32);
  });

  it("finds room for each kind in four characters", async () => {
    const { secretsManager } = await openTestBed();
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const { RandomPassword = "" } = await secretsManager.getRandomPassword({ PasswordLength: 4 });
      for (const kind of [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/]) expect(RandomPassword).toMatch(kind);
    }
  });

  it("leaves out what is excluded", async () => {
    const { secretsManager } = await openTestBed();
    const kinds = { ExcludePunctuation: true, ExcludeUppercase: true, ExcludeLowercase: true };
    const asked = { ...kinds, ExcludeCharacters: "01234", PasswordLength: 200 };
    expect((await secretsManager.getRandomPassword(asked)).RandomPassword).toMatch(/^[5-9]{200}$/);
  });

  it("refuses what no password can be", async () => {
    const { secretsManager } = await openTestBed();
    await expectRefusal(secretsManager.getRandomPassword({ PasswordLength: 3 }), "InvalidParameterException");
    await expectRefusal(secretsManager.getRandomPassword({ PasswordLength: 4097 }), "ValidationException");
  });
});
