import { describe, expect, it } from "vitest";
import { limits } from "../../functions/core/limits.ts";
import { planRemedies } from "../../functions/core/plan.ts";
import type { HealReport } from "../../functions/core/report.ts";
import type { ServicePlan } from "../../functions/core/service-plans.ts";
import { healService } from "../../functions/heal/heal.ts";
import { look } from "../../functions/heal/observer.ts";
import { createSightOfAll } from "../../functions/heal/sight-of-all.ts";
import { type Crash, createRecordedSteps, type RecordedStep } from "./recorded-steps.ts";
import { openSmallFleet, type SmallFleet } from "./small-fleet.ts";

interface Drifted {
  readonly fleet: SmallFleet;
  readonly plan: ServicePlan;
  readonly log: RecordedStep[];
}

/** A fleet whose service holds the value before the current one, and the plan that was made for it. */
async function openDrifted(): Promise<Drifted> {
  const fleet = await openSmallFleet({ hosts: ["vps"] });
  await fleet.rotate("AUTH");
  const { diagnosis, observation } = await look(fleet.world(), { fleet: fleet.fleet, probe: false });
  const [plan] = planRemedies(fleet.fleet, diagnosis, observation, "fix").services;
  if (plan === undefined) throw new Error("the test's fleet needs no repair");
  return { fleet, plan, log: [] };
}

/** One process that heals, from where the log ends until it is done or dies. */
async function heal(
  { fleet, plan, log }: Drifted,
  crash?: Crash,
): Promise<readonly HealReport[] | "crashed"> {
  const world = fleet.world();
  const { steps, crashed } = createRecordedSteps(world.clock, log, crash);
  return Promise.race([
    healService(world, plan, { steps, mode: "fix", sightOfAll: createSightOfAll(world) }),
    crashed,
  ]);
}

async function entriesOfWholeHeal(): Promise<number> {
  const drifted = await openDrifted();
  await heal(drifted);
  return drifted.log.length;
}

const healed = [{ environment: "api", secrets: ["AUTH"], status: "healed" }];

describe("the steps of a heal", () => {
  it("have names of their own, by which they are found again", async () => {
    const drifted = await openDrifted();

    await heal(drifted);

    const finished = drifted.log.filter(({ isDone }) => isDone).map(({ name }) => name);
    expect(finished).toEqual([
      "start",
      "judge-again",
      "write",
      "redeploy",
      "deployment",
      "verify-api",
      "end",
    ]);
  });

  it("hold neither a value nor a fingerprint", async () => {
    const drifted = await openDrifted();

    await heal(drifted);

    drifted.fleet.outputs.push(drifted.log);
    drifted.fleet.expectNoLeak();
    expect(JSON.stringify(drifted.log), "32 bytes in base64url").not.toMatch(/[A-Za-z0-9_-]{43}/);
  });

  it("would be noticed if they held one", async () => {
    const { fleet } = await openDrifted();
    const value = fleet.stored("api")["AUTH"] ?? "";
    fleet.outputs.push([{ name: "write", state: Buffer.from(value).toString("hex") }]);

    expect(() => fleet.expectNoLeak()).toThrow("disguised");

    fleet.outputs.splice(0);
  });
});

describe("a heal whose process dies", () => {
  it("does each thing once, whichever entry of its log was the last", async () => {
    const entries = await entriesOfWholeHeal();
    for (let atEntry = 1; atEntry < entries; atEntry += 1) {
      const drifted = await openDrifted();

      const first = await heal(drifted, { atEntry });
      const second = await heal(drifted);

      expect(first, `entry ${atEntry}`).toBe("crashed");
      expect(second, `entry ${atEntry}`).toMatchObject(healed);
      expect(drifted.fleet.mutations(), `entry ${atEntry}`).toEqual([
        "variableCollectionUpsert",
        "deploymentRedeploy",
      ]);
    }
  });

  it("writes again what it does not know to have written", async () => {
    const drifted = await openDrifted();

    await heal(drifted, { atEntry: 3, isLost: true });
    const second = await heal(drifted);

    expect(second).toMatchObject(healed);
    expect(drifted.fleet.mutations()).toEqual([
      "variableCollectionUpsert",
      "variableCollectionUpsert",
      "deploymentRedeploy",
    ]);
  });

  it("takes the deployment that it does not know to have begun for its own, and proves it", async () => {
    const drifted = await openDrifted();

    await heal(drifted, { atEntry: 4, isLost: true });
    const second = await heal(drifted);

    expect(second).toMatchObject(healed);
    expect(drifted.fleet.calls("deploymentRedeploy")).toBe(1);
  });

  it("does not wait anew for a deployment that it waited for already", async () => {
    const drifted = await openDrifted();
    drifted.fleet.railway.plant({ kind: "deployment", fate: "never-ends" });
    await heal(drifted, { atEntry: 7 });
    await drifted.fleet.clock?.advance(limits.deploymentWaitMs);

    const second = await heal(drifted);

    expect(second).toMatchObject([{ status: "timed-out", reason: "deployment-slow" }]);
    expect(drifted.log).toHaveLength(9);
  });

  it("does not wait anew for a proof that it waited for already", async () => {
    const drifted = await openDrifted();
    drifted.fleet.disguiseReplicas((tally) => ({ ...tally, deployment: "another" }));
    await heal(drifted);
    const entries = drifted.log.findIndex(({ name }) => name === "verify-api") + 1;
    drifted.log.splice(entries);
    await drifted.fleet.clock?.advance(limits.verificationWaitMs);

    const second = await heal(drifted);

    expect(second).toMatchObject([{ status: "timed-out", reason: "unproven" }]);
    expect(drifted.log).toHaveLength(entries + 2);
  });
});
