import { describe, expect, it } from "vitest";
import { holderIn, openSmallFleet, type SmallFleet, type SmallFleetOptions } from "./small-fleet.ts";

const toShared = `\${{shared.AUTH}}`;
const linked = { variables: () => ({ AUTH: toShared }) };

function sharing(options: SmallFleetOptions = {}): Promise<SmallFleet> {
  return openSmallFleet({
    services: { api: linked, worker: linked },
    hosts: ["vps"],
    shared: ({ AUTH = "" }) => ({ AUTH }),
    ...options,
  });
}

function redeploysOf(fleet: SmallFleet, service: string): number {
  return fleet.railway.state.deployments(service).filter(({ reason }) => reason === "redeploy").length;
}

describe("a shared variable", () => {
  it("that is right makes a reference right, at no call more", async () => {
    const fleet = await sharing();

    const report = await fleet.check();

    expect(report.status).toBe("in-sync");
    expect(holderIn(report, "api").stored).toMatchObject({
      ...{ kind: "reference", to: "shared.AUTH", holds: { kind: "in-sync" } },
    });
    expect(fleet.calls("environment")).toBe(0);
  });

  it("is set once, and every service that uses it is redeployed once", async () => {
    const fleet = await sharing();
    const value = await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.status).toBe("in-sync");
    expect(report.heals.map(({ environment, status }) => [environment, status])).toEqual([
      ["api", "healed"],
      ["worker", "healed"],
    ]);
    expect(fleet.stored(null)).toEqual({ AUTH: value });
    expect([fleet.stored("api"), fleet.stored("worker")]).toEqual([{ AUTH: toShared }, { AUTH: toShared }]);
    expect(fleet.calls("variableCollectionUpsert")).toBe(1);
    expect([redeploysOf(fleet, "api"), redeploysOf(fleet, "worker")]).toEqual([1, 1]);
  });

  it("is told to be what is wrong, and with what it holds", async () => {
    const fleet = await sharing({ mode: "observe" });
    await fleet.rotate("AUTH");

    const { cause, stored, remedy } = holderIn(await fleet.check(), "api");

    expect(cause).toBe("shared");
    expect(stored).toMatchObject({ to: "shared.AUTH", holds: { kind: "behind", behindBy: 1 } });
    expect(remedy.withheld).toMatchObject({ reason: "mode", wouldBe: "set-and-redeploy" });
  });

  it("is set quietly where only the next start would bring it in", async () => {
    const fleet = await sharing();
    fleet.railway.humanSetsShared("environment-1", "AUTH", fleet.remember("typing error, but a long one"));

    const report = await fleet.check();

    expect(report.heals[0]).toMatchObject({ status: "healed", was: [{ action: "set-quietly" }] });
    expect((await fleet.check()).status).toBe("in-sync");
    expect([redeploysOf(fleet, "api"), redeploysOf(fleet, "worker")]).toEqual([0, 0]);
  });

  it("is a person's where a service uses it that the fleet does not know", async () => {
    const fleet = await sharing({
      services: { api: linked, worker: { ...linked, environments: [] } },
      hosts: ["vps"],
    });
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    const { remedy } = holderIn(report, "api");
    expect(remedy.kind).toBe("by-hand");
    expect(remedy.steps?.join(" ")).toContain("AUTH of the service worker takes its value from there too");
    expect(fleet.mutations()).toEqual([]);
  });

  it("is left alone while another that uses it is not seen", async () => {
    const fleet = await sharing();
    fleet.disguiseReplicas((tally) =>
      "environment" in tally && tally.environment === "worker" ? {} : tally,
    );
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(holderIn(report, "api").remedy.withheld).toMatchObject({
      reason: "unseen",
      detail: expect.stringContaining("worker"),
    });
    expect(fleet.mutations()).toEqual([]);
  });

  it.each(["worker.AUTH", "AUTH"])(
    "is a person's where a service that inherits it passes it on as %s",
    async (to) => {
      const fleet = await sharing({
        services: { api: linked, worker: { variables: () => ({ MORE: `\${{${to}}}` }), inherits: ["AUTH"] } },
      });
      await fleet.rotate("AUTH");

      const report = await fleet.check();

      expect(holderIn(report, "api").remedy.kind).toBe("by-hand");
      expect(fleet.mutations()).toEqual([]);
    },
  );

  it("is a person's where it is inherited and the services cannot be listed", async () => {
    const fleet = await sharing({
      services: { api: { variables: () => ({}), inherits: ["AUTH"] } },
    });
    fleet.railway.plant({ kind: "not-authorized", operation: "environment", times: "always" });
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(fleet.mutations()).toEqual([]);
    expect(report.heals.map(({ status }) => status)).not.toContain("healed");
  });

  it("that is inherited is set where it is shared, never with the service", async () => {
    const fleet = await sharing({
      services: { api: { variables: () => ({}), inherits: ["AUTH"] } },
    });
    const value = await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ environment: "api", status: "healed" }]);
    expect(fleet.stored(null)).toEqual({ AUTH: value });
    expect(fleet.stored("api")).toEqual({});
  });
});

describe("a reference to another service's variable", () => {
  it("is mended there, and both services are redeployed once", async () => {
    const fleet = await openSmallFleet({
      services: { api: {}, worker: { variables: () => ({ AUTH: `\${{api.AUTH}}` }) } },
      hosts: ["vps"],
    });
    const value = await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.status).toBe("in-sync");
    expect(fleet.stored("api")).toEqual({ AUTH: value });
    expect(fleet.stored("worker")).toEqual({ AUTH: `\${{api.AUTH}}` });
    expect([redeploysOf(fleet, "api"), redeploysOf(fleet, "worker")]).toEqual([1, 1]);
  });
});

describe("another change that nobody deployed", () => {
  it("is not shipped by a repair", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    await fleet.rotate("AUTH");
    await fleet.humanSets("api", "LOG_LEVEL", "debug-level-of-somebody", false);

    const { remedy } = holderIn(await fleet.check(), "api");

    expect(remedy.withheld).toMatchObject({
      reason: "others-pending",
      detail: expect.stringContaining("LOG_LEVEL"),
    });
    expect(fleet.mutations()).toEqual([]);
  });

  it("is shipped where the fleet allows it", async () => {
    const place = { project: "project-1", environment: "environment-1", service: "api" };
    const fleet = await openSmallFleet({
      hosts: ["vps"],
      entries: () => ({
        api: {
          railway: { ...place, token: { secretsManager: "prod/railway-token" }, allowOthersPending: true },
        },
      }),
    });
    await fleet.rotate("AUTH");
    await fleet.humanSets("api", "LOG_LEVEL", "debug-level-of-somebody", false);

    expect((await fleet.check()).status).toBe("in-sync");
  });

  it("that is only staged stays staged", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    await fleet.rotate("AUTH");
    fleet.railway.humanStages("api", "LOG_LEVEL", "staged-by-somebody");

    const report = await fleet.check();

    expect(report.status).toBe("in-sync");
    const scope = { environmentId: "environment-1", serviceId: "api" };
    expect(fleet.railway.state.stagedVariables(scope)).toEqual({ LOG_LEVEL: "staged-by-somebody" });
    expect(fleet.stored("api")).not.toHaveProperty("LOG_LEVEL");
  });
});
