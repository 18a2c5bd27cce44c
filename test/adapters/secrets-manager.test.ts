import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect, it, onTestFinished } from "vitest";
import { awsClientBounds } from "../../functions/adapters/aws-bounds.ts";
import { meansSecret } from "../../functions/adapters/secret-id.ts";
import { createSecretsManagerSource } from "../../functions/adapters/secrets-manager.ts";
import { limits } from "../../functions/core/limits.ts";
import { canary, expectNoCanary } from "../canaries.ts";
import { openNothing } from "./http-endpoint.ts";
import { entries, openSecrets, shown } from "./secrets-bed.ts";

it("reads the current version of each secret, by name, by ARN and by an ARN without its ending", async () => {
  const { source, putAll, aws } = await openSecrets();
  const [version] = putAll("prod/one", "value");
  const { arn } = aws.secrets.find("prod/one");

  const truths = await source.readCurrent(entries({ NAME: "prod/one", ARN: arn, PARTIAL: arn.slice(0, -7) }));

  const expected = { current: [version, "value"], older: [], newer: [] };
  expect([...truths.values()].map(shown)).toEqual([expected, expected, expected]);
});

it("asks for at most twenty secrets in a call, and for a secret with several keys once", async () => {
  const { source, aws } = await openSecrets();
  const names = Array.from({ length: 41 }, (_, index) => `secret-${index}`);
  for (const name of names) aws.secrets.plant(name, '{"a":"1","b":"2"}');

  const truths = await source.readCurrent(
    entries(
      Object.fromEntries(
        names.flatMap((name) => [
          [`${name}-a`, `${name}#a`],
          [`${name}-b`, `${name}#b`],
        ]),
      ),
    ),
  );

  expect([...truths.values()].every(({ kind }) => kind === "read")).toBe(true);
  const batches = aws.requests.filter(({ operation }) => operation === "BatchGetSecretValue");
  expect(batches.map(({ ids }) => ids.length).sort()).toEqual([1, 20, 20]);
  expect(aws.requests.filter(({ operation }) => operation === "ListSecretVersionIds")).toHaveLength(41);
});

it("never reads a version that is neither current nor pending", async () => {
  const { source, putAll, stage, aws } = await openSecrets();
  const [, , , current] = putAll("prod/one", "v1", "v2", "v3", "v4");
  const pending = await stage("prod/one", "v5", ["AWSPENDING"]);

  const truths = await source.readCurrent(entries({ ONE: "prod/one" }));

  expect(shown(truths.get("ONE"))).toEqual({
    current: [current, "v4"],
    pending: [pending, "v5"],
    older: [],
    newer: [],
  });
  const read = aws.requests.filter(({ operation }) => operation === "GetSecretValue");
  expect(read.map(({ versionId }) => versionId)).toEqual([pending]);
});

it("sees no pending version where AWSPENDING stands on the current one", async () => {
  const { source, putAll, stage, aws } = await openSecrets();
  putAll("prod/one", "v1");
  const promoted = await stage("prod/one", "v2", ["AWSPENDING"]);
  const { versions } = aws.secrets.find("prod/one");
  const current = [...versions.values()].find(({ stages }) => stages.has("AWSCURRENT"));
  aws.secrets.moveLabel(aws.secrets.find("prod/one"), {
    label: "AWSCURRENT",
    fromId: current?.id,
    toId: promoted,
  });

  const truth = (await source.readCurrent(entries({ ONE: "prod/one" }))).get("ONE");

  expect(shown(truth)).toEqual({ current: [promoted, "v2"], older: [], newer: [] });
  expect(aws.requests.filter(({ operation }) => operation === "GetSecretValue")).toEqual([]);
});

it("sees no pending version of a key that does not change with it", async () => {
  const { source, putAll, stage } = await openSecrets();
  putAll("prod/one", '{"a":"1","b":"1"}');
  await stage("prod/one", '{"a":"1","b":"2"}', ["AWSPENDING"]);

  const truths = await source.readCurrent(entries({ A: "prod/one#a", B: "prod/one#b" }));

  expect(shown(truths.get("A"))).not.toHaveProperty("pending");
  expect(shown(truths.get("B"))).toHaveProperty("pending");
});

it("dates a key that expires by the version that brought its value", async () => {
  const { source, putAll, aws } = await openSecrets();
  putAll("prod/one", '{"a":"0"}', '{"a":"1"}', '{"b":"1"}', '{"a":"1","b":"2"}');
  const { versions } = aws.secrets.find("prod/one");
  const second = [...versions.values()][1];
  const secrets = new Map([
    [
      "A",
      {
        source: { secretsManager: "prod/one", jsonKey: "a" },
        expires: { after: 1_000, warn: 1 },
      },
    ],
  ]);

  const truth = (await source.readCurrent(secrets)).get("A");

  expect(truth?.kind === "read" && truth.current.createdAtMs).toBe(second?.createdAtMs);
  expect(truth).toMatchObject({ older: [] });
});

it("takes no secret for another whose name goes on", async () => {
  const { source, putAll, aws } = await openSecrets();
  putAll("prod/one-more", "value");
  const { arn } = aws.secrets.find("prod/one-more");

  const partial = arn.slice(0, arn.indexOf("-more"));

  expect(meansSecret(partial, { ARN: arn, Name: "prod/one-more" })).toBe(false);
  expect((await source.readCurrent(entries({ ONE: partial }))).get("ONE")).toMatchObject({
    code: "not-found",
  });
});

it("reads the versions of a frenzy page by page, and no more of them than its bound", async () => {
  const { source, aws } = await openSecrets();
  for (let index = 0; index < 230; index += 1) aws.secrets.plant("prod/one", `v${index}`);

  const truth = (await source.readHistory(entries({ ONE: "prod/one" }))).get("ONE");

  expect(shown(truth)).toMatchObject({ current: [expect.any(String), "v229"] });
  expect(truth?.kind === "read" && truth.older).toHaveLength(limits.versionsMax - 1);
  expect(aws.requests.filter(({ operation }) => operation === "ListSecretVersionIds")).toHaveLength(3);
});

it("reads a hundred versions, each once", async () => {
  const { source, putAll, aws } = await openSecrets();
  const ids = putAll("prod/one", ...Array.from({ length: 100 }, (_, index) => `v${index}`));

  const truth = (await source.readHistory(entries({ ONE: "prod/one" }))).get("ONE");

  if (truth?.kind !== "read") throw new Error("unreadable");
  expect(truth.older.map(({ id }) => id)).toEqual(ids.slice(0, -1).reverse());
  expect(aws.requests.filter(({ operation }) => operation === "GetSecretValue")).toHaveLength(100);
});

it.each([
  ["no such secret", "not-found", "prod/missing"],
  ["one that waits for its deletion", "pending-deletion", "prod/deleted"],
  ["one that may not be read", "access-denied", "prod/denied"],
  ["bytes", "binary", "prod/bytes"],
  ["a key that is not there", "key-missing", "prod/json#missing"],
  ["a key that every object inherits", "key-missing", "prod/json#constructor"],
  ["a key that holds no text", "not-text", "prod/json#number"],
  ["a text that is no JSON", "not-json", "prod/text#key"],
  ["JSON that is no object", "not-json", "prod/array#0"],
  ["a half of a surrogate pair", "ill-formed", "prod/json#half"],
])("says %s of that secret alone", async (_what, code, text) => {
  const value = canary(code);
  const { source, putAll, aws, secretsManager } = await openSecrets();
  putAll("prod/good", "fine");
  putAll("prod/text", value);
  putAll("prod/array", JSON.stringify([value]));
  putAll("prod/json", `{"number":1,"half":"${value}\\ud800","key":"${value}"}`);
  putAll("prod/denied", value);
  aws.denySecret("prod/denied");
  putAll("prod/deleted", value);
  await secretsManager.deleteSecret({ SecretId: "prod/deleted" });
  await secretsManager.createSecret({ Name: "prod/bytes", SecretBinary: Buffer.from(value) });
  const secrets = entries({ GOOD: "prod/good", BAD: text });

  for (const reading of ["readCurrent", "readHistory"] as const) {
    const truths = await source[reading](secrets);

    expect(truths.get("GOOD")).toMatchObject({ kind: "read" });
    expect(truths.get("BAD")).toMatchObject({ kind: "unreadable", code });
    expect(truths.get("BAD")).toHaveProperty("detail", expect.stringContaining(text.split("#")[0] ?? ""));
    expectNoCanary(truths, [value]);
  }
  const [entry] = entries({ BAD: text }).values();
  const reading = entry && source.readCredential(entry.source);
  await expect(reading).rejects.toMatchObject({ name: "TallystickError", code: "truth-unreadable" });
  await reading?.catch((error: unknown) => expectNoCanary(error, [value]));
});

it("reads the others where AWS cannot take one id", async () => {
  const { source, putAll, aws } = await openSecrets();
  putAll("prod/good", "fine");
  aws.failNext("BatchGetSecretValue", { status: 400, code: "ValidationException", message: "" });

  const truths = await source.readCurrent(entries({ GOOD: "prod/good", ODD: "prod/odd" }));

  expect(truths.get("GOOD")).toMatchObject({ kind: "read" });
  expect(truths.get("ODD")).toMatchObject({ kind: "unreadable", code: "not-found" });
});

it("makes every secret of a call that failed unreadable, in words of its own", async () => {
  const { source, putAll, aws } = await openSecrets();
  putAll("prod/one", "1");
  putAll("prod/two", "2");
  const message = canary("message");
  for (let attempt = 0; attempt < 3; attempt += 1) {
    aws.failNext("BatchGetSecretValue", { status: 500, code: "InternalServiceError", message });
  }

  const truths = await source.readCurrent(entries({ ONE: "prod/one", TWO: "prod/two" }));

  expect([...truths.values()].map((truth) => truth.kind === "unreadable" && truth.code)).toEqual([
    "unreachable",
    "unreachable",
  ]);
  expectNoCanary(truths, [message]);
});

it("does not pass over a list or a pending version that could not be read", async () => {
  const { source, putAll, stage, aws } = await openSecrets();
  putAll("prod/one", "1");
  await stage("prod/one", "2", ["AWSPENDING"]);
  const failure = { status: 400, code: "AccessDeniedException", message: "" };

  aws.failNext("ListSecretVersionIds", failure);
  const unlisted = await source.readCurrent(entries({ ONE: "prod/one" }));
  aws.failNext("GetSecretValue", failure);
  const unread = await source.readCurrent(entries({ ONE: "prod/one" }));

  expect(unlisted.get("ONE")).toMatchObject({ kind: "unreadable", code: "access-denied" });
  expect(unread.get("ONE")).toMatchObject({ kind: "unreadable", code: "access-denied" });
});

it("says that AWS cannot be reached", async () => {
  const client = new SecretsManagerClient({
    ...awsClientBounds,
    maxAttempts: 1,
    endpoint: await openNothing(),
  });
  onTestFinished(() => client.destroy());

  const truths = await createSecretsManagerSource(client).readCurrent(entries({ ONE: "prod/one" }));

  expect(truths.get("ONE")).toMatchObject({ kind: "unreadable", code: "unreachable" });
});

it("gives up on an answer that never comes", async () => {
  const { putAll, aws } = await openSecrets();
  putAll("prod/one", "1");
  aws.delayNext("BatchGetSecretValue", 60_000);
  const client = new SecretsManagerClient({
    maxAttempts: 1,
    requestHandler: { ...awsClientBounds.requestHandler, requestTimeout: 100 },
    endpoint: aws.endpoint,
  });
  onTestFinished(() => client.destroy());

  const truths = await createSecretsManagerSource(client).readCurrent(entries({ ONE: "prod/one" }));

  expect(truths.get("ONE")).toMatchObject({ kind: "unreadable", code: "unreachable" });
});
