import { expect, test } from "vitest";
import { asAccount, ask, operations, resultOf } from "./fixtures/graphql-client.ts";
import { startQuietRailway } from "./fixtures/quiet-railway.ts";
import {
  gateway,
  gatewayIds,
  production,
  projectId,
  smallWorld,
  staging,
  tokens,
  worker,
} from "./fixtures/small-world.ts";

const projectTokenQuery =
  "{ projectToken { projectId environmentId project { id name } environment { id name } } }";
const projectQuery = `query ($id: String!) { project(id: $id) {
  id name environments { edges { node { id name } } } services { edges { node { id name } } }
} }`;
const environmentQuery = "query ($id: String!) { environment(id: $id) { id } }";

test("tells a project token where it belongs", async () => {
  const { railway } = await startQuietRailway();

  const { data } = await ask(railway.apiUrl, projectTokenQuery);

  expect(data?.["projectToken"]).toEqual({
    projectId,
    environmentId: production,
    project: { id: projectId, name: "shop" },
    environment: { id: production, name: "production" },
  });
});

test.for([
  ["another header", { Authorization: `Bearer ${tokens.production}` }, "Not Authorized"],
  [
    "an account token in the project header",
    { "Project-Access-Token": tokens.account },
    "Project Token not found",
  ],
  ["an unknown project token", { "Project-Access-Token": "unknown" }, "Project Token not found"],
  ["an unknown account token", { Authorization: "Bearer unknown" }, "Not Authorized"],
  ["no token", {}, "Not Authorized"],
] as const)("refuses %s", async ([, headers, message]) => {
  const { railway } = await startQuietRailway();

  const { data, errors } = await ask(railway.apiUrl, operations.variables, gatewayIds, { headers });

  expect(data).toBeNull();
  expect(errors).toMatchObject([{ message, extensions: { code: "INTERNAL_SERVER_ERROR" } }]);
});

test("tells a blank bearer apart by its code", async () => {
  const { railway } = await startQuietRailway();

  const { errors } = await ask(railway.apiUrl, operations.me, {}, { headers: { Authorization: "Bearer " } });

  expect(errors).toMatchObject([{ extensions: { code: "UNAUTHENTICATED" } }]);
});

test("answers alike for an environment that is not permitted and one that does not exist", async () => {
  const { railway } = await startQuietRailway();

  const [forbidden, absent] = await Promise.all(
    [staging, "nowhere"].map((id) => ask(railway.apiUrl, environmentQuery, { id })),
  );

  expect(forbidden?.errors.map(withoutTrace)).toEqual(absent?.errors.map(withoutTrace));
  expect(forbidden?.errors).toMatchObject([{ message: "Not Authorized" }]);
});

function withoutTrace({ traceId: _, ...error }: { traceId: string }): object {
  return error;
}

test("binds a project token to one environment, and an account token to none", async () => {
  const { railway } = await startQuietRailway();

  const project = await ask(railway.apiUrl, projectQuery, { id: projectId });
  const account = await ask(railway.apiUrl, projectQuery, { id: projectId }, { headers: asAccount });

  expect(project.data?.["project"]).toMatchObject({
    environments: { edges: [{ node: { name: "production" } }] },
    services: { edges: [{ node: { name: "gateway" } }, { node: { name: "worker" } }] },
  });
  expect(account.data?.["project"]).toMatchObject({ environments: { edges: { length: 2 } } });
});

test("keeps a project token from writing to another environment", async () => {
  const { railway } = await startQuietRailway();
  const input = { projectId, environmentId: staging, name: "AUTH_SECRET", value: "stray" };

  const { errors } = await ask(railway.apiUrl, operations.upsert, { input });

  expect(errors).toMatchObject([{ message: "Not Authorized", path: ["variableUpsert"] }]);
  expect(railway.state.stored({ environmentId: staging, serviceId: null })).toEqual({});
});

test("names the holder only to an account token, the workspaces also to a workspace token", async () => {
  const { railway } = await startQuietRailway();
  const asWorkspace = { Authorization: `Bearer ${tokens.workspace}` };
  const workspaces = "{ apiToken { workspaces { id name } } }";

  const me = await ask(railway.apiUrl, operations.me, {}, { headers: asAccount });
  const notMe = await ask(railway.apiUrl, operations.me, {}, { headers: asWorkspace });
  const ours = await ask(railway.apiUrl, workspaces, {}, { headers: asWorkspace });

  expect(me.data).toEqual({ me: { id: "user-1" } });
  expect(notMe.errors).toMatchObject([{ message: "Not Authorized" }]);
  expect(ours.data).toEqual({ apiToken: { workspaces: [{ id: "w-1", name: "ours" }] } });
});

test("lists projects to an account token only", async () => {
  const { railway } = await startQuietRailway();
  const query = "{ projects { edges { node { id name } } } }";

  const account = await ask(railway.apiUrl, query, {}, { headers: asAccount });
  const project = await ask(railway.apiUrl, query);

  expect(account.data?.["projects"]).toEqual({ edges: [{ node: { id: projectId, name: "shop" } }] });
  expect(project.errors).toMatchObject([{ message: "Not Authorized" }]);
});

test("refuses what the world denies a token", async () => {
  const world = {
    ...smallWorld(),
    tokens: [
      { kind: "project", value: tokens.production, environmentId: production, denies: ["deployments"] },
    ] as const,
  };
  const { railway } = await startQuietRailway({ world });
  const query = "query ($input: DeploymentListInput!) { deployments(input: $input) { edges { cursor } } }";

  const { errors } = await ask(railway.apiUrl, query, { input: { serviceId: gateway } });

  expect(errors).toMatchObject([{ message: "Not Authorized" }]);
});

test("hides a deployment of another environment from a project token", async () => {
  const { railway } = await startQuietRailway();
  const ids = { environmentId: staging, serviceId: worker };
  const deployed = await ask(railway.apiUrl, operations.deployService, ids, { headers: asAccount });
  const id = resultOf<string>(deployed, "serviceInstanceDeployV2");

  const { errors } = await ask(railway.apiUrl, operations.deployment, { id });

  expect(errors).toMatchObject([{ message: "Not Authorized" }]);
});
