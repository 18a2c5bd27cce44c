import { expect, test } from "vitest";
import { Secret } from "../../../functions/protocol/secret.ts";
import {
  deployment,
  entry,
  graphqlError,
  healthyAnswers,
  ids,
  instance,
  names,
  type PlantedAnswer,
  plantRailway,
  rowsAnswer,
  serviceAnswer,
} from "./planted-railway.ts";

function activeAnswer(active: readonly object[], latest: object | null = null): PlantedAnswer {
  return serviceAnswer({ AUTH_SECRET: "value-1" }, instance(active, latest));
}

test("needs two calls for a healthy service", async () => {
  const { railway, operations } = await plantRailway(healthyAnswers());

  const state = await railway.observe(entry, names);

  expect(state).toEqual({
    kind: "seen",
    stored: new Map([["AUTH", { kind: "value", value: new Secret("value-1") }]]),
    serving: { deploymentId: "deployment-1", createdAtMs: Date.UTC(2026, 7, 1) },
    newestId: "deployment-1",
    earlier: [],
    deploying: false,
    replicas: 1,
  });
  expect(operations().toSorted()).toEqual(["Service", "TokenPlace"]);
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
  const { railway } = await plantRailway(healthyAnswers({ Service: activeAnswer([deployment()], unknown) }));

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
  const { railway } = await plantRailway(healthyAnswers({ Service: activeAnswer([]) }));

  const state = await railway.observe(entry, names);

  expect(state).toMatchObject({ kind: "seen", deploying: false });
  expect(state).not.toHaveProperty("serving");
});

test("needs one call more where the snapshot is the evidence, once for each deployment", async () => {
  const variables = { AUTH_SECRET: "value-0" };
  const Snapshot = { body: { data: { deployment: deployment(), deploymentSnapshot: { variables } } } };
  const { railway, operations } = await plantRailway(healthyAnswers({ Snapshot }));

  const first = await railway.observe(entry, names, { withSnapshot: true });
  await railway.observe(entry, names, { withSnapshot: true });

  expect(first).toMatchObject({
    stored: new Map([["AUTH", { kind: "value", value: new Secret("value-1") }]]),
    serving: { variables: new Map([["AUTH", { kind: "value", value: new Secret("value-0") }]]) },
  });
  expect(operations()).toEqual(["TokenPlace", "Service", "Snapshot", "Service"]);
});

test.for<[string, object, object]>([
  ["sleeps", { sleepApplication: true }, { rest: "sleeps" }],
  ["runs at its hours", { cronSchedule: "0 6 * * *", sleepApplication: true }, { rest: "cron" }],
  ["has several replicas", { numReplicas: 3 }, { replicas: 3 }],
])("tells that a service %s", async ([, changes, told]) => {
  const Service = serviceAnswer({ AUTH_SECRET: "value-1" }, { ...instance(), ...changes });
  const { railway } = await plantRailway(healthyAnswers({ Service }));

  expect(await railway.observe(entry, names)).toMatchObject(told);
});

test("tells what the token's hour still allows", async () => {
  const reset = Date.UTC(2026, 7, 1) / 1_000 + 600;
  const headers = { "x-ratelimit-remaining": "42", "x-ratelimit-reset": String(reset) };
  const Service = { ...Object(serviceAnswer({ AUTH_SECRET: "value-1" })), headers };
  const { railway } = await plantRailway(healthyAnswers({ Service }));

  expect(await railway.observe(entry, names)).toMatchObject({
    quota: { callsLeft: 42, untilMs: reset * 1_000 },
  });
});

test.for<[string, PlantedAnswer, string]>([
  ["is malformed", { body: { data: { variables: [], serviceInstance: null } } }, "railway-malformed"],
  ["has a value that is no text", { body: { data: { variables: { A: 1 } } } }, "railway-malformed"],
  ["has a date that is none", activeAnswer([deployment({ createdAt: "soon" })]), "railway-malformed"],
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

test.for<[string, readonly string[], boolean]>([
  ["that its own row tells without an owner", ["AUTH"], false],
  ["that its own row does not tell of", [], false],
  ["beside more services than are looked through", ["shared.AUTH"], true],
])("follows no link %s", async ([, references, hasNextPage]) => {
  const variables = { AUTH_SECRET: `\${{shared.AUTH}}` };
  const listed = {
    edges: [{ node: { serviceId: ids.service, serviceName: "api" } }],
    pageInfo: { hasNextPage, endCursor: null },
  };
  const { railway, operations } = await plantRailway(
    healthyAnswers({
      Service: serviceAnswer(variables),
      VariableRows: rowsAnswer([
        { name: "AUTH", serviceId: null },
        { name: "AUTH_SECRET", references },
      ]),
      EnvironmentServices: { body: { data: { environment: { serviceInstances: listed } } } },
      ServiceVariables: { body: { data: { variables } } },
      Snapshot: graphqlError("Not Authorized"),
      EarlierDeployments: graphqlError("Not Authorized"),
    }),
  );

  const seen = await railway.observe(entry, names);
  const state = await railway.withDetails(entry, names, seen);

  expect(operations()).toContain("EnvironmentServices");
  expect(state.kind === "seen" && state.stored.get("AUTH")).toEqual({
    kind: "reference",
    to: "shared.AUTH",
  });
});
