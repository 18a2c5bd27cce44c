import { expect, test } from "vitest";
import { ask, operations } from "./fixtures/graphql-client.ts";
import { startQuietRailway } from "./fixtures/quiet-railway.ts";
import { gateway, gatewayIds, production, smallWorld } from "./fixtures/small-world.ts";

const placeIds = { environmentId: production, serviceId: gateway };

async function startWithJob() {
  const quiet = await startQuietRailway({ world: smallWorld({ cronSchedule: "0 3 * * *" }) });
  const started = () => quiet.runner.started.filter(({ labels }) => labels.serviceId === gateway);
  const write = async (value: string): Promise<void> => {
    const input = { ...gatewayIds, name: "AUTH_SECRET", value, skipDeploys: true };
    await ask(quiet.railway.apiUrl, operations.upsert, { input });
  };
  return { ...quiet, started, write };
}

test("deploys a job without a process", async () => {
  const { railway, clock, started } = await startWithJob();
  await ask(railway.apiUrl, operations.deployService, placeIds);
  await clock.runUntil(railway.state.settled());

  const { data } = await ask(railway.apiUrl, operations.instance, placeIds);

  expect(data?.["serviceInstance"]).toMatchObject({
    cronSchedule: "0 3 * * *",
    activeDeployments: [{ status: "SUCCESS", instances: [] }],
  });
  expect(railway.state.deployments(gateway).map(({ status }) => status)).toEqual(["REMOVED", "SUCCESS"]);
  expect(started()).toEqual([]);
});

test("finds no application at a job's edge", async () => {
  const { railway } = await startWithJob();

  const response = await fetch(railway.serviceUrl(gateway));

  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ message: "Application not found" });
});

test("runs a job once, with the variables of its deployment and not with those stored since", async () => {
  const { railway, started, write } = await startWithJob();
  await write("secret-2");

  await railway.runJob(gateway);

  expect(started()).toMatchObject([{ environment: { AUTH_SECRET: "secret-1" }, isStopped: true }]);
});

test("runs a job with the new variables once it has been deployed", async () => {
  const { railway, clock, started, write } = await startWithJob();
  await write("secret-2");
  await ask(railway.apiUrl, operations.redeployService, placeIds);
  await clock.runUntil(railway.state.settled());

  await railway.runJob(gateway);

  expect(started()).toMatchObject([{ environment: { AUTH_SECRET: "secret-2" }, isStopped: true }]);
});
