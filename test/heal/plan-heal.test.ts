import { describe, expect, it } from "vitest";
import { limits } from "../../functions/core/limits.ts";
import { createInProcessSteps } from "../../functions/heal/in-process-steps.ts";
import { healPlan } from "../../functions/heal/plan-heal.ts";
import { createSightOfAll } from "../../functions/heal/sight-of-all.ts";
import { openSmallFleet, type SmallFleetOptions } from "./small-fleet.ts";

const three = { a: {}, b: {}, c: {} };

/** Three services on Railway that all hold the value before the current one, and a host that holds the current. */
async function openDrifted(options: SmallFleetOptions = {}) {
  const fleet = await openSmallFleet({ services: three, hosts: ["vps", "nas", "mac"], ...options });
  await fleet.rotate("AUTH");
  return fleet;
}

describe("a plan of several services", () => {
  it("changes no second one before the first is proven", async () => {
    const fleet = await openDrifted();
    const untouched: boolean[] = [];
    fleet.onProgress = (progress) => {
      if (progress.kind !== "healed" || progress.environments[0] !== "a") return;
      untouched.push(fleet.calls("variableCollectionUpsert") === 1, fleet.calls("deploymentRedeploy") === 1);
    };

    const { heals } = await fleet.check();

    expect(untouched).toEqual([true, true]);
    expect(heals.map(({ environment, status }) => [environment, status])).toEqual([
      ["a", "healed"],
      ["b", "healed"],
      ["c", "healed"],
    ]);
  });

  it("goes on with the next canary where the first fails", async () => {
    const fleet = await openDrifted();
    fleet.railway.plant({ kind: "deployment", fate: "fails-healthcheck", serviceId: "a" });

    const { heals } = await fleet.check();

    expect(heals).toMatchObject([
      { environment: "a", status: "failed", reason: "deployment-failed" },
      { environment: "b", status: "healed" },
      { environment: "c", status: "healed" },
    ]);
  });

  it("stops after two failures, and leaves the rest alone", async () => {
    const fleet = await openDrifted();
    for (const serviceId of ["a", "b"])
      fleet.railway.plant({ kind: "deployment", fate: "fails-healthcheck", serviceId });

    const { heals } = await fleet.check();

    expect(heals).toMatchObject([
      { environment: "a", status: "failed" },
      { environment: "b", status: "failed" },
      { environment: "c", secrets: ["AUTH"], status: "withheld", reason: "canary" },
    ]);
    expect(fleet.calls("deploymentRedeploy")).toBe(limits.canaryFailuresMax);
  });

  it("takes a canary that was not proven in time for one that failed", async () => {
    const fleet = await openDrifted();
    for (const serviceId of ["a", "b"])
      fleet.railway.plant({ kind: "deployment", fate: "never-ends", serviceId });

    const { heals } = await fleet.check();

    expect(heals.map(({ reason }) => reason)).toEqual(["deployment-slow", "deployment-slow", "canary"]);
  });

  it("takes no canary for a proof of which an environment was not proven", async () => {
    const fleet = await openSmallFleet({
      services: { shared: { environments: ["blue", "green"] }, other: {}, last: {} },
      hosts: ["vps", "nas", "mac", "pi"],
      entries: () => ({ green: { instances: 2 } }),
    });
    await fleet.rotate("AUTH");
    fleet.railway.plant({ kind: "deployment", fate: "fails-healthcheck", serviceId: "other" });

    const { heals } = await fleet.check();

    expect(heals.map(({ environment, status }) => `${environment} ${status}`)).toEqual([
      "blue healed",
      "green timed-out",
      "other failed",
      "last withheld",
    ]);
  });

  it("does not take a variable that was set quietly for a proof", async () => {
    const fleet = await openSmallFleet({ services: three, hosts: ["vps", "nas", "mac"] });
    await fleet.humanSets("a", "AUTH", "another value that was stored here", false);
    await fleet.humanSets("b", "AUTH", "a value that came up here as well", true);
    await fleet.humanSets("c", "AUTH", "a value that came up there as well", true);
    fleet.railway.plant({ kind: "deployment", fate: "fails-healthcheck", serviceId: "b" });
    fleet.railway.plant({ kind: "deployment", fate: "fails-healthcheck", serviceId: "c" });

    const { heals } = await fleet.check();

    expect(heals).toMatchObject([
      { environment: "b", status: "failed" },
      { environment: "c", status: "failed" },
      { environment: "a", status: "withheld", reason: "canary" },
    ]);
    expect(fleet.stored("a")["AUTH"]).toBe("another value that was stored here");
  });

  it("leaves what is beyond its bound to the next check", async () => {
    const fleet = await openSmallFleet({ services: {}, hosts: ["vps"] });
    const world = fleet.world();
    const railway = { project: "p", environment: "e", service: "s", token: { env: "RAILWAY_TOKEN" } };
    const order = { railway, targets: [{ environment: "vps", secret: "AUTH" }] };
    const orders = Array.from({ length: limits.servicesPerPlanMax + 1 }, () => order);

    const heals = await healPlan(world, orders, {
      steps: createInProcessSteps(world.clock),
      mode: "fix",
      sightOfAll: createSightOfAll(world),
    });

    expect(heals.map(({ reason }) => reason)).toEqual([
      ...orders.slice(1).map(() => "already-right"),
      "limit",
    ]);
  });
});
