import { expect, test } from "vitest";
import { ask, operations, resultOf } from "./fixtures/graphql-client.ts";
import { startQuietRailway } from "./fixtures/quiet-railway.ts";
import {
  gateway,
  gatewayIds,
  gatewayScope,
  production,
  projectId,
  referenceTo,
  sharedScope,
  worker,
} from "./fixtures/small-world.ts";

const sharedIds = { projectId, environmentId: production };

test("keeps references raw when asked for unrendered values", async () => {
  const { railway } = await startQuietRailway();

  const { data } = await ask(railway.apiUrl, operations.variables, { ...gatewayIds, unrendered: true });

  expect(data?.["variables"]).toMatchObject({
    FROM_SHARED: referenceTo("shared.SHARED_SECRET"),
    AUTH_SECRET: "secret-1",
  });
});

test("renders references to shared variables", async () => {
  const { railway } = await startQuietRailway();

  const { data } = await ask(railway.apiUrl, operations.variables, gatewayIds);

  expect(data?.["variables"]).toMatchObject({ FROM_SHARED: "shared-1" });
});

test("renders references to another service inside a longer value", async () => {
  const { railway } = await startQuietRailway();

  const { data } = await ask(railway.apiUrl, operations.variables, { ...gatewayIds, serviceId: worker });

  expect(data?.["variables"]).toMatchObject({ GATEWAY_SECRET: "x-secret-1" });
});

test("ends the rendering of references that point at each other", async () => {
  const { railway } = await startQuietRailway();
  railway.humanSets(gateway, "AUTH_SECRET", referenceTo("worker.GATEWAY_SECRET"), { deploy: false });

  const { data } = await ask(railway.apiUrl, operations.variables, gatewayIds);

  expect(data?.["variables"]).toMatchObject({ AUTH_SECRET: expect.stringMatching(/^(x-)*$/) });
});

test("gives a sealed variable as a key with null", async () => {
  const { railway } = await startQuietRailway();

  const { data } = await ask(railway.apiUrl, operations.variables, { ...gatewayIds, unrendered: true });

  expect(data?.["variables"]).toHaveProperty("SEALED", null);
});

test("hides what a sealed value was rendered into", async () => {
  const { railway } = await startQuietRailway();
  railway.seal(gateway, "AUTH_SECRET");

  const { data } = await ask(railway.apiUrl, operations.variables, { ...gatewayIds, serviceId: worker });

  expect(data?.["variables"]).toHaveProperty("GATEWAY_SECRET", null);
});

test("keeps a variable sealed when it is overwritten", async () => {
  const { railway } = await startQuietRailway();
  const input = { ...gatewayIds, name: "SEALED", value: "sealed-2", skipDeploys: true };

  await ask(railway.apiUrl, operations.upsert, { input });

  expect(railway.state.stored(gatewayScope)).toHaveProperty("SEALED", "sealed-2");
  expect(railway.state.isSealed(gatewayScope, "SEALED")).toBe(true);
});

test("gives the shared variables when no service is named", async () => {
  const { railway } = await startQuietRailway();

  const { data } = await ask(railway.apiUrl, operations.variables, sharedIds);

  expect(data?.["variables"]).toEqual({ SHARED_SECRET: "shared-1", INHERITED: "inherited-1" });
});

test("shows an inherited shared variable like an own one, without a row of the service", async () => {
  const { railway } = await startQuietRailway();

  const { data } = await ask(railway.apiUrl, operations.variables, { ...gatewayIds, unrendered: true });

  expect(data?.["variables"]).toHaveProperty("INHERITED", "inherited-1");
  expect(railway.state.stored(gatewayScope)).not.toHaveProperty("INHERITED");
});

test("lists rows with their seal and references, page by page", async () => {
  const { railway } = await startQuietRailway();
  const query = `query ($id: String!, $after: String) { environment(id: $id) { variables(first: 4, after: $after) {
    edges { node { name serviceId isSealed references } } pageInfo { hasNextPage endCursor }
  } } }`;
  const page = async (after?: string) => {
    const answer = await ask(railway.apiUrl, query, { id: production, after });
    return resultOf<{ variables: RowPage }>(answer, "environment").variables;
  };

  const first = await page();
  const second = await page(first.pageInfo.endCursor);

  expect(first.edges.map(({ node }) => node.name)).toEqual([
    "SHARED_SECRET",
    "INHERITED",
    "AUTH_SECRET",
    "SEALED",
  ]);
  expect(first.edges.at(0)?.node.serviceId).toBeNull();
  expect(first.edges.at(3)?.node.isSealed).toBe(true);
  expect(first.pageInfo.hasNextPage).toBe(true);
  expect(second.edges.map(({ node }) => node.references)).toEqual([
    ["shared.SHARED_SECRET"],
    ["gateway.AUTH_SECRET"],
  ]);
  expect(second.pageInfo.hasNextPage).toBe(false);
});

interface RowPage {
  readonly edges: readonly {
    node: { name: string; serviceId: string | null; isSealed: boolean; references: string[] };
  }[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string };
}

test("breaks when the service of a shared variable is selected", async () => {
  const { railway } = await startQuietRailway();
  const query =
    "query ($id: String!) { environment(id: $id) { variables { edges { node { service { id } } } } } }";

  const { errors } = await ask(railway.apiUrl, query, { id: production });

  expect(errors.map(({ message }) => message)).toEqual(["Problem processing request"]);
});

test("writes the shared variable when the service is left out", async () => {
  const { railway } = await startQuietRailway();
  const input = { ...sharedIds, name: "AUTH_SECRET", value: "stray", skipDeploys: true };

  await ask(railway.apiUrl, operations.upsert, { input });

  expect(railway.state.stored(sharedScope)).toHaveProperty("AUTH_SECRET", "stray");
  expect(railway.state.stored(gatewayScope)).toHaveProperty("AUTH_SECRET", "secret-1");
});

test("wipes the other variables of the service, sealed ones and references too, when told to replace", async () => {
  const { railway } = await startQuietRailway();
  const input = { ...gatewayIds, variables: { AUTH_SECRET: "secret-2" }, replace: true, skipDeploys: true };

  await ask(railway.apiUrl, operations.collectionUpsert, { input });

  expect(railway.state.stored(gatewayScope)).toEqual({ AUTH_SECRET: "secret-2" });
});

test("leaves the other variables alone otherwise", async () => {
  const { railway } = await startQuietRailway();
  const input = { ...gatewayIds, variables: { AUTH_SECRET: "secret-2", EMPTY: "" }, skipDeploys: true };

  await ask(railway.apiUrl, operations.collectionUpsert, { input });

  expect(railway.state.stored(gatewayScope)).toEqual({
    AUTH_SECRET: "secret-2",
    SEALED: "sealed-1",
    FROM_SHARED: referenceTo("shared.SHARED_SECRET"),
    EMPTY: "",
  });
});

test("loses the reference when a literal is written over it", async () => {
  const { railway } = await startQuietRailway();
  const input = { ...gatewayIds, name: "FROM_SHARED", value: "shared-1", skipDeploys: true };

  await ask(railway.apiUrl, operations.upsert, { input });

  expect(railway.state.stored(gatewayScope)).toHaveProperty("FROM_SHARED", "shared-1");
});

test("takes a name of Railway's own, and still deploys with Railway's value", async () => {
  const { railway } = await startQuietRailway();
  const input = { ...gatewayIds, name: "RAILWAY_SERVICE_ID", value: "mine", skipDeploys: true };

  const { data } = await ask(railway.apiUrl, operations.upsert, { input });

  const deployed = await ask(railway.apiUrl, operations.forDeployment, gatewayIds);
  expect(data).toEqual({ variableUpsert: true });
  expect(railway.state.stored(gatewayScope)).toHaveProperty("RAILWAY_SERVICE_ID", "mine");
  expect(deployed.data?.["variablesForServiceDeployment"]).toHaveProperty("RAILWAY_SERVICE_ID", gateway);
});

test("answers true to a write that a fault makes it ignore", async () => {
  const { railway } = await startQuietRailway();
  railway.plant({ kind: "ignored-write", operation: "variableUpsert" });
  const input = { ...gatewayIds, name: "AUTH_SECRET", value: "secret-2" };

  const { data } = await ask(railway.apiUrl, operations.upsert, { input });

  expect(data).toEqual({ variableUpsert: true });
  expect(railway.state.stored(gatewayScope)).toHaveProperty("AUTH_SECRET", "secret-1");
});
