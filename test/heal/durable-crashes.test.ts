import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCrashingHandler, type Death } from "./crashing-handler.ts";
import { openHeal, orderFor } from "./heal-bench.ts";

beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: false }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

/** One execution over a fleet of drifted services, whose process dies once. */
async function executeAndDie(services: readonly string[], death: Death) {
  const bench = await openHeal({
    services: Object.fromEntries(services.map((name) => [name, {}])),
    hosts: services.map((name) => `host-${name}`),
    // A process that dies is followed by the next within the same moment here: two paces in one second.
    limits: { perHour: 10_000, perSecond: 1_000 },
  });
  await bench.fleet.rotate("AUTH");
  const { handler, log } = createCrashingHandler(bench.handler, death);
  const execution = await bench.execute(orderFor(...services), handler);
  const { heals } = execution.getResult() ?? { heals: [] };
  return {
    isCrashed: log.crashes > 0,
    heals: heals.map(({ environment, status, reason = "" }) => `${environment} ${status} ${reason}`.trim()),
    writes: bench.fleet.calls("variableCollectionUpsert"),
    redeploys: bench.fleet.calls("deploymentRedeploy"),
    mails: bench.mails().map(({ subject }) => subject),
    records: bench.metrics().length,
  };
}

const steps = 11;
const told = "Tallystick: api held an old AUTH - repaired, verified";

describe("an execution whose process dies between two steps", () => {
  it("does each thing once, whichever step was the last", { timeout: 120_000 }, async () => {
    for (let atStep = 1; atStep <= steps; atStep += 1) {
      expect(await executeAndDie(["api"], { atStep }), `after step ${atStep}`).toEqual({
        isCrashed: true,
        heals: ["api healed"],
        ...{ writes: 1, redeploys: 1, mails: [told], records: 1 },
      });
    }
    expect(await executeAndDie(["api"], { atStep: steps + 1 })).toMatchObject({ isCrashed: false });
  });

  it("does so where other services are being mended side by side", { timeout: 120_000 }, async () => {
    const services = ["a", "b", "c", "d"];
    for (let atStep = 8; atStep <= 16; atStep += 1) {
      const ended = await executeAndDie(services, { atStep });

      expect(ended, `after step ${atStep}`).toMatchObject({
        isCrashed: true,
        heals: services.map((name) => `${name} healed`),
        redeploys: services.length,
        records: 1,
      });
    }
  });
});

describe("an execution whose process dies before a finished step is in its log", () => {
  it("still redeploys once, and proves what it did", { timeout: 120_000 }, async () => {
    for (let atStep = 1; atStep <= steps; atStep += 1) {
      const ended = await executeAndDie(["api"], { atStep, isLost: true });

      expect(ended, `in step ${atStep}`).toMatchObject({
        isCrashed: true,
        heals: ["api healed"],
        redeploys: 1,
      });
      // What was told or written without the log's knowing of it is told or written once more, the same.
      expect(ended.writes, `in step ${atStep}`).toBeLessThanOrEqual(2);
      expect(new Set(ended.mails), `in step ${atStep}`).toEqual(new Set([told]));
    }
  });
});
