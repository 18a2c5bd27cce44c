import { expect, test } from "vitest";
import { listPlaces } from "../../../functions/adapters/railway/places.ts";
import { Secret } from "../../../functions/protocol/secret.ts";
import {
  graphqlError,
  ids,
  type PlantedAnswer,
  type PlantedAnswers,
  plantRailway,
  projectTokenAnswer,
} from "./planted-railway.ts";

const token = new Secret("token-1");

function page(nodes: readonly object[], hasNextPage = false): object {
  return {
    edges: nodes.map((node) => ({ node })),
    pageInfo: { hasNextPage, endCursor: hasNextPage ? "cursor-1" : null },
  };
}

function project(id: string, { more = false } = {}): object {
  return {
    id,
    name: `the ${id}`,
    environments: page([{ id: `${id}-production`, name: "production" }]),
    services: page([{ id: `${id}-api`, name: "api" }], more),
  };
}

function listed(id: string): object {
  return {
    id,
    name: `the ${id}`,
    environments: [{ id: `${id}-production`, name: "production" }],
    services: [{ id: `${id}-api`, name: "api" }],
  };
}

function accountAnswers(projects: PlantedAnswer | readonly PlantedAnswer[]): PlantedAnswers {
  return {
    TokenPlace: graphqlError("Project Token not found"),
    Workspaces: { body: { data: { apiToken: { workspaces: [{ id: "workspace-1", name: "ours" }] } } } },
    Projects: projects,
  };
}

test("gives the one place of a project token with its services", async () => {
  const services = page([{ id: ids.service, name: "gateway" }]);
  const planted = await plantRailway({
    TokenPlace: projectTokenAnswer,
    ProjectServices: { body: { data: { project: { services } } } },
  });

  expect(await listPlaces(planted, token)).toEqual({
    projects: [
      {
        id: ids.project,
        name: "shop",
        environments: [{ id: ids.environment, name: "production" }],
        services: [{ id: ids.service, name: "gateway" }],
      },
    ],
    complete: true,
  });
});

test("gives all projects of another token's workspaces, page by page", async () => {
  const planted = await plantRailway(
    accountAnswers([
      { body: { data: { projects: page([project("shop")], true) } } },
      { body: { data: { projects: page([project("blog")]) } } },
    ]),
  );

  expect(await listPlaces(planted, token)).toEqual({
    projects: [listed("shop"), listed("blog")],
    complete: true,
  });
  expect(planted.requests.slice(-2).map(({ variables }) => variables)).toMatchObject([
    { workspaceId: "workspace-1" },
    { workspaceId: "workspace-1", after: "cursor-1" },
  ]);
});

test("says so where a project has more services than were read", async () => {
  const planted = await plantRailway(
    accountAnswers({ body: { data: { projects: page([project("shop", { more: true })]) } } }),
  );

  expect(await listPlaces(planted, token)).toMatchObject({ complete: false });
});

test("stops at a list that never ends, and says so", async () => {
  const planted = await plantRailway(
    accountAnswers({ body: { data: { projects: page([project("shop")], true) } } }),
  );

  const places = await listPlaces(planted, token);

  expect(places.complete).toBe(false);
  expect(places.projects).toHaveLength(20);
});

test("frees names of what could play tricks on a terminal", async () => {
  const odd = { ...project("shop"), name: "\u001b]0;owned\u0007shop\u202e" };
  const planted = await plantRailway(accountAnswers({ body: { data: { projects: page([odd]) } } }));

  const { projects } = await listPlaces(planted, token);

  expect(projects[0]?.name).toBe("]0;ownedshop");
});

test("fails with what Railway said of the token", async () => {
  const planted = await plantRailway({
    ...accountAnswers([]),
    Workspaces: graphqlError("Not Authorized"),
  });

  await expect(listPlaces(planted, token)).rejects.toMatchObject({ code: "railway-not-authorized" });
});
