import { expect, test } from "vitest";
import { Secret } from "../../../functions/protocol/secret.ts";
import {
  deployment,
  entry,
  graphqlError,
  healthyAnswers,
  instance,
  type PlantedAnswer,
  plantRailway,
  rowsAnswer,
} from "./planted-railway.ts";

const change = new Map([["AUTH_SECRET", new Secret("value-2")]]);

function deploymentsAnswer(active: readonly object[], latest: object | null = null): PlantedAnswer {
  return { body: { data: { serviceInstance: instance(active, latest) } } };
}

test("sets all variables with one mutation that deploys and replaces nothing", async () => {
  const { railway, requests } = await plantRailway(healthyAnswers());

  await railway.setVariables(
    entry,
    new Map([
      ["AUTH_SECRET", new Secret("value-2")],
      ["OTHER", new Secret("other-2")],
    ]),
  );

  const written = requests.filter(({ operation }) => operation === "SetVariables");
  expect(written.map(({ variables }) => variables)).toEqual([
    {
      input: {
        projectId: entry.project,
        environmentId: entry.environment,
        serviceId: entry.service,
        variables: { AUTH_SECRET: "value-2", OTHER: "other-2" },
        replace: false,
        skipDeploys: true,
      },
    },
  ]);
});

test.for<[string, Map<string, Secret>]>([
  ["no variables", new Map()],
  ["a name of Railway's", new Map([["RAILWAY_TOKEN", new Secret("x")]])],
  ["a value that Railway would render", new Map([["A", new Secret("pass${{word")]])],
])("does not write %s", async ([, values]) => {
  const { railway, requests } = await plantRailway(healthyAnswers());

  await expect(railway.setVariables(entry, values)).rejects.toMatchObject({ code: "railway-refused" });
  expect(requests).toHaveLength(0);
});

test("does not write without a service, for that would change the shared variables", async () => {
  const { railway, requests } = await plantRailway(healthyAnswers());

  await expect(railway.setVariables({ ...entry, service: "" }, change)).rejects.toMatchObject({
    code: "railway-refused",
  });
  expect(requests).toHaveLength(0);
});

test.for<[string, PlantedAnswer, PlantedAnswer]>([
  [
    "a reference",
    { body: { data: { variables: { AUTH_SECRET: `\${{shared.AUTH_SECRET}}` } } } },
    graphqlError("Not Authorized"),
  ],
  [
    "an inherited variable",
    { body: { data: { variables: { AUTH_SECRET: "value-1" } } } },
    rowsAnswer([{ name: "AUTH_SECRET", serviceId: null }]),
  ],
])("does not write over %s", async ([, ServiceVariables, VariableRows]) => {
  const { railway, operations } = await plantRailway(healthyAnswers({ ServiceVariables, VariableRows }));

  await expect(railway.setVariables(entry, change)).rejects.toMatchObject({
    code: "railway-refused",
    message: expect.stringContaining("AUTH_SECRET is"),
  });
  expect(operations()).not.toContain("SetVariables");
});

test("looks again at the origins before it writes", async () => {
  const { railway, operations } = await plantRailway(
    healthyAnswers({
      VariableRows: [
        rowsAnswer([{ name: "AUTH_SECRET" }]),
        rowsAnswer([{ name: "AUTH_SECRET", serviceId: null }]),
      ],
    }),
  );
  await railway.observe(entry, new Map());

  await expect(railway.setVariables(entry, change)).rejects.toMatchObject({ code: "railway-refused" });
  expect(operations()).not.toContain("SetVariables");
});

test("does not write where an outage hides the origins", async () => {
  const { railway, operations } = await plantRailway(
    healthyAnswers({ VariableRows: { status: 503, body: "" } }),
  );

  await expect(railway.setVariables(entry, change)).rejects.toMatchObject({ code: "railway-unreachable" });
  expect(operations()).not.toContain("SetVariables");
});

test("writes over a sealed variable, which Railway allows", async () => {
  const { railway, operations } = await plantRailway(
    healthyAnswers({ ServiceVariables: { body: { data: { variables: { AUTH_SECRET: null } } } } }),
  );

  await railway.setVariables(entry, change);

  expect(operations()).toContain("SetVariables");
});

test.for<[string, PlantedAnswer, string]>([
  ["the connection ends", "cut", "railway-unreachable"],
  ["Railway is out of order", { status: 502, body: "" }, "railway-unreachable"],
  ["the answer is no JSON", { body: "<html>" }, "railway-malformed"],
  ["Railway has a problem", graphqlError("Problem processing request"), "railway-refused"],
  ["nothing was written", { body: { data: { variableCollectionUpsert: false } } }, "railway-malformed"],
])("sends a mutation once, and says that its outcome is unclear, where %s", async ([, answer, code]) => {
  const { railway, operations } = await plantRailway(
    healthyAnswers({ SetVariables: answer, Redeploy: answer }),
  );
  const unclear = { code, retryable: false, message: expect.stringContaining("read before trying again") };

  await expect(railway.setVariables(entry, change)).rejects.toMatchObject(unclear);
  await expect(railway.redeploy(entry, "deployment-1")).rejects.toMatchObject(unclear);
  expect(operations().filter((name) => name === "SetVariables")).toHaveLength(1);
  expect(operations().filter((name) => name === "Redeploy")).toHaveLength(1);
});

test("gives up on a mutation that is not answered in time, and says that its outcome is unclear", async () => {
  const { railway, operations } = await plantRailway(healthyAnswers({ SetVariables: "silence" }), {
    requestTimeoutMs: 300,
  });

  await expect(railway.setVariables(entry, change)).rejects.toMatchObject({
    code: "railway-unreachable",
    retryable: false,
    message: expect.stringMatching(/did not answer in time.*read before trying again/),
  });
  expect(operations().filter((name) => name === "SetVariables")).toHaveLength(1);
});

test("redeploys the serving deployment with its image, and gives the new one", async () => {
  const { railway, requests } = await plantRailway(healthyAnswers());

  const started = await railway.redeploy(entry, "deployment-1");

  expect(started).toEqual({
    id: "deployment-2",
    status: "unfinished",
    word: "QUEUED",
    createdAtMs: Date.UTC(2026, 7, 1),
  });
  expect(requests.at(-1)?.variables).toEqual({ id: "deployment-1" });
});

test.for([{ snapshotId: null }, { canRedeploy: false }])(
  "deploys anew what cannot be started again: %j",
  async (odd) => {
    const answers = healthyAnswers({
      ServiceDeployments: deploymentsAnswer([deployment(odd)]),
      Deploy: { body: { data: { serviceInstanceDeployV2: "deployment-2" } } },
      Deployment: {
        body: {
          data: { deployment: { id: "deployment-2", status: "QUEUED", createdAt: "2026-08-02T00:00:00Z" } },
        },
      },
    });
    const { railway, operations } = await plantRailway(answers);

    const started = await railway.redeploy(entry, "deployment-1");

    expect(started).toMatchObject({ id: "deployment-2", status: "unfinished", word: "QUEUED" });
    expect(operations().filter((name) => /deploy$/i.test(name))).toEqual(["Deploy"]);
  },
);

test("begins no second deployment where a newer one is there than was known", async () => {
  const newer = deployment({ id: "deployment-2", status: "BUILDING" });
  const answers = healthyAnswers({ ServiceDeployments: deploymentsAnswer([deployment()], newer) });
  const { railway, operations } = await plantRailway(answers);

  const started = await railway.redeploy(entry, "deployment-1", "deployment-1");

  expect(started).toMatchObject({ id: "deployment-2", status: "unfinished" });
  expect(operations().filter((name) => /deploy$/i.test(name))).toEqual([]);
});

test.for<[string, PlantedAnswer, boolean]>([
  ["another deployment serves now", deploymentsAnswer([deployment({ id: "deployment-9" })]), false],
  ["no deployment serves now", deploymentsAnswer([]), false],
  [
    "a deployment is under way",
    deploymentsAnswer([deployment()], deployment({ id: "deployment-2", status: "BUILDING" })),
    true,
  ],
])("does not redeploy where %s", async ([words, ServiceDeployments, retryable]) => {
  const { railway, operations } = await plantRailway(healthyAnswers({ ServiceDeployments }));

  await expect(railway.redeploy(entry, "deployment-1")).rejects.toMatchObject({
    code: "railway-refused",
    message: expect.stringContaining(words),
    retryable,
  });
  expect(operations()).not.toContain("Redeploy");
});

test("writes nothing where it cannot be seen whether a variable is inherited", async () => {
  const { railway, operations } = await plantRailway(
    healthyAnswers({ VariableRows: graphqlError("Not Authorized") }),
  );

  await expect(railway.setVariables(entry, change)).rejects.toMatchObject({ code: "railway-refused" });
  expect(operations()).not.toContain("SetVariables");
});
