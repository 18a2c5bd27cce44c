import { expect, test } from "vitest";
import { ask, operations, resultOf } from "./fixtures/graphql-client.ts";
import { type QuietRailway, startQuietRailway } from "./fixtures/quiet-railway.ts";
import { gateway, gatewayIds, gatewayScope, smallWorld, staging, worker } from "./fixtures/small-world.ts";

const placeIds = { environmentId: gatewayIds.environmentId, serviceId: gateway };
const durations = { queuedMs: 10, initializingMs: 10, buildingMs: 10, deployingMs: 10 };

function statuses({ railway }: QuietRailway, serviceId = gateway): string[] {
  return railway.state.deployments(serviceId, gatewayIds.environmentId).map(({ status }) => status);
}

function firstDeployment({ railway }: QuietRailway): string {
  const [first] = railway.state.deployments(gateway);
  if (!first) throw new Error("The gateway has no deployment");
  return first.id;
}

async function write({ railway }: QuietRailway, value: string, skipDeploys?: boolean): Promise<void> {
  const input = { ...gatewayIds, name: "AUTH_SECRET", value, skipDeploys };
  await ask(railway.apiUrl, operations.upsert, { input });
}

async function redeploy({ railway }: QuietRailway, id: string, usePreviousImageTag = false): Promise<string> {
  const answer = await ask(railway.apiUrl, operations.redeploy, { id, usePreviousImageTag });
  return resultOf<{ id: string }>(answer, "deploymentRedeploy").id;
}

async function pathOf({ railway, clock }: QuietRailway, deploymentId: string): Promise<string[]> {
  const seen = new Set<string>();
  const end = railway.state.until((state) => {
    seen.add(state.deployment(deploymentId).status);
    return state.deployment(deploymentId).status === "SUCCESS";
  });
  await clock.runUntil(end);
  return [...seen];
}

test("deploys nothing on a write that skips deploys", async () => {
  const quiet = await startQuietRailway();

  await write(quiet, "secret-2", true);

  expect(statuses(quiet)).toEqual(["SUCCESS"]);
});

test("deploys the service on a plain write", async () => {
  const quiet = await startQuietRailway();

  await write(quiet, "secret-2");

  expect(statuses(quiet)).toEqual(["SUCCESS", "QUEUED"]);
});

test("deploys the services too that refer to what was written", async () => {
  const quiet = await startQuietRailway();

  await write(quiet, "secret-2");

  expect(statuses(quiet, worker)).toEqual(["SUCCESS", "QUEUED"]);
});

test("deploys on every deletion", async () => {
  const quiet = await startQuietRailway();

  await ask(quiet.railway.apiUrl, operations.remove, { input: { ...gatewayIds, name: "AUTH_SECRET" } });

  expect(quiet.railway.state.stored(gatewayScope)).not.toHaveProperty("AUTH_SECRET");
  expect(statuses(quiet)).toEqual(["SUCCESS", "QUEUED"]);
});

test("passes through every status when it builds", async () => {
  const quiet = await startQuietRailway({ durations });

  const id = await redeploy(quiet, firstDeployment(quiet));

  expect(await pathOf(quiet, id)).toEqual(["QUEUED", "INITIALIZING", "BUILDING", "DEPLOYING", "SUCCESS"]);
});

test("does not build with the previous image", async () => {
  const quiet = await startQuietRailway({ durations });

  const id = await redeploy(quiet, firstDeployment(quiet), true);

  expect(await pathOf(quiet, id)).toEqual(["QUEUED", "INITIALIZING", "DEPLOYING", "SUCCESS"]);
});

test("takes as long as the durations say", async () => {
  const quiet = await startQuietRailway({ durations });
  await redeploy(quiet, firstDeployment(quiet));

  await quiet.clock.advance(39);
  const before = statuses(quiet);
  await quiet.clock.advance(1);
  await quiet.railway.state.settled();

  expect(before).toEqual(["SUCCESS", "DEPLOYING"]);
  expect(statuses(quiet)).toEqual(["REMOVED", "SUCCESS"]);
});

test("takes the new variables on a redeploy", async () => {
  const quiet = await startQuietRailway();
  await write(quiet, "secret-2", true);

  const id = await redeploy(quiet, firstDeployment(quiet), true);
  await quiet.clock.runUntil(quiet.railway.state.settled());

  const replica = quiet.runner.started.find(({ labels }) => labels.deploymentId === id);
  expect(replica?.environment).toMatchObject({
    AUTH_SECRET: "secret-2",
    SEALED: "sealed-1",
    FROM_SHARED: "shared-1",
  });
});

test("keeps the old variables on a restart, in new processes", async () => {
  const quiet = await startQuietRailway();
  await write(quiet, "secret-2", true);
  const before = quiet.runner.started.filter(({ labels }) => labels.serviceId === gateway);

  const { data } = await ask(quiet.railway.apiUrl, operations.restart, { id: firstDeployment(quiet) });

  const after = quiet.runner.started.filter(({ labels }) => labels.serviceId === gateway);
  expect(data).toEqual({ deploymentRestart: true });
  expect(before.map(({ isStopped }) => isStopped)).toEqual([true]);
  expect(after.at(-1)?.environment).toEqual(before.at(0)?.environment);
  expect(after).toHaveLength(2);
});

test("revives the old variables on a rollback, in the processes and in the store", async () => {
  const quiet = await startQuietRailway();
  const first = firstDeployment(quiet);
  await write(quiet, "secret-2");
  await quiet.clock.runUntil(quiet.railway.state.settled());

  const { data } = await ask(quiet.railway.apiUrl, operations.rollback, { id: first });
  await quiet.clock.runUntil(quiet.railway.state.settled());

  expect(data).toEqual({ deploymentRollback: true });
  expect(quiet.runner.started.at(-1)?.environment).toHaveProperty("AUTH_SECRET", "secret-1");
  expect(quiet.railway.state.stored(gatewayScope)).toHaveProperty("AUTH_SECRET", "secret-1");
});

test("rebuilds a removed deployment with its original variables, and leaves the store as it is", async () => {
  const quiet = await startQuietRailway({ durations });
  const first = firstDeployment(quiet);
  await write(quiet, "secret-2");
  await quiet.clock.runUntil(quiet.railway.state.settled());

  const id = await redeploy(quiet, first, true);

  expect(await pathOf(quiet, id)).toContain("BUILDING");
  expect(quiet.railway.state.snapshot(id)).toHaveProperty("AUTH_SECRET", "secret-1");
  expect(quiet.railway.state.stored(gatewayScope)).toHaveProperty("AUTH_SECRET", "secret-2");
});

test("keeps the variables of a deployment in its snapshot, without Railway's own and without sealed values", async () => {
  const quiet = await startQuietRailway();
  const input = { ...gatewayIds, name: "RAILWAY_MINE", value: "x", skipDeploys: true };
  await ask(quiet.railway.apiUrl, operations.upsert, { input });
  const id = await redeploy(quiet, firstDeployment(quiet));
  await write(quiet, "secret-2", true);

  const { data } = await ask(quiet.railway.apiUrl, operations.snapshot, { id });

  expect(data?.["deploymentSnapshot"]).toMatchObject({
    variables: { AUTH_SECRET: "secret-1", FROM_SHARED: "shared-1", INHERITED: "inherited-1", SEALED: null },
  });
  expect(JSON.stringify(data)).not.toContain("RAILWAY_");
});

test("refuses to redeploy what has no snapshot", async () => {
  const quiet = await startQuietRailway();
  quiet.railway.plant({ kind: "deployment", fate: "skipped", serviceId: gateway });
  const id = await redeploy(quiet, firstDeployment(quiet));
  await quiet.clock.runUntil(quiet.railway.state.settled());

  const skipped = await ask(quiet.railway.apiUrl, operations.deployment, { id });
  const { errors } = await ask(quiet.railway.apiUrl, operations.redeploy, { id });

  expect(skipped.data?.["deployment"]).toMatchObject({
    status: "SKIPPED",
    snapshotId: null,
    canRedeploy: false,
  });
  expect(errors.map(({ message }) => message)).toEqual(["Cannot redeploy without a snapshot"]);
});

test("leaves the old one serving and active when the new one fails", async () => {
  const quiet = await startQuietRailway();
  quiet.railway.plant({ kind: "deployment", fate: "fails-healthcheck" });
  const id = await redeploy(quiet, firstDeployment(quiet));
  await quiet.clock.runUntil(quiet.railway.state.settled());

  const { data } = await ask(quiet.railway.apiUrl, operations.instance, placeIds);

  expect(data?.["serviceInstance"]).toMatchObject({
    latestDeployment: { id, status: "FAILED" },
    activeDeployments: [
      { id: firstDeployment(quiet), status: "SUCCESS", instances: [{ status: "RUNNING" }] },
    ],
  });
  expect(quiet.runner.started.filter(({ isStopped }) => isStopped).map((r) => r.labels.deploymentId)).toEqual(
    [id],
  );
});

test("starts no process for a deployment that does not build", async () => {
  const quiet = await startQuietRailway();
  quiet.railway.plant({ kind: "deployment", fate: "fails-to-build" });
  const id = await redeploy(quiet, firstDeployment(quiet));

  await quiet.clock.runUntil(quiet.railway.state.settled());

  expect(statuses(quiet)).toEqual(["SUCCESS", "FAILED"]);
  expect(quiet.runner.started.some(({ labels }) => labels.deploymentId === id)).toBe(false);
});

test("stays in DEPLOYING for ever when that is planted", async () => {
  const quiet = await startQuietRailway();
  quiet.railway.plant({ kind: "deployment", fate: "never-ends" });
  await redeploy(quiet, firstDeployment(quiet));

  await quiet.clock.advance(86_400_000);

  expect(statuses(quiet)).toEqual(["SUCCESS", "DEPLOYING"]);
});

test("waits for approval when that is planted", async () => {
  const quiet = await startQuietRailway();
  quiet.railway.plant({ kind: "deployment", fate: "needs-approval" });
  await redeploy(quiet, firstDeployment(quiet));

  await quiet.clock.advance(86_400_000);

  expect(statuses(quiet)).toEqual(["SUCCESS", "NEEDS_APPROVAL"]);
});

test("lets the predecessor answer until it is removed, after overlap and draining", async () => {
  const world = smallWorld({ overlapSeconds: 10, drainingSeconds: 5 });
  const quiet = await startQuietRailway({ world });
  const id = await redeploy(quiet, firstDeployment(quiet), true);
  await quiet.clock.runUntil(quiet.railway.state.until((state) => state.deployment(id).status === "SUCCESS"));

  await quiet.clock.advance(9_999);
  const overlapping = statuses(quiet);
  await quiet.clock.advance(1);
  const draining = statuses(quiet);
  const isStoppedWhileDraining = quiet.runner.started.at(0)?.isStopped;
  await quiet.clock.advance(5_000);

  expect(overlapping).toEqual(["SUCCESS", "SUCCESS"]);
  expect(draining).toEqual(["REMOVING", "SUCCESS"]);
  expect(isStoppedWhileDraining).toBe(false);
  expect(statuses(quiet)).toEqual(["REMOVED", "SUCCESS"]);
  expect(quiet.runner.started.at(0)?.isStopped).toBe(true);
});

test("gives up an unfinished deployment once a later one serves", async () => {
  const quiet = await startQuietRailway();
  quiet.railway.plant({ kind: "deployment", fate: "never-ends" });
  await redeploy(quiet, firstDeployment(quiet));
  await redeploy(quiet, firstDeployment(quiet));

  await quiet.clock.runUntil(quiet.railway.state.settled());

  expect(statuses(quiet)).toEqual(["REMOVED", "REMOVED", "SUCCESS"]);
});

test("gives no id when a service is redeployed, and one when it is deployed", async () => {
  const quiet = await startQuietRailway();

  const redeployed = await ask(quiet.railway.apiUrl, operations.redeployService, placeIds);
  const deployed = await ask(quiet.railway.apiUrl, operations.deployService, placeIds);

  const latest = quiet.railway.state.deployments(gateway).at(-1);
  expect(redeployed.data).toEqual({ serviceInstanceRedeploy: true });
  expect(deployed.data).toEqual({ serviceInstanceDeployV2: latest?.id });
});

test("deploys a service for the first time", async () => {
  const quiet = await startQuietRailway();
  const ids = { environmentId: staging, serviceId: worker };

  await ask(quiet.railway.apiUrl, operations.deployService, ids, {
    headers: { Authorization: "Bearer account-token" },
  });

  expect(quiet.railway.state.deployments(worker, staging).map(({ status }) => status)).toEqual(["QUEUED"]);
});

test("lists the newest deployments first, by status", async () => {
  const quiet = await startQuietRailway();
  const id = await redeploy(quiet, firstDeployment(quiet), true);
  const query = `query ($input: DeploymentListInput!, $first: Int) {
    deployments(input: $input, first: $first) { edges { node { id } } pageInfo { hasNextPage } }
  }`;

  const newest = await ask(quiet.railway.apiUrl, query, { input: placeIds, first: 1 });
  const serving = await ask(quiet.railway.apiUrl, query, {
    input: { ...placeIds, status: { in: ["SUCCESS"] } },
  });

  expect(newest.data?.["deployments"]).toEqual({
    edges: [{ node: { id } }],
    pageInfo: { hasNextPage: true },
  });
  expect(serving.data?.["deployments"]).toMatchObject({ edges: [{ node: { id: firstDeployment(quiet) } }] });
});

test("brings up as many replicas as it is scaled to, with their deployment's variables", async () => {
  const quiet = await startQuietRailway();
  await write(quiet, "secret-2", true);

  await quiet.railway.scale(gateway, 3);

  const { data } = await ask(quiet.railway.apiUrl, operations.instance, placeIds);
  const replicas = quiet.runner.started.filter(({ labels }) => labels.serviceId === gateway);
  expect(data?.["serviceInstance"]).toMatchObject({
    numReplicas: 3,
    activeDeployments: [{ instances: { length: 3 } }],
  });
  expect(replicas.map(({ environment }) => environment["AUTH_SECRET"])).toEqual(Array(3).fill("secret-1"));
});

test("lets a person roll back as the API does", async () => {
  const quiet = await startQuietRailway();
  const first = firstDeployment(quiet);
  quiet.railway.humanSets(gateway, "AUTH_SECRET", "secret-2");
  await quiet.clock.runUntil(quiet.railway.state.settled());

  const id = quiet.railway.rollback(first);

  expect(quiet.railway.state.snapshot(id)).toHaveProperty("AUTH_SECRET", "secret-1");
  expect(quiet.railway.state.rendered(gatewayScope)).toHaveProperty("AUTH_SECRET", "secret-1");
});
