import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDynamodbMemory } from "../../functions/adapters/dynamodb-memory.ts";
import { metricNames, settings } from "../../functions/contract.ts";
import { limits } from "../../functions/core/limits.ts";
import { serviceKey } from "../../functions/core/service-plans.ts";
import { openTable, tableName } from "../adapters/dynamodb-bed.ts";
import { openHeal, orderFor } from "./heal-bench.ts";

beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

/** An execution over a drifted service that remembers in a real table; `claimedBy` has the service. */
async function execute(claimedBy: string) {
  const { client, endpoint } = await openTable();
  const memory = createDynamodbMemory(client, tableName);
  const bench = await openHeal({
    hosts: ["vps", "mac"],
    variables: { [settings.stateTable]: tableName, AWS_ENDPOINT_URL_DYNAMODB: endpoint },
  });
  await bench.fleet.rotate("AUTH");
  const startedAtMs = Date.now();
  const claim = { id: "own", startedAtMs };
  const targets = [{ secret: "AUTH", versionId: "version-1" }];
  const foundMs = startedAtMs - 60_000;
  const after = { verdict: '{"kind":"behind"}', sinceMs: foundMs };
  await memory.noteHolders([{ environment: "api", secret: "AUTH", after }]);
  await memory.claimHeal({
    ...{ id: claimedBy, startedAtMs, untilMs: startedAtMs + limits.healClaimMs },
    services: [serviceKey(bench.fleet.fleet.environments["api"]?.railway) ?? ""],
    heals: [{ id: claimedBy, environment: "api", targets, startedAtMs }],
  });
  const execution = await bench.execute({ ...orderFor("api"), claim });
  const remembered = await memory.recall(Date.now());
  return { bench, heals: execution.getResult()?.heals ?? [], remembered };
}

describe("an execution with a state table", () => {
  it("holds its claim on until its end, gives it back, and tells how long it was until the repair", async () => {
    const { bench, heals, remembered } = await execute("own");

    expect(heals).toMatchObject([{ status: "healed", wrongSince: expect.any(String) }]);
    expect(remembered.heals).toMatchObject([{ id: "own", end: { status: "healed" } }]);
    expect(remembered.claimed).toEqual(new Set());
    const [repair] = bench.metrics().flatMap((each) => each[metricNames.timeToRepair] ?? []);
    expect(repair).toBeGreaterThanOrEqual(60_000);
  });

  it("changes nothing where another has the claim, and leaves it that", async () => {
    const { bench, heals, remembered } = await execute("another");

    expect(heals).toMatchObject([{ status: "withheld", reason: "in-flight" }]);
    expect(bench.fleet.mutations()).toEqual([]);
    expect(remembered.claimed.size).toBe(1);
  });
});
