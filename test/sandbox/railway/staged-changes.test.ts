import { expect, test } from "vitest";
import { ask, operations } from "./fixtures/graphql-client.ts";
import { startQuietRailway } from "./fixtures/quiet-railway.ts";
import { gateway, gatewayIds, gatewayScope, production, staging, worker } from "./fixtures/small-world.ts";

const query = `query ($id: String!, $decrypt: Boolean) {
  environmentStagedChanges(environmentId: $id) { id status appliedAt patch(decryptVariables: $decrypt) }
}`;

async function startWithStaged() {
  const quiet = await startQuietRailway();
  quiet.railway.humanStages(gateway, "AUTH_SECRET", "staged-1");
  const patch = async (decrypt = true) => {
    const { data } = await ask(quiet.railway.apiUrl, query, { id: production, decrypt });
    return data?.["environmentStagedChanges"];
  };
  return { ...quiet, patch };
}

const stagedPatch = { services: { [gateway]: { variables: { AUTH_SECRET: { value: "staged-1" } } } } };

test("shows what is staged, and changes neither what is stored nor what runs", async () => {
  const { railway, patch } = await startWithStaged();

  expect(await patch()).toMatchObject({ status: "STAGED", appliedAt: null, patch: stagedPatch });
  expect(railway.state.stored(gatewayScope)).toHaveProperty("AUTH_SECRET", "secret-1");
  expect(railway.state.deployments(gateway)).toHaveLength(1);
});

test("masks staged values unless it is told to decrypt them", async () => {
  const { patch } = await startWithStaged();

  expect(await patch(false)).toMatchObject({
    patch: { services: { [gateway]: { variables: { AUTH_SECRET: { value: null } } } } },
  });
});

test("keeps one patch for the whole environment, of several services and variables", async () => {
  const { railway, patch } = await startWithStaged();
  const before = await patch();

  railway.humanStages(gateway, "OTHER", "staged-2");
  railway.humanStages(worker, "AUTH_SECRET", "staged-3", production);

  expect(await patch()).toMatchObject({
    id: (before as { id: string }).id,
    patch: {
      services: {
        [gateway]: { variables: { AUTH_SECRET: { value: "staged-1" }, OTHER: { value: "staged-2" } } },
        [worker]: { variables: { AUTH_SECRET: { value: "staged-3" } } },
      },
    },
  });
});

test("gives an empty patch where nothing is staged", async () => {
  const { railway } = await startQuietRailway();

  const { data } = await ask(railway.apiUrl, query, { id: production });

  expect(data?.["environmentStagedChanges"]).toMatchObject({ status: "STAGED", patch: { services: {} } });
});

test("leaves what is staged where it is when a variable is written and a deployment is made again", async () => {
  const { railway, clock, patch } = await startWithStaged();
  const before = await patch();
  const input = { ...gatewayIds, variables: { AUTH_SECRET: "secret-2" }, skipDeploys: true };
  const [first] = railway.state.deployments(gateway);

  await ask(railway.apiUrl, operations.collectionUpsert, { input });
  await ask(railway.apiUrl, operations.redeploy, { id: first?.id });
  await clock.runUntil(railway.state.settled());

  const latest = railway.state.deployments(gateway).at(-1)?.id ?? "";
  expect(await patch()).toEqual(before);
  expect(railway.state.stagedVariables(gatewayScope)).toEqual({ AUTH_SECRET: "staged-1" });
  expect(railway.state.stored(gatewayScope)).toHaveProperty("AUTH_SECRET", "secret-2");
  expect(railway.state.snapshot(latest)).toHaveProperty("AUTH_SECRET", "secret-2");
});

test("shows what is staged in another environment to no project token", async () => {
  const { railway } = await startWithStaged();

  const { errors } = await ask(railway.apiUrl, query, { id: staging });

  expect(errors).toMatchObject([{ message: "Not Authorized" }]);
});
