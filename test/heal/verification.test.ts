import { describe, expect, it } from "vitest";
import { TallystickError } from "../../functions/core/errors.ts";
import { limits } from "../../functions/core/limits.ts";
import type { Tally } from "../../functions/responder/index.ts";
import { canary } from "../canaries.ts";
import { holderIn, openSmallFleet } from "./small-fleet.ts";

const drop =
  (...members: readonly string[]) =>
  (tally: Tally): object =>
    Object.fromEntries(Object.entries(tally).filter(([name]) => !members.includes(name)));

describe("the proof of a heal", () => {
  it("fails where the new instances hold another value all the same", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    fleet.overrides.set("AUTH", fleet.remember(canary("configuration file")));
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "failed", reason: "verification-failed" }]);
    expect(holderIn(report, "api")).toMatchObject({ cause: "override", remedy: { kind: "by-hand" } });
  });

  it("is of the newest value where the truth changed after the write", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    await fleet.rotate("AUTH");
    let newest = "";
    fleet.atStep("redeploying", () => {
      newest = fleet.putTruth("AUTH");
    });

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed" }]);
    expect(fleet.stored("api")["AUTH"]).toBe(newest);
  });

  it("is not given by instances that tell neither their deployment nor their start", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    fleet.disguiseReplicas(drop("deployment", "startedAt"));
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "timed-out", reason: "unproven" }]);
    expect(report.heals[0]?.durationMs).toBeGreaterThanOrEqual(limits.verificationWaitMs);
  });

  it("is given by a start after the deployment was made, where the deployment is not told", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    fleet.disguiseReplicas(drop("deployment"));
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed" }]);
  });

  it("is not given by a start before the deployment was made", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    fleet.disguiseReplicas((tally) => ({ ...drop("deployment")(tally), startedAt: "2026-08-01T00:00:00Z" }));
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "timed-out", reason: "unproven" }]);
  });

  it("is not given by another deployment's instances, however late they were started", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    fleet.disguiseReplicas((tally) => ({ ...tally, deployment: "somebody-elses" }));
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "timed-out", reason: "unproven" }]);
  });

  it.each([
    ["serves beside it", { overlapSeconds: 30 }],
    ["is being drained", { drainingSeconds: 30 }],
  ])("waits until the old deployment has gone where it %s", async (_case, options) => {
    const fleet = await openSmallFleet({ services: { api: options }, hosts: ["vps"] });
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed" }]);
    expect(report.heals[0]?.durationMs).toBeGreaterThan(30_000);
  });

  it("waits no longer for an old deployment than the limit says", async () => {
    const fleet = await openSmallFleet({ services: { api: { overlapSeconds: 3_600 } }, hosts: ["vps"] });
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "timed-out", reason: "unproven" }]);
  });

  it("is not given while nobody can tell whether the old deployment still answers", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    await fleet.rotate("AUTH");
    const world = fleet.world();
    const started = new Set<string>();
    const railway: typeof world.railway = {
      ...world.railway,
      redeploy: async (...order) => {
        const deployment = await world.railway.redeploy(...order);
        started.add(deployment.id);
        return deployment;
      },
      deployment: async (entry, id) => {
        if (started.has(id)) return world.railway.deployment(entry, id);
        throw new TallystickError("railway-throttled", "planted");
      },
    };

    const report = await fleet.check({}, { world: { ...world, railway } });

    expect(report.heals).toMatchObject([{ status: "timed-out", reason: "unproven" }]);
  });

  it("is not given where not all instances are seen", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"], entries: () => ({ api: { instances: 2 } }) });
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "timed-out", reason: "unproven" }]);
  });

  it("is not given by silence", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    await fleet.rotate("AUTH");
    fleet.atStep("verifying", () => fleet.disguiseReplicas(() => ({})));

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "timed-out", reason: "unproven" }]);
    expect(holderIn(report, "api").verdict.kind).toBe("unknown");
  });

  it("is not given where the truth cannot be read any more", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    await fleet.rotate("AUTH");
    fleet.atStep("verifying", () => void fleet.aws.secrets.deny("prod/AUTH"));

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "timed-out", reason: "unproven" }]);
  });

  it("is of each environment alone, where two stand on one service", async () => {
    const fleet = await openSmallFleet({
      services: { api: { environments: ["blue", "green"] } },
      hosts: ["vps"],
    });
    await fleet.rotate("AUTH");
    fleet.disguiseReplicas((tally) =>
      "environment" in tally && tally.environment === "green"
        ? drop("deployment", "startedAt")(tally)
        : tally,
    );

    const report = await fleet.check();

    expect(report.heals).toMatchObject([
      { environment: "blue", status: "healed" },
      { environment: "green", status: "timed-out", reason: "unproven" },
    ]);
  });
});
