import { describe, expect, it } from "vitest";
import { canary } from "../canaries.ts";
import { holderIn, openSmallFleet } from "./small-fleet.ts";

describe("a heal", () => {
  it("sets a wrong variable and redeploys", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    const value = await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ environment: "api", secrets: ["AUTH"], status: "healed" }]);
    expect(report.status).toBe("in-sync");
    expect(fleet.stored("api")["AUTH"]).toBe(value);
    expect(fleet.mutations()).toEqual(["variableCollectionUpsert", "deploymentRedeploy"]);
  });

  it("only redeploys where the variable is right and the process is older", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    const value = await fleet.rotate("AUTH");
    await fleet.humanSets("api", "AUTH", value, false);

    const report = await fleet.check();

    expect(report.heals).toMatchObject([
      { status: "healed", was: [{ cause: "process", action: "redeploy" }] },
    ]);
    expect(fleet.mutations()).toEqual(["deploymentRedeploy"]);
  });

  it("sets a latent variable without deploying", async () => {
    const fleet = await openSmallFleet();
    const right = fleet.stored("api")["AUTH"];
    await fleet.humanSets("api", "AUTH", canary("typing error"), false);

    const report = await fleet.check();

    expect(report.heals).toMatchObject([
      { status: "healed", was: [{ cause: "latent", action: "set-quietly" }] },
    ]);
    expect(fleet.stored("api")["AUTH"]).toBe(right);
    expect(fleet.mutations()).toEqual(["variableCollectionUpsert"]);
  });

  it("writes a sealed variable, and lets the new process prove it", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    fleet.railway.seal("api", "AUTH");
    const value = await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed", was: [{ cause: "undetermined" }] }]);
    expect(fleet.stored("api")["AUTH"]).toBe(value);
    expect(holderIn(report, "api").stored).toEqual({ kind: "sealed" });
  });

  it("mends several secrets of one service by one write and one redeploy", async () => {
    const fleet = await openSmallFleet({ secrets: ["AUTH", "TOKEN"], hosts: ["vps"] });
    const values = { AUTH: await fleet.rotate("AUTH"), TOKEN: await fleet.rotate("TOKEN") };

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ secrets: ["AUTH", "TOKEN"], status: "healed" }]);
    expect(fleet.stored("api")).toMatchObject(values);
    expect(fleet.mutations()).toEqual(["variableCollectionUpsert", "deploymentRedeploy"]);
  });

  it("ships a latent secret's right value with the redeploy for another", async () => {
    const fleet = await openSmallFleet({ secrets: ["AUTH", "TOKEN"], hosts: ["vps"] });
    const token = fleet.stored("api")["TOKEN"];
    await fleet.rotate("AUTH");
    await fleet.humanSets("api", "TOKEN", canary("typing error"), false);

    const report = await fleet.check();

    expect(report.status).toBe("in-sync");
    expect(fleet.stored("api")["TOKEN"]).toBe(token);
    expect(fleet.mutations()).toEqual(["variableCollectionUpsert", "deploymentRedeploy"]);
  });

  it("leaves the other variables of the service as they are", async () => {
    const fleet = await openSmallFleet({
      services: { api: { variables: (values) => ({ ...values, PORT_OF_SOMETHING: "8080" }) } },
      hosts: ["vps"],
    });
    await fleet.rotate("AUTH");

    await fleet.check();

    expect(fleet.stored("api")["PORT_OF_SOMETHING"]).toBe("8080");
  });

  it("mends two environments of one service by one write and one redeploy, each with its own proof", async () => {
    const fleet = await openSmallFleet({
      services: { api: { environments: ["blue", "green"] } },
      hosts: ["vps"],
    });
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([
      { environment: "blue", secrets: ["AUTH"], status: "healed" },
      { environment: "green", secrets: ["AUTH"], status: "healed" },
    ]);
    expect(fleet.mutations()).toEqual(["variableCollectionUpsert", "deploymentRedeploy"]);
    expect(fleet.progress.filter((p) => p.kind === "healing" && p.step.startsWith("verifying"))).toHaveLength(
      2,
    );
  });

  it("mends two services side by side, each by itself", async () => {
    const fleet = await openSmallFleet({ services: { api: {}, worker: {} }, hosts: ["vps"] });
    await fleet.rotate("AUTH");
    fleet.railway.plant({ kind: "deployment", fate: "fails-healthcheck", serviceId: "worker" });

    const report = await fleet.check();

    expect(report.heals).toMatchObject([
      { environment: "api", status: "healed" },
      { environment: "worker", status: "failed" },
    ]);
  });

  it("waits for all replicas of a service", async () => {
    const fleet = await openSmallFleet({
      services: { api: { replicas: 3 } },
      hosts: ["vps"],
      entries: () => ({ api: { instances: 3 } }),
    });
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed" }]);
  });

  it("is over at the next run, which writes nothing", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    await fleet.rotate("AUTH");
    await fleet.check();
    const before = fleet.mutations().length;

    const report = await fleet.check();

    expect(report.heals).toEqual([]);
    expect(fleet.mutations()).toHaveLength(before);
  });

  it("tells its steps to who watches", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    await fleet.rotate("AUTH");

    await fleet.check();

    const steps = fleet.progress.flatMap((each) => (each.kind === "healing" ? [each.step] : []));
    expect([...new Set(steps)]).toEqual([
      "judging once more",
      "writing AUTH in Railway",
      "redeploying",
      "waiting for the deployment: queued",
      "waiting for the deployment: initializing",
      "waiting for the deployment: deploying",
      "waiting for the deployment: success",
      "verifying by fingerprint",
    ]);
    expect(fleet.progress.at(-1)).toEqual({ kind: "heard", done: 1, environments: 1 });
  });
});
