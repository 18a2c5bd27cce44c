import { expect, test } from "vitest";
import { limits } from "../../../functions/core/limits.ts";
import type { ServiceState } from "../../../functions/core/observation.ts";
import { Secret } from "../../../functions/protocol/secret.ts";
import {
  deployment,
  entry,
  graphqlError,
  healthyAnswers,
  names,
  type PlantedAnswer,
  plantRailway,
} from "./planted-railway.ts";

const seen: ServiceState = {
  kind: "seen",
  stored: new Map(),
  serving: { deploymentId: "deployment-1", createdAtMs: Date.UTC(2026, 7, 1) },
  earlier: [],
  deploying: false,
};

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

test("reads no more earlier snapshots than the limit, the newest first", async () => {
  const { railway, operations } = await plantRailway(
    healthyAnswers({
      Snapshot: snapshotAnswer({ AUTH_SECRET: "value-1" }),
      EarlierDeployments: listAnswer(limits.earlierSnapshotsMax + 2),
    }),
  );

  const state = await railway.withSnapshots(entry, names, seen);

  const ids = state.kind === "seen" && state.earlier.map(({ deploymentId }) => deploymentId);
  expect(ids).toEqual(["earlier-4", "earlier-3", "earlier-2"]);
  expect(operations().filter((name) => name === "Snapshot")).toHaveLength(1 + limits.earlierSnapshotsMax);
});

test.for<[string, PlantedAnswer]>([
  ["refuses it", graphqlError("Not Authorized")],
  ["has none", snapshotAnswer(null)],
])("leaves a snapshot's variables out where Railway %s", async ([, Snapshot]) => {
  const { railway } = await plantRailway(healthyAnswers({ Snapshot, EarlierDeployments: listAnswer(1) }));

  const state = await railway.withSnapshots(entry, names, seen);

  expect(state).toEqual({
    ...seen,
    earlier: [{ deploymentId: "earlier-0", createdAtMs: Date.UTC(2026, 6, 10) }],
  });
});

test("gives what was seen where nothing more can be read", async () => {
  const { railway } = await plantRailway({ TokenPlace: { status: 503, body: "" } });

  expect(await railway.withSnapshots(entry, names, seen)).toBe(seen);
});

test("asks nothing where no deployment serves", async () => {
  const { railway, requests } = await plantRailway(healthyAnswers());
  const { serving: _, ...idle } = seen;

  expect(await railway.withSnapshots(entry, names, idle)).toBe(idle);
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
