import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { ask, operations } from "./fixtures/graphql-client.ts";
import { createManualClock } from "./fixtures/manual-clock.ts";
import { gateway, production, projectId, smallWorld } from "./fixtures/small-world.ts";
import { startRailway } from "./railway.ts";
import type { WorldService } from "./world.ts";

interface Echo {
  readonly pid: number;
  readonly environment: Readonly<Record<string, string>>;
}

const echoProcess = fileURLToPath(new URL("./fixtures/echo-process.ts", import.meta.url));

async function startWithProcesses(options: Partial<WorldService> = {}) {
  const clock = createManualClock();
  const [project] = smallWorld({ command: [echoProcess], ...options }).projects;
  if (!project) throw new Error("The small world has a project");
  const environments = project.environments.map((environment) => ({
    ...environment,
    services: environment.services.filter(({ id }) => id === gateway),
  }));
  const world = { ...smallWorld(), projects: [{ ...project, environments }] };
  const railway = await startRailway({ clock, world });
  onTestFinished(() => railway.close());
  const serving = () =>
    fetch(railway.serviceUrl(gateway)).then((response) => response.json() as Promise<Echo>);
  const settle = () => clock.runUntil(railway.state.settled());
  return { railway, clock, serving, settle };
}

test("runs a process with exactly its deployment's variables", async () => {
  const { railway, serving } = await startWithProcesses();

  const { environment } = await serving();

  const [deployment] = railway.state.deployments(gateway);
  const [replica] = railway.state.replicas(deployment?.id ?? "");
  expect(environment).toEqual({
    AUTH_SECRET: "secret-1",
    SEALED: "sealed-1",
    FROM_SHARED: "shared-1",
    INHERITED: "inherited-1",
    RAILWAY_PROJECT_ID: projectId,
    RAILWAY_ENVIRONMENT_ID: production,
    RAILWAY_SERVICE_ID: gateway,
    RAILWAY_DEPLOYMENT_ID: deployment?.id,
    RAILWAY_REPLICA_ID: replica?.id,
    PORT: "0",
  });
});

test("overrides a stored RAILWAY_ variable when it deploys", async () => {
  const { railway, serving, settle } = await startWithProcesses();
  railway.humanSets(gateway, "RAILWAY_SERVICE_ID", "mine");
  await settle();

  const { environment } = await serving();

  expect(environment["RAILWAY_SERVICE_ID"]).toBe(gateway);
});

test("replaces the process when a person changes a variable, at the same URL", async () => {
  const { railway, serving, settle } = await startWithProcesses();
  const before = await serving();

  railway.humanSets(gateway, "AUTH_SECRET", "secret-2");
  await settle();

  const after = await serving();
  expect(after.environment["AUTH_SECRET"]).toBe("secret-2");
  expect(after.pid).not.toBe(before.pid);
  expect(() => process.kill(before.pid, 0)).toThrow("ESRCH");
});

test("goes on with the old process when a person changes a variable without deploying", async () => {
  const { railway, serving } = await startWithProcesses();

  railway.humanSets(gateway, "AUTH_SECRET", "secret-2", { deploy: false });

  expect((await serving()).environment["AUTH_SECRET"]).toBe("secret-1");
});

test("restarts into a new process with the old variables", async () => {
  const { railway, serving } = await startWithProcesses();
  const before = await serving();
  const [deployment] = railway.state.deployments(gateway);
  railway.humanSets(gateway, "AUTH_SECRET", "secret-2", { deploy: false });

  await ask(railway.apiUrl, operations.restart, { id: deployment?.id });
  await railway.state.settled();

  const after = await serving();
  expect(after.pid).not.toBe(before.pid);
  expect(after.environment).toEqual(before.environment);
});

function isRunning({ status }: { status: string }): boolean {
  return status === "RUNNING";
}

test("lets nobody but the old one answer before the health check has passed", async () => {
  const { railway, clock, serving, settle } = await startWithProcesses({ healthcheckPath: "/healthz" });
  railway.humanSets(gateway, "UNHEALTHY", "yes");
  await clock.runUntil(railway.state.until((state) => state.replicas(latestId(state)).some(isRunning)));

  const { environment } = await serving();
  await settle();

  expect(environment["UNHEALTHY"]).toBeUndefined();
  expect(railway.state.deployments(gateway).map(({ status }) => status)).toEqual(["SUCCESS", "FAILED"]);
  expect((await serving()).environment["UNHEALTHY"]).toBeUndefined();
});

function latestId(state: Awaited<ReturnType<typeof startRailway>>["state"]): string {
  return state.deployments(gateway).at(-1)?.id ?? "";
}

test("fails a deployment whose process does not come up", async () => {
  const { railway, serving, settle } = await startWithProcesses();

  railway.humanSets(gateway, "BROKEN", "yes");
  await settle();

  expect(railway.state.deployments(gateway).map(({ status }) => status)).toEqual(["SUCCESS", "FAILED"]);
  expect((await serving()).environment["BROKEN"]).toBeUndefined();
});

test("spreads requests over the replicas in turn", async () => {
  const { serving } = await startWithProcesses({ replicas: 3 });

  const pids = [];
  for (let turn = 0; turn < 6; turn += 1) pids.push((await serving()).pid);

  expect(new Set(pids).size).toBe(3);
  expect(pids.slice(0, 3)).toEqual(pids.slice(3));
});

test("lets old and new answer in turn while they overlap", async () => {
  const { railway, clock, serving } = await startWithProcesses({ overlapSeconds: 60 });
  railway.humanSets(gateway, "AUTH_SECRET", "secret-2");
  await clock.runUntil(
    railway.state.until((state) => state.deployment(latestId(state)).status === "SUCCESS"),
  );

  const answers = [await serving(), await serving()];

  expect(answers.map(({ environment }) => environment["AUTH_SECRET"]).sort()).toEqual([
    "secret-1",
    "secret-2",
  ]);
});

test("makes one replica hold other variables than the rest", async () => {
  const { railway, serving } = await startWithProcesses({ replicas: 2 });

  await railway.setReplicaEnvironment({
    serviceId: gateway,
    replica: 1,
    variables: { AUTH_SECRET: "stray" },
  });

  const answers = [await serving(), await serving()];
  expect(answers.map(({ environment }) => environment["AUTH_SECRET"]).sort()).toEqual(["secret-1", "stray"]);
});

test("scales down to nothing, whereupon the edge answers 502", async () => {
  const { railway } = await startWithProcesses({ replicas: 2 });

  await railway.scale(gateway, 0);

  const response = await fetch(railway.serviceUrl(gateway));
  expect(response.status).toBe(502);
});

test("answers 502 for a service that was never deployed", async () => {
  const { railway } = await startWithProcesses({ deployed: false });

  const response = await fetch(railway.serviceUrl(gateway));

  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ message: "Application failed to respond" });
});

test("passes method, path, headers and body through the edge", async () => {
  const { railway } = await startWithProcesses();

  const response = await fetch(`${railway.serviceUrl(gateway)}/path?x=1`, { method: "POST", body: "text" });

  expect(await response.json()).toMatchObject({ method: "POST", url: "/path?x=1", body: "text" });
});

test("leaves no process and no open port behind when it is closed", async () => {
  const { railway, serving } = await startWithProcesses({ replicas: 2 });
  const pids = [(await serving()).pid, (await serving()).pid];
  railway.humanSets(gateway, "AUTH_SECRET", "secret-2");

  await railway.close();

  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  await expect(fetch(railway.apiUrl)).rejects.toThrow("fetch failed");
  await expect(fetch(railway.serviceUrl(gateway))).rejects.toThrow("fetch failed");
});

test("takes its processes with it when it is killed itself", async () => {
  const host = spawn(process.execPath, [
    fileURLToPath(new URL("./fixtures/host-process.ts", import.meta.url)),
  ]);
  const [line] = await once(createInterface({ input: host.stdout }), "line");
  const socket = connect(Number(new URL(line).port), "127.0.0.1");
  await once(socket, "connect");
  const closed = once(socket, "close");

  host.kill("SIGKILL");

  await expect(closed).resolves.toBeDefined();
});

test("refuses to start with a process that does not come up, and closes what it opened", async () => {
  await expect(startWithProcesses({ variables: { BROKEN: "yes" } })).rejects.toThrow(
    "ended before it listened",
  );
});
