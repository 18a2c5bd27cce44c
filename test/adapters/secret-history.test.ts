import { expect, it } from "vitest";
import type { Truth } from "../../functions/core/observation.ts";
import { entries, openSecrets, shown } from "./secrets-bed.ts";

type Bed = Awaited<ReturnType<typeof openSecrets>>;

async function historyOf({ source }: Bed, text = "prod/one"): Promise<Truth | undefined> {
  return (await source.readHistory(entries({ ONE: text }))).get("ONE");
}

const createdAtMs = (truth: Truth | undefined) => truth?.kind === "read" && truth.current.createdAtMs;

it("reads every version that is still there, deprecated ones too, newest first", async () => {
  const bed = await openSecrets();
  const [v1, v2, v3] = bed.putAll("prod/one", "1", "2", "3");

  expect(shown(await historyOf(bed))).toEqual({
    current: [v3, "3"],
    older: [
      [v2, "2"],
      [v1, "1"],
    ],
    newer: [],
  });
});

it("counts successive versions of one key's value as one, from the oldest on", async () => {
  const bed = await openSecrets();
  const [v1, v2, , v4, v5] = bed.putAll(
    "prod/one",
    '{"a":"1"}',
    '{"a":"2"}',
    '{"a":"2","b":"x"}',
    '{"a":"3"}',
    '{"a":"3","b":"y"}',
  );
  const { versions } = bed.aws.secrets.find("prod/one");

  const truth = await historyOf(bed, "prod/one#a");

  const [, , v3] = [...versions.keys()];
  expect(shown(truth)).toEqual({
    current: [v5, "3"],
    older: [
      [v3, "2"],
      [v1, "1"],
    ],
    newer: [],
  });
  expect(createdAtMs(truth)).toBe(versions.get(v4 ?? "")?.createdAtMs);
  expect(truth?.kind === "read" && truth.older[0]?.createdAtMs).toBe(versions.get(v2 ?? "")?.createdAtMs);
});

it("calls a version that was rolled back newer", async () => {
  const bed = await openSecrets();
  const [v1, v2, v3] = bed.putAll("prod/one", "1", "2", "3");
  bed.aws.secrets.moveLabel(bed.aws.secrets.find("prod/one"), {
    label: "AWSCURRENT",
    fromId: v3,
    toId: v2,
  });

  expect(shown(await historyOf(bed))).toEqual({
    current: [v2, "2"],
    older: [[v1, "1"]],
    newer: [[v3, "3"]],
  });
});

it("finds the pending version apart, and nothing newer that equals it", async () => {
  const bed = await openSecrets();
  const [v1] = bed.putAll("prod/one", "1");
  await bed.stage("prod/one", "2", ["LABEL"], 1);
  await bed.stage("prod/one", "x", ["OTHER"], 2);
  const pending = await bed.stage("prod/one", "2", ["AWSPENDING"], 3);

  expect(shown(await historyOf(bed))).toEqual({
    current: [v1, "1"],
    pending: [pending, "2"],
    older: [],
    newer: [["00000000-0000-4000-8000-000000000002", "x"]],
  });
});

it("finds a pending version that was left behind by a newer current one", async () => {
  const bed = await openSecrets();
  const [v1] = bed.putAll("prod/one", "1");
  const pending = await bed.stage("prod/one", "2", ["AWSPENDING"]);
  const [v3] = bed.putAll("prod/one", "3");

  expect(shown(await historyOf(bed))).toEqual({
    current: [v3, "3"],
    pending: [pending, "2"],
    older: [[v1, "1"]],
    newer: [],
  });
});

it("calls a run by the version that is current, though a newer one has the same value", async () => {
  const bed = await openSecrets();
  const [, v2, v3] = bed.putAll("prod/one", '{"a":"1"}', '{"a":"2"}', '{"a":"2","b":"x"}');
  bed.aws.secrets.moveLabel(bed.aws.secrets.find("prod/one"), {
    label: "AWSCURRENT",
    fromId: v3,
    toId: v2,
  });

  expect(shown(await historyOf(bed, "prod/one#a"))).toMatchObject({ current: [v2, "2"], newer: [] });
});

it("calls a run by the version that is pending, though a newer one has the same value", async () => {
  const bed = await openSecrets();
  const [v1] = bed.putAll("prod/one", "1");
  const pending = await bed.stage("prod/one", "2", ["AWSPENDING"], 1);
  await bed.stage("prod/one", "2", ["LABEL"], 2);

  expect(shown(await historyOf(bed))).toEqual({
    current: [v1, "1"],
    pending: [pending, "2"],
    older: [],
    newer: [],
  });
});

it("sees no pending version in one that brings the current value back", async () => {
  const bed = await openSecrets();
  const [v1] = bed.putAll("prod/one", "1");
  const between = await bed.stage("prod/one", "2", ["LABEL"], 1);
  await bed.stage("prod/one", "1", ["AWSPENDING"], 2);

  expect(shown(await historyOf(bed))).toEqual({ current: [v1, "1"], older: [], newer: [[between, "2"]] });
});

it("drops what equals the current value further back", async () => {
  const bed = await openSecrets();
  const [, v2, v3] = bed.putAll("prod/one", "1", "2", "1");

  expect(shown(await historyOf(bed))).toEqual({ current: [v3, "1"], older: [[v2, "2"]], newer: [] });
});

it("passes over versions that have no such key, or vanish between list and reading", async () => {
  const bed = await openSecrets();
  const [v1, , v3] = bed.putAll("prod/one", '{"a":"1"}', '{"b":"x"}', '{"a":"1","b":"y"}', '{"a":"2"}');
  bed.aws.failNext("GetSecretValue", { status: 400, code: "ResourceNotFoundException", message: "" });

  const truth = await historyOf(bed, "prod/one#a");

  // The newest version is read first, and it was the one that vanished.
  expect(truth).toMatchObject({ kind: "unreadable", code: "not-found" });
  expect(shown(await historyOf(bed, "prod/one#a"))).toMatchObject({ older: [[v3, "1"]] });
  expect(v1).not.toBe(v3);
});

it("reads a version once for all keys of its secret", async () => {
  const bed = await openSecrets();
  bed.putAll("prod/one", '{"a":"1","b":"1"}', '{"a":"2","b":"1"}');

  await bed.source.readHistory(entries({ A: "prod/one#a", B: "prod/one#b" }));

  const read = bed.aws.requests.filter(({ operation }) => operation === "GetSecretValue");
  expect(read).toHaveLength(2);
});

it("is unreadable where a part of the history is: half a history would make an old value look foreign", async () => {
  const bed = await openSecrets();
  bed.putAll("prod/one", "1", "2");
  bed.aws.failNext("GetSecretValue", { status: 400, code: "AccessDeniedException", message: "" });

  expect(await historyOf(bed)).toMatchObject({ kind: "unreadable", code: "access-denied" });
});
