import { expect, test } from "vitest";
import { Secret } from "../../../functions/protocol/secret.ts";
import {
  deployment,
  entry,
  graphqlError,
  healthyAnswers,
  instance,
  names,
  type PlantedAnswer,
  plantRailway,
  rowsAnswer,
} from "./planted-railway.ts";

function serviceAnswer(active: readonly object[], latest: object | null = null): PlantedAnswer {
  return {
    body: { data: { variables: { AUTH_SECRET: "value-1" }, serviceInstance: instance(active, latest) } },
  };
}

test("needs three calls for a healthy service", async () => {
  const { railway, operations } = await plantRailway(healthyAnswers());

  const state = await railway.observe(entry, names);

  expect(state).toEqual({
    kind: "seen",
    stored: new Map([["AUTH", { kind: "value", value: new Secret("value-1") }]]),
    serving: { deploymentId: "deployment-1", createdAtMs: Date.UTC(2026, 7, 1) },
    newestId: "deployment-1",
    earlier: [],
    deploying: false,
  });
  expect(operations().toSorted()).toEqual(["Service", "TokenPlace", "VariableRows"]);
});

test("asks for unrendered values of the one service", async () => {
  const { railway, requests } = await plantRailway(healthyAnswers());

  await railway.observe(entry, names);

  expect(requests.find(({ operation }) => operation === "Service")?.variables).toEqual({
    projectId: entry.project,
    environmentId: entry.environment,
    serviceId: entry.service,
  });
});

test("survives a status that nobody knows yet, and holds it for a deployment under way", async () => {
  const unknown = deployment({ id: "deployment-2", status: "TELEPORTING" });
  const { railway } = await plantRailway(healthyAnswers({ Service: serviceAnswer([deployment()], unknown) }));

  expect(await railway.observe(entry, names)).toMatchObject({
    kind: "seen",
    serving: { deploymentId: "deployment-1" },
    deploying: true,
  });
});

test("does not repeat a status that is no word", async () => {
  const { railway } = await plantRailway(
    healthyAnswers({
      Deployment: { body: { data: { deployment: deployment({ status: "hunter2 hunter2" }) } } },
    }),
  );

  expect(await railway.deployment(entry, "deployment-1")).toMatchObject({
    status: "unfinished",
    word: "UNRECOGNIZED",
  });
});

test("sees a service that nothing serves", async () => {
  const { railway } = await plantRailway(healthyAnswers({ Service: serviceAnswer([]) }));

  const state = await railway.observe(entry, names);

  expect(state).toMatchObject({ kind: "seen", deploying: false });
  expect(state).not.toHaveProperty("serving");
});

test("reads values though their origins are refused, and does not ask for these again", async () => {
  const { railway, operations } = await plantRailway(
    healthyAnswers({ VariableRows: graphqlError("Not Authorized") }),
  );

  const states = [await railway.observe(entry, names), await railway.observe(entry, names)];

  expect(states).toMatchObject([{ kind: "seen" }, { kind: "seen" }]);
  expect(operations().filter((name) => name === "VariableRows")).toHaveLength(1);
});

test("asks again for origins that an outage kept back", async () => {
  const down = { status: 503, body: "" };
  const { railway, clock } = await plantRailway(
    healthyAnswers({
      VariableRows: [down, down, down, rowsAnswer([{ name: "AUTH_SECRET", serviceId: null }])],
    }),
  );

  const first = await railway.observe(entry, names);
  await clock.sleep(1_000);
  const second = await railway.observe(entry, names);

  expect(first.kind === "seen" && first.stored.get("AUTH")?.kind).toBe("value");
  expect(second.kind === "seen" && second.stored.get("AUTH")?.kind).toBe("inherited");
});

test("reads origins page by page", async () => {
  const page = (node: object, hasNextPage: boolean): PlantedAnswer => {
    const full = { serviceId: null, isSealed: false, references: [], ...node };
    const variables = { edges: [{ node: full }], pageInfo: { hasNextPage, endCursor: "cursor-1" } };
    return { body: { data: { environment: { variables } } } };
  };
  const { railway, requests } = await plantRailway(
    healthyAnswers({ VariableRows: [page({ name: "OTHER" }, true), page({ name: "AUTH_SECRET" }, false)] }),
  );

  const state = await railway.observe(entry, names);

  const asked = requests.filter(({ operation }) => operation === "VariableRows");
  expect(asked.map(({ variables }) => variables["after"])).toEqual([undefined, "cursor-1"]);
  expect(state.kind === "seen" && state.stored.get("AUTH")?.kind).toBe("inherited");
});

test("concludes nothing from origins that never end", async () => {
  const variables = {
    edges: [{ node: { name: "AUTH_SECRET", serviceId: null, isSealed: false, references: [] } }],
    pageInfo: { hasNextPage: true, endCursor: "again" },
  };
  const { railway, operations } = await plantRailway(
    healthyAnswers({ VariableRows: { body: { data: { environment: { variables } } } } }),
  );

  const state = await railway.observe(entry, names);

  expect(state.kind === "seen" && state.stored.get("AUTH")?.kind).toBe("value");
  expect(operations().filter((name) => name === "VariableRows")).toHaveLength(20);
});

test.for<[string, PlantedAnswer, string]>([
  ["is malformed", { body: { data: { variables: [], serviceInstance: null } } }, "railway-malformed"],
  ["has a value that is no text", { body: { data: { variables: { A: 1 } } } }, "railway-malformed"],
  ["has a date that is none", serviceAnswer([deployment({ createdAt: "soon" })]), "railway-malformed"],
  ["refuses", graphqlError("Not Authorized"), "railway-not-authorized"],
  ["finds nothing", graphqlError("ServiceInstance not found"), "railway-refused"],
  ["is out of order", { status: 500, body: "" }, "railway-unreachable"],
])("gives a reason instead of throwing where Railway %s", async ([, answer, code]) => {
  const { railway } = await plantRailway(healthyAnswers({ Service: answer }));

  expect(await railway.observe(entry, names)).toMatchObject({ kind: "unseen", code });
});

test("reads nothing without a service, for these would be the shared variables", async () => {
  const { railway, requests } = await plantRailway(healthyAnswers());

  expect(await railway.observe({ ...entry, service: "" }, names)).toMatchObject({
    kind: "unseen",
    code: "railway-refused",
  });
  expect(requests).toHaveLength(0);
});
