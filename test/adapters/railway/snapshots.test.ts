import { expect, test } from "vitest";
import { limits } from "../../../functions/core/limits.ts";
import { Secret } from "../../../functions/protocol/secret.ts";
import {
  deployment,
  entry,
  graphqlError,
  healthyAnswers,
  instance,
  names,
  type PlantedAnswer,
  type PlantedAnswers,
  plantRailway,
  serviceAnswer,
} from "./planted-railway.ts";

function snapshotAnswer(variables: object | null): PlantedAnswer {
  const deploymentSnapshot = variables === null ? null : { variables };
  return { body: { data: { deployment: deployment(), deploymentSnapshot } } };
}

function listAnswer(count: number): PlantedAnswer {
  const edges = Array.from({ length: count }, (_, index) => ({
    node: deployment({
      id: `earlier-${index}`,
      status: "REMOVED",
      createdAt: `2026-07-${String(10 + index)}T00:00:00Z`,
    }),
  }));
  return { body: { data: { deployments: { edges, pageInfo: { hasNextPage: false } } } } };
}

/** A look, and a closer one. */
async function seeCloser(answers: PlantedAnswers) {
  const planted = await plantRailway(healthyAnswers(answers));
  const seen = await planted.railway.observe(entry, names);
  return { ...planted, seen, state: await planted.railway.withDetails(entry, names, seen) };
}

test("reads no more earlier snapshots than the limit, the newest first", async () => {
  const started = { variables: { AUTH_SECRET: "value-1" } };
  const { state, operations, requests } = await seeCloser({
    Snapshot: snapshotAnswer({ AUTH_SECRET: "value-1" }),
    Snapshots: { body: { data: { first: started, second: null, third: started } } },
    EarlierDeployments: listAnswer(limits.earlierSnapshotsMax + 2),
  });

  const earlier = state.kind === "seen" ? state.earlier : [];
  expect(earlier.map(({ deploymentId }) => deploymentId)).toEqual(["earlier-4", "earlier-3", "earlier-2"]);
  expect(earlier.map(({ variables }) => variables?.get("AUTH")?.kind)).toEqual(["value", undefined, "value"]);
  expect(operations().filter((name) => name.startsWith("Snapshot"))).toHaveLength(2);
  expect(requests.find(({ operation }) => operation === "Snapshots")?.variables).toEqual({
    ...{ first: "earlier-4", second: "earlier-3", third: "earlier-2", hasSecond: true, hasThird: true },
  });
});

test("asks for nothing twice in a run, for what a deployment was started with does not change", async () => {
  const { railway, seen, operations } = await seeCloser({
    Snapshot: snapshotAnswer({ AUTH_SECRET: "value-1" }),
    EarlierDeployments: listAnswer(0),
  });
  const calls = operations().length;

  await railway.withDetails(entry, names, seen);

  expect(operations()).toHaveLength(calls);
});

test.for<[string, PlantedAnswer]>([
  ["refuses it", graphqlError("Not Authorized")],
  ["has none", snapshotAnswer(null)],
])("leaves a snapshot's variables out where Railway %s", async ([, Snapshot]) => {
  const { seen, state } = await seeCloser({ Snapshot, EarlierDeployments: listAnswer(1) });

  expect(state).toEqual({
    ...seen,
    earlier: [{ deploymentId: "earlier-0", createdAtMs: Date.UTC(2026, 6, 10) }],
  });
});

test("gives what was seen where nothing more can be read", async () => {
  const down = { status: 503, body: "" };
  const { seen, state } = await seeCloser({
    ...{ VariableRows: down, Snapshot: down, EarlierDeployments: down },
  });

  expect(state).toEqual(seen);
});

test("asks for no snapshot where no deployment serves", async () => {
  const { seen, state, operations } = await seeCloser({
    Service: serviceAnswer({ AUTH_SECRET: "value-1" }, instance([])),
  });

  expect(state).toEqual(seen);
  expect(operations()).toEqual(["TokenPlace", "Service", "VariableRows"]);
});

test("gives back what was not looked at in this run as it is", async () => {
  const { railway, requests } = await plantRailway(healthyAnswers());
  const seen = { kind: "seen", stored: new Map(), earlier: [], deploying: false } as const;

  expect(await railway.withDetails(entry, names, seen)).toBe(seen);
  expect(requests).toHaveLength(0);
});

test("gives one deployment's variables", async () => {
  const { railway } = await plantRailway(
    healthyAnswers({ Snapshot: snapshotAnswer({ AUTH_SECRET: "value-1" }) }),
  );

  expect(await railway.snapshot(entry, names, "deployment-1")).toEqual({
    deploymentId: "deployment-1",
    createdAtMs: Date.UTC(2026, 7, 1),
    variables: new Map([["AUTH", { kind: "value", value: new Secret("value-1") }]]),
  });
});
