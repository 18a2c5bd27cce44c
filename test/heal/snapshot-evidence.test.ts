import { describe, expect, it } from "vitest";
import { canary } from "../canaries.ts";
import { holderIn, openSmallFleet, type SmallFleetOptions } from "./small-fleet.ts";

/** A service of which nothing but Railway tells. */
const unheard = { health: undefined, evidence: "snapshot" } as const;

function unheardFleet(options: SmallFleetOptions = {}) {
  return openSmallFleet({ hosts: ["vps"], entries: () => ({ api: unheard }), ...options });
}

describe("a service without a responder that is judged by its snapshot", () => {
  it("is in sync by what it was started with, in three calls", async () => {
    const fleet = await unheardFleet();

    const report = await fleet.check();

    expect(report.status).toBe("in-sync");
    expect(holderIn(report, "api")).toMatchObject({ verdict: { kind: "in-sync" }, evidence: "snapshot" });
    expect(holderIn(report, "vps").evidence).toBe("process");
    expect(fleet.requests.filter((url) => url.startsWith(fleet.railway.apiUrl))).toHaveLength(3);
  });

  it("is repaired, and the repair is closed by the new deployment's snapshot and says so", async () => {
    const fleet = await unheardFleet();
    const value = await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ environment: "api", status: "healed", evidence: "snapshot" }]);
    expect(holderIn(report, "api")).toMatchObject({ verdict: { kind: "in-sync" }, evidence: "snapshot" });
    expect(fleet.stored("api")).toEqual({ AUTH: value });
    expect(fleet.railway.state.deployments("api")).toHaveLength(2);
  });

  it("needs a redeploy only where the variable is right and its deployment began before", async () => {
    const fleet = await unheardFleet();
    const value = await fleet.rotate("AUTH");
    await fleet.humanSets("api", "AUTH", value, false);

    const report = await fleet.check();

    expect(report.heals).toMatchObject([
      { status: "healed", was: [{ cause: "process", action: "redeploy" }] },
    ]);
    expect(fleet.calls("variableCollectionUpsert")).toBe(0);
  });

  it("stays unknown where the value is sealed, and is not written to", async () => {
    const fleet = await unheardFleet();
    fleet.railway.seal("api", "AUTH");
    await fleet.humanSets("api", "NOTE", "something to deploy", true);
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(holderIn(report, "api")).toMatchObject({
      verdict: { kind: "unknown", detail: expect.stringContaining("it is sealed") },
    });
    expect(holderIn(report, "api")).not.toHaveProperty("evidence");
    expect(fleet.mutations()).toEqual([]);
  });

  it("stays unknown without having opted for it", async () => {
    const fleet = await openSmallFleet({ entries: () => ({ api: { health: undefined } }) });
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(holderIn(report, "api").verdict.kind).toBe("unknown");
    expect(fleet.mutations()).toEqual([]);
  });

  it("is not called healed where the new deployment began with something else", async () => {
    const fleet = await unheardFleet();
    await fleet.rotate("AUTH");
    fleet.atStep("redeploying", () =>
      fleet.railway.humanSets("api", "AUTH", fleet.remember(canary("meddled")), { deploy: false }),
    );

    const report = await fleet.check();

    expect(report.heals).toMatchObject([
      {
        status: "failed",
        reason: "verification-failed",
        detail: expect.stringContaining("was started with"),
      },
    ]);
  });
});

describe("a service that has a responder and opted for its snapshot", () => {
  it("is believed by its process first", async () => {
    const fleet = await openSmallFleet({
      hosts: ["vps"],
      mode: "observe",
      entries: () => ({ api: { evidence: "snapshot" } }),
    });
    fleet.overrides.set("AUTH", fleet.remember(canary("from a file")));

    const report = await fleet.check();

    expect(holderIn(report, "api")).toMatchObject({ verdict: { kind: "foreign" }, evidence: "process" });
  });

  it("is judged by its snapshot while the process tells nothing, and its repair waits for the process first", async () => {
    const fleet = await openSmallFleet({
      hosts: ["vps"],
      entries: () => ({ api: { evidence: "snapshot" } }),
    });
    fleet.disguiseReplicas(() => ({}));
    await fleet.rotate("AUTH");
    const before = fleet.clock?.now() ?? 0;

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed", evidence: "snapshot" }]);
    expect((fleet.clock?.now() ?? 0) - before).toBeGreaterThan(120_000);
  });
});

describe("a process that answers for the deployment before", () => {
  it("keeps a repair unproven, whatever the new deployment was started with", async () => {
    const fleet = await openSmallFleet({
      hosts: ["vps"],
      entries: () => ({ api: { evidence: "snapshot" } }),
    });
    const [first] = fleet.railway.state.deployments("api");
    fleet.disguiseReplicas((tally) => ("deployment" in tally ? { ...tally, deployment: first?.id } : tally));
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "timed-out", reason: "unproven" }]);
  });
});

describe("what the new deployment was started with", () => {
  it("is asked for again where Railway cannot be reached for a while", async () => {
    const fleet = await unheardFleet();
    await fleet.rotate("AUTH");
    fleet.atStep("verifying", () =>
      fleet.railway.plant({ kind: "unavailable", status: 503, operation: "deploymentSnapshot", times: 4 }),
    );

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed", evidence: "snapshot" }]);
  });
});

describe("a responder that leaves the secret out", () => {
  it("is no reason to give up a repair that the snapshot can prove", async () => {
    const fleet = await openSmallFleet({
      hosts: ["vps"],
      entries: () => ({ api: { evidence: "snapshot" } }),
    });
    fleet.disguiseReplicas((tally) => ("running" in tally ? { ...tally, running: {} } : tally));
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed", evidence: "snapshot" }]);
  });
});

describe("a cron service", () => {
  it("is judged and repaired by its snapshot, and said to run only at its hours", async () => {
    const fleet = await unheardFleet({ services: { api: { cronSchedule: "0 6 * * *" } } });
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed", evidence: "snapshot" }]);
    expect(report.environments.find(({ name }) => name === "api")?.notes).toEqual(["cron"]);
  });

  it("that has only a health endpoint is unknown, with what to do about it", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"], services: { api: { cronSchedule: "0 6 * * *" } } });
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(holderIn(report, "api").verdict.kind).toBe("unknown");
    expect(report.environments.find(({ name }) => name === "api")?.notes).toEqual(["cron"]);
    expect(fleet.mutations()).toEqual([]);
  });
});

describe("a service that sleeps", () => {
  it("is woken by being asked, and repaired by its process", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"], services: { api: { sleepApplication: true } } });
    await fleet.rotate("AUTH");
    await fleet.railway.sleep("api");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed", evidence: "process" }]);
    expect(report.environments.find(({ name }) => name === "api")?.notes).toEqual(["sleeps"]);
  });
});

describe("several replicas", () => {
  it("are all asked after a repair, where Railway says that there are more than the fleet knows", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"], services: { api: { replicas: 3 } } });
    await fleet.rotate("AUTH");
    const asked = new Set<string>();
    fleet.disguiseReplicas((tally) => {
      if ("instance" in tally) asked.add(`${tally.deployment} ${tally.instance}`);
      return tally;
    });

    const report = await fleet.check();

    const newest = fleet.railway.state.deployments("api").at(-1)?.id ?? "";
    expect(report.heals).toMatchObject([{ status: "healed" }]);
    expect([...asked].filter((name) => name.startsWith(newest))).toHaveLength(3);
    expect(report.environments.find(({ name }) => name === "api")?.notes).toEqual(["more-instances"]);
  });
});
