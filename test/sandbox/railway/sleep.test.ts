import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { ask, operations, resultOf } from "./fixtures/graphql-client.ts";
import { createManualClock } from "./fixtures/manual-clock.ts";
import { gateway, gatewayScope, production, smallWorld } from "./fixtures/small-world.ts";
import { createProcessRunner } from "./process-runner.ts";
import { type RailwayStandIn, startRailway } from "./railway.ts";
import type { Runner } from "./runner.ts";

const command = [fileURLToPath(new URL("./fixtures/echo-process.ts", import.meta.url))];
const wakeTimeoutMs = 5_000;

interface Echo {
  readonly pid: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** A gateway that may sleep, of two replicas, and no worker. */
async function startBed({
  runner,
  sleepApplication = true,
}: {
  runner?: Runner;
  sleepApplication?: boolean;
} = {}) {
  const clock = createManualClock();
  const { projects, tokens } = smallWorld({ command, replicas: 2, sleepApplication });
  const world = {
    tokens,
    projects: projects.map((project) => ({
      ...project,
      environments: project.environments.slice(0, 1).map((environment) => ({
        ...environment,
        services: environment.services.slice(0, 1),
      })),
    })),
  };
  const durations = { wakeTimeoutMs };
  const railway = await startRailway({ clock, world, durations, ...(runner && { runner }) });
  onTestFinished(() => railway.close());
  return { railway, clock };
}

async function serving(railway: RailwayStandIn): Promise<Echo> {
  const response = await fetch(railway.serviceUrl(gateway));
  return (await response.json()) as Echo;
}

function statuses({ state }: RailwayStandIn): string[] {
  return state.deployments(gateway).map(({ status }) => status);
}

async function activeStatuses(railway: RailwayStandIn): Promise<string[]> {
  const answer = await ask(railway.apiUrl, operations.instance, {
    environmentId: production,
    serviceId: gateway,
  });
  const { activeDeployments } = resultOf<{ activeDeployments: { status: string }[] }>(
    answer,
    "serviceInstance",
  );
  return activeDeployments.map(({ status }) => status);
}

/** What is started from now on does not come up: it ends at once, or never says anything. */
function startsBadly(how: () => Promise<never>): { runner: Runner; spoil: () => void } {
  const processes = createProcessRunner();
  let isSpoilt = false;
  const runner: Runner = { start: (...order) => (isSpoilt ? how() : processes.start(...order)) };
  const spoil = (): void => {
    isSpoilt = true;
  };
  return { runner, spoil };
}

test("stops the processes of what sleeps, which stays active", async () => {
  const { railway } = await startBed();
  const before = await serving(railway);

  await railway.sleep(gateway);

  expect(() => process.kill(before.pid, 0)).toThrow("ESRCH");
  expect(await activeStatuses(railway)).toEqual(["SLEEPING"]);
});

test("wakes by being asked: the same deployment, in new processes, with the variables of its snapshot", async () => {
  const { railway } = await startBed();
  const before = await serving(railway);
  railway.humanSets(gateway, "AUTH_SECRET", "secret-2", { deploy: false });
  await railway.sleep(gateway);

  const after = await serving(railway);

  const { RAILWAY_REPLICA_ID: _before, ...sameBefore } = before.environment;
  const { RAILWAY_REPLICA_ID: _after, ...sameAfter } = after.environment;
  expect(after.pid).not.toBe(before.pid);
  expect(sameAfter).toEqual(sameBefore);
  expect(sameAfter["AUTH_SECRET"]).toBe("secret-1");
  expect(await activeStatuses(railway)).toEqual(["SUCCESS"]);
  expect(railway.state.deployments(gateway)).toHaveLength(1);
});

test("wakes once for several who ask, with all of its replicas", async () => {
  const { railway } = await startBed();
  await railway.sleep(gateway);

  await Promise.all([serving(railway), serving(railway), serving(railway)]);

  const pids = [await serving(railway), await serving(railway)].map(({ pid }) => pid);
  expect(new Set(pids).size).toBe(2);
  expect(railway.state.replicas(railway.state.deployments(gateway)[0]?.id ?? "")).toHaveLength(2);
});

test("is not woken by a look through the API", async () => {
  const { railway } = await startBed();
  await railway.sleep(gateway);

  await activeStatuses(railway);

  expect(await activeStatuses(railway)).toEqual(["SLEEPING"]);
});

test("answers 502 and has crashed when it does not come up", async () => {
  const { runner, spoil } = startsBadly(() => Promise.reject(new Error("ends at once")));
  const { railway } = await startBed({ runner });
  await railway.sleep(gateway);
  spoil();

  const { status } = await fetch(railway.serviceUrl(gateway));

  expect(status).toBe(502);
  expect(statuses(railway)).toEqual(["CRASHED"]);
});

test("answers 502 when it does not come up in time, and is still asleep", async () => {
  const stuck = Promise.withResolvers<never>();
  const { runner, spoil } = startsBadly(() => stuck.promise);
  const { railway, clock } = await startBed({ runner });
  await railway.sleep(gateway);
  spoil();

  const { status } = await clock.runUntil(fetch(railway.serviceUrl(gateway)));

  stuck.reject(new Error("given up at the end of the test"));
  expect(status).toBe(502);
  expect(statuses(railway)).toEqual(["SLEEPING"]);
});

test("takes the stored variables on a redeploy of what sleeps, and removes that", async () => {
  const { railway, clock } = await startBed();
  railway.humanSets(gateway, "AUTH_SECRET", "secret-2", { deploy: false });
  await railway.sleep(gateway);
  const [asleep] = railway.state.deployments(gateway);

  await ask(railway.apiUrl, operations.redeploy, { id: asleep?.id });
  await clock.runUntil(railway.state.settled());

  expect(statuses(railway)).toEqual(["REMOVED", "SUCCESS"]);
  expect((await serving(railway)).environment["AUTH_SECRET"]).toBe("secret-2");
});

test("goes on sleeping while it is scaled, and wakes with as many replicas", async () => {
  const { railway } = await startBed();
  await railway.sleep(gateway);

  const replicas = () => railway.state.replicas(railway.state.deployments(gateway)[0]?.id ?? "");

  await railway.scale(gateway, 1);
  const asleep = replicas();
  await serving(railway);

  expect(asleep).toEqual([]);
  expect(replicas()).toHaveLength(1);
});

test("puts nothing to sleep that may not sleep, or sleeps already", async () => {
  const { railway: wakeful } = await startBed({ sleepApplication: false });
  const { railway: sleeping } = await startBed();
  await sleeping.sleep(gateway);

  await expect(wakeful.sleep(gateway)).rejects.toThrow("not one that can sleep now");
  await expect(sleeping.sleep(gateway)).rejects.toThrow("not one that can sleep now");
  expect(sleeping.state.stored(gatewayScope)).toHaveProperty("AUTH_SECRET", "secret-1");
});
