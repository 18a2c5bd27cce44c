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
  writtenAnswer,
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

test.for<[string, PlantedAnswer]>([
  ["a reference", writtenAnswer({ AUTH_SECRET: `\${{shared.AUTH_SECRET}}` }, [{ name: "AUTH_SECRET" }])],
  [
    "an inherited variable",
    writtenAnswer({ AUTH_SECRET: "value-1" }, [{ name: "AUTH_SECRET", serviceId: null }]),
  ],
])("does not write over %s", async ([, WrittenVariables]) => {
  const { railway, operations } = await plantRailway(healthyAnswers({ WrittenVariables }));

  await expect(railway.setVariables(entry, change)).rejects.toMatchObject({
    code: "railway-refused",
    message: expect.stringContaining("AUTH_SECRET is"),
  });
  expect(operations()).not.toContain("SetVariables");
});

test.for<[string, PlantedAnswer, string]>([
  ["an outage hides the origins", { status: 503, body: "" }, "railway-unreachable"],
  ["the token may not see the origins", graphqlError("Not Authorized"), "railway-refused"],
])("does not write where %s", async ([, WrittenVariables, code]) => {
  const { railway, operations } = await plantRailway(healthyAnswers({ WrittenVariables }));

  await expect(railway.setVariables(entry, change)).rejects.toMatchObject({ code });
  expect(operations()).not.toContain("SetVariables");
});

test("reads all pages of the origins before it writes", async () => {
  const edge = { node: { name: "OTHER", serviceId: null, isSealed: false, references: [] } };
  const page = { edges: [edge], pageInfo: { hasNextPage: true, endCursor: "cursor-1" } };
  const first = { variables: { AUTH_SECRET: "value-1" }, environment: { variables: page } };
  const { railway, requests, operations } = await plantRailway(
    healthyAnswers({
      WrittenVariables: { body: { data: first } },
      VariableRows: rowsAnswer([{ name: "AUTH_SECRET", serviceId: null }]),
    }),
  );

  await expect(railway.setVariables(entry, change)).rejects.toMatchObject({ code: "railway-refused" });
  expect(requests.at(-1)?.variables["after"]).toBe("cursor-1");
  expect(operations()).not.toContain("SetVariables");
});

test.for<[string, string | null, object]>([
  ["the environment's shared variables", null, {}],
  ["another service's variables", "service-2", { serviceId: "service-2" }],
])("sets %s where it is told to", async ([, ownerId, owner]) => {
  const WrittenVariables = writtenAnswer({ AUTH_SECRET: "value-1" }, [
    { name: "AUTH_SECRET", serviceId: ownerId },
  ]);
  const { railway, requests } = await plantRailway(healthyAnswers({ WrittenVariables }));

  await railway.setVariables(entry, change, ownerId);

  const [read, write] = requests.slice(-2).map(({ variables }) => variables);
  const place = { projectId: entry.project, environmentId: entry.environment, ...owner };
  expect(read).toEqual({ ...place, first: 500 });
  expect(write).toEqual({
    input: { ...place, variables: { AUTH_SECRET: "value-2" }, replace: false, skipDeploys: true },
  });
});

test.for<[string, object[]]>([
  ["is not there any more", []],
  ["is a reference by now", [{ name: "AUTH_SECRET", serviceId: null, references: ["gateway.AUTH"] }]],
])("does not set a shared variable that %s", async ([, rows]) => {
  const WrittenVariables = writtenAnswer(rows.length === 0 ? {} : { AUTH_SECRET: "value-1" }, rows);
  const { railway, operations } = await plantRailway(healthyAnswers({ WrittenVariables }));

  await expect(railway.setVariables(entry, change, null)).rejects.toMatchObject({ code: "railway-refused" });
  expect(operations()).not.toContain("SetVariables");
});

test("writes over a sealed variable, which Railway allows", async () => {
  const { railway, operations } = await plantRailway(
    healthyAnswers({ WrittenVariables: writtenAnswer({ AUTH_SECRET: null }, [{ name: "AUTH_SECRET" }]) }),
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
          data: { deployment: deployment({ id: "deployment-2", status: "QUEUED" }) },
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
