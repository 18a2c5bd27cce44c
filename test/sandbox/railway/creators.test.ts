import { expect, test } from "vitest";
import { type AskOptions, ask, operations, resultOf } from "./fixtures/graphql-client.ts";
import { type QuietRailway, startQuietRailway } from "./fixtures/quiet-railway.ts";
import { gateway, gatewayIds, production, smallWorld } from "./fixtures/small-world.ts";

const grace = { id: "user-grace", name: "Grace", email: "grace@example.com" };
const creatorQuery = "query ($id: String!) { deployment(id: $id) { meta creator { id name email } } }";

interface Made {
  readonly meta: { readonly reason: string };
  readonly creator: { readonly name: string } | null;
}

/** How the gateway's latest deployment came about. */
async function latest({ railway }: QuietRailway): Promise<Made> {
  const id = railway.state.deployments(gateway).at(-1)?.id;
  return resultOf(await ask(railway.apiUrl, creatorQuery, { id }), "deployment");
}

/** A world in which Grace's token deploys, while the project's token is nobody's. */
async function startWithGrace() {
  const world = smallWorld();
  const token = {
    kind: "account",
    value: "grace-token",
    id: grace.id,
    workspaces: [],
    holder: grace,
  } as const;
  const quiet = await startQuietRailway({ world: { ...world, tokens: [...world.tokens, token] } });
  const asGrace: AskOptions = { headers: { Authorization: "Bearer grace-token" } };
  return { quiet, asGrace, first: quiet.railway.state.deployments(gateway).at(0)?.id ?? "" };
}

test("names nobody for what has served from the start", async () => {
  const { quiet } = await startWithGrace();

  expect(await latest(quiet)).toMatchObject({ meta: { reason: "deploy" }, creator: null });
});

test("names the person whose change deployed", async () => {
  const { quiet } = await startWithGrace();

  quiet.railway.humanSets(gateway, "AUTH_SECRET", "secret-2", { by: "Ada" });

  expect(await latest(quiet)).toMatchObject({
    meta: { reason: "deploy" },
    creator: { id: "user-ada", name: "Ada", email: "ada@example.com" },
  });
});

test("names the person who rolled back, and says that it is a rollback", async () => {
  const { quiet, first } = await startWithGrace();
  quiet.railway.humanSets(gateway, "AUTH_SECRET", "secret-2");
  await quiet.clock.runUntil(quiet.railway.state.settled());

  quiet.railway.rollback(first, { by: "Ada" });

  expect(await latest(quiet)).toMatchObject({ meta: { reason: "rollback" }, creator: { name: "Ada" } });
});

const place = { environmentId: production, serviceId: gateway };
const input = { ...gatewayIds, name: "AUTH_SECRET", value: "secret-2" };

test.for([
  ["a write", operations.upsert, () => ({ input }), "deploy"],
  ["a deletion", operations.remove, () => ({ input: { ...gatewayIds, name: "AUTH_SECRET" } }), "deploy"],
  ["a deploy", operations.deployService, () => place, "deploy"],
  ["a service's redeploy", operations.redeployService, () => place, "redeploy"],
  ["a redeploy", operations.redeploy, (id: string) => ({ id }), "redeploy"],
] as const)("names the holder of the token that asked for %s", async ([, document, variables, reason]) => {
  const { quiet, asGrace, first } = await startWithGrace();

  await ask(quiet.railway.apiUrl, document, variables(first), asGrace);

  expect(await latest(quiet)).toMatchObject({ meta: { reason }, creator: grace });
});

test("names the holder of the token that rolled back", async () => {
  const { quiet, asGrace, first } = await startWithGrace();
  await ask(quiet.railway.apiUrl, operations.deployService, place, asGrace);
  await quiet.clock.runUntil(quiet.railway.state.settled());

  await ask(quiet.railway.apiUrl, operations.rollback, { id: first }, asGrace);

  expect(await latest(quiet)).toMatchObject({ meta: { reason: "rollback" }, creator: grace });
});

test("names nobody for a token that nobody holds", async () => {
  const { quiet } = await startWithGrace();

  await ask(quiet.railway.apiUrl, operations.deployService, place);

  expect(await latest(quiet)).toMatchObject({ creator: null });
});
