import { expect, it } from "vitest";
import { createEnvironmentSource } from "../../functions/adapters/environment-source.ts";
import type { EnvironmentSource } from "../../functions/adapters/source-reader.ts";
import { createTruthSource } from "../../functions/adapters/truth-source.ts";
import { canary, expectNoCanary } from "../canaries.ts";
import { openSecrets, shown } from "./secrets-bed.ts";

const variables = {
  TOKEN: "current",
  TOKEN_OLD: "older",
  TOKEN_OLDER: "oldest",
  SAME: "current",
  AGAIN: "older",
  EMPTY: "",
  NEXT: "next",
  HALF: "\ud800",
};

const historyOf = async (source: EnvironmentSource) =>
  shown((await createEnvironmentSource(variables).readHistory(new Map([["T", { source }]]))).get("T"));

it("reads current, pending and older values from the environment", async () => {
  const source = { env: "TOKEN", older: ["TOKEN_OLD", "TOKEN_OLDER"], pending: "NEXT" };

  expect(await historyOf(source)).toEqual({
    current: ["env:TOKEN", "current"],
    pending: ["env:NEXT", "next"],
    older: [
      ["env:TOKEN_OLD", "older"],
      ["env:TOKEN_OLDER", "oldest"],
    ],
    newer: [],
  });
});

it("drops older values that are unset, empty, current or there already", async () => {
  const source = { env: "TOKEN", older: ["MISSING", "EMPTY", "SAME", "TOKEN_OLD", "AGAIN"] };

  expect(await historyOf(source)).toMatchObject({ older: [["env:TOKEN_OLD", "older"]] });
});

it.each(["SAME", "EMPTY", "MISSING"])("sees no pending value in %s", async (pending) => {
  expect(await historyOf({ env: "TOKEN", pending })).not.toHaveProperty("pending");
});

it("reads no older values as long as nobody needs them, and gives an empty current value as it is", async () => {
  const source = createEnvironmentSource(variables);
  const secrets = new Map([
    ["T", { source: { env: "TOKEN", older: ["TOKEN_OLD"] } }],
    ["E", { source: { env: "EMPTY" } }],
  ]);

  const truths = await source.readCurrent(secrets);

  expect(truths.get("T")).toMatchObject({ older: [] });
  expect(shown(truths.get("E"))).toMatchObject({ current: ["env:EMPTY", ""] });
});

it.each([
  ["MISSING", "not-found"],
  ["HALF", "ill-formed"],
  ["toString", "not-found"],
])("cannot read %s", async (env, code) => {
  const source = createEnvironmentSource(variables);

  const truths = await source.readCurrent(new Map([["T", { source: { env } }]]));

  expect(truths.get("T")).toMatchObject({ kind: "unreadable", code });
  await expect(source.readCredential({ env })).rejects.toMatchObject({ code: "truth-unreadable" });
});

it("reads each secret and each credential where it lives", async () => {
  const value = canary("routed");
  const { source: secretsManager, putAll } = await openSecrets();
  putAll("prod/one", value);
  const truth = createTruthSource({ secretsManager, environment: createEnvironmentSource(variables) });
  const secrets = new Map([
    ["ONE", { source: { secretsManager: "prod/one" } }],
    ["TWO", { source: { env: "TOKEN" } }],
  ]);

  const [current, history] = [await truth.readCurrent(secrets), await truth.readHistory(secrets)];
  const credentials = await Promise.all([
    truth.readCredential({ secretsManager: "prod/one" }),
    truth.readCredential({ env: "TOKEN" }),
  ]);

  expect([...current.values(), ...history.values()].map(({ kind }) => kind)).toEqual(Array(4).fill("read"));
  expect(credentials.map((credential) => credential.reveal())).toEqual([value, "current"]);
  expectNoCanary([current, history, credentials], [value]);
});
