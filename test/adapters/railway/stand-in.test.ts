import { Agent } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { createRailway } from "../../../functions/adapters/railway/railway.ts";
import type { CredentialSource, RailwayEntry } from "../../../functions/core/fleet.ts";
import { Secret } from "../../../functions/protocol/secret.ts";
import { canary, expectNoCanary } from "../../canaries.ts";
import { startQuietRailway } from "../../sandbox/railway/fixtures/quiet-railway.ts";
import {
  gateway,
  gatewayScope,
  production,
  projectId,
  staging,
  tokens,
} from "../../sandbox/railway/fixtures/small-world.ts";
import { schema } from "../../sandbox/railway/schema.ts";
import { defineRailwayContract, type RailwayWorld } from "./railway-contract.ts";

const entry: RailwayEntry = {
  project: projectId,
  environment: production,
  service: gateway,
  token: { env: "production" },
};

const mutationNames = Object.keys(schema.getMutationType()?.getFields() ?? {});

async function readToken(source: CredentialSource): Promise<Secret> {
  return new Secret("env" in source && source.env === "account" ? tokens.account : tokens.production);
}

async function startWorld() {
  const quiet = await startQuietRailway();
  let requests = 0;
  const agent = new Agent();
  const dispatcher = agent.compose((dispatch) => (options, handler) => {
    requests += 1;
    return dispatch(options, handler);
  });
  onTestFinished(() => agent.close());
  const { apiUrl } = quiet.railway;
  return {
    ...quiet,
    requestCount: () => requests,
    startRun: () => createRailway({ apiUrl, dispatcher, clock: quiet.clock, credential: readToken }),
  };
}

async function makeWorld(): Promise<RailwayWorld> {
  const { railway, clock, requestCount, startRun } = await startWorld();
  return {
    entry,
    misplaced: { ...entry, environment: staging },
    withAccountToken: { ...entry, token: { env: "account" } },
    startRun,
    requestCount,
    stored: () => railway.state.stored(gatewayScope),
    deploymentIds: () => railway.state.deployments(gateway).map(({ id }) => id),
    mutations: () =>
      railway.calls.map(({ operation }) => operation).filter((name) => mutationNames.includes(name)),
    humanSets: (name, value) => railway.humanSets(gateway, name, value, { deploy: false }),
    rollBack: (deploymentId) => void railway.rollback(deploymentId),
    nextDeployment: (fate) => void railway.plant({ kind: "deployment", fate }),
    refuseDeploymentList: () =>
      void railway.plant({ kind: "not-authorized", operation: "deployments", times: "always" }),
    settle: () => clock.runUntil(railway.state.settled()),
    passAWhile: () => clock.advance(1_000),
  };
}

defineRailwayContract("the Railway adapter on the stand-in", makeWorld);

test("sends its source with every call, so that Cloudflare lets it through", async () => {
  const { railway, startRun } = await startWorld();
  railway.plant({ kind: "edge-blocked", page: "html", times: "always" });

  const state = await startRun().observe(entry, new Map());

  expect(state.kind).toBe("seen");
  expect(new Set(railway.calls.map(({ query }) => query))).toEqual(new Set(["source=tallystick"]));
});

test("repeats nothing of an error that echoes the value", async () => {
  const { railway, startRun } = await startWorld();
  const value = canary("echo");
  railway.plant({
    kind: "error",
    message: "Unexpected input",
    operation: "variableCollectionUpsert",
    echoValueInError: true,
  });

  const failure = await startRun()
    .setVariables(entry, new Map([["AUTH_SECRET", new Secret(value)]]))
    .catch((error: unknown) => error);

  expect(failure).toMatchObject({ code: "railway-refused" });
  expectNoCanary(failure, [value, tokens.production]);
});

test("does not set variables again where the connection ended after the first time", async () => {
  const { railway, startRun } = await startWorld();
  railway.plant({ kind: "cut-off", when: "after", operation: "variableCollectionUpsert" });

  const writing = startRun().setVariables(entry, new Map([["AUTH_SECRET", new Secret("secret-2")]]));

  await expect(writing).rejects.toMatchObject({ code: "railway-unreachable", retryable: false });
  expect(railway.calls.filter(({ operation }) => operation === "variableCollectionUpsert")).toHaveLength(1);
});
