import { describe, expect, it } from "vitest";
import { limits } from "../../functions/core/limits.ts";
import { holderIn, openSmallFleet, type SmallFleet, type SmallFleetOptions } from "./small-fleet.ts";

type Fate = Extract<Parameters<SmallFleet["railway"]["plant"]>[0], { kind: "deployment" }>["fate"];

/** A drifted fleet whose next deployment ends like this. */
async function openFated(fate: Fate, options: SmallFleetOptions = {}): Promise<SmallFleet> {
  const fleet = await openSmallFleet({ hosts: ["vps"], ...options });
  await fleet.rotate("AUTH");
  fleet.railway.plant({ kind: "deployment", fate });
  return fleet;
}

describe("a deployment that does not come to serve", () => {
  it.each([
    ["fails-healthcheck", "failed", "deployment-failed"],
    ["skipped", "failed", "deployment-failed"],
    ["needs-approval", "failed", "deployment-stuck"],
    ["never-ends", "timed-out", "deployment-slow"],
  ] as const)("ends the heal where it %s", async (fate, status, reason) => {
    const fleet = await openFated(fate);

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ environment: "api", status, reason }]);
    expect(report.status).toBe("drifted");
  });

  it("is not repeated in the same run", async () => {
    const fleet = await openFated("fails-healthcheck");

    await fleet.check();

    expect(fleet.mutations()).toEqual(["variableCollectionUpsert", "deploymentRedeploy"]);
  });

  it("leaves the old one serving, which is still seen to hold the old value", async () => {
    const fleet = await openFated("fails-healthcheck");

    const report = await fleet.check();

    expect(holderIn(report, "api")).toMatchObject({
      verdict: { kind: "behind", behindBy: 1 },
      stored: { kind: "in-sync" },
      remedy: { kind: "redeploy" },
    });
  });

  it("is waited for as long as the limit says, and no longer", async () => {
    const fleet = await openFated("never-ends");

    const report = await fleet.check();

    const waitedMs = report.heals[0]?.durationMs ?? 0;
    expect(waitedMs).toBeGreaterThanOrEqual(limits.deploymentWaitMs);
    expect(waitedMs).toBeLessThan(limits.deploymentWaitMs + 2 * limits.deploymentPollMaxMs);
  });

  it("is looked at less often the longer it takes", async () => {
    const fleet = await openFated("never-ends");

    await fleet.check();

    const looks = fleet.railway.calls
      .filter(({ operation }) => operation === "deployment")
      .map(({ at }) => at);
    const pauses = looks.slice(-20).map((at, index, all) => at - (all[index - 1] ?? at));
    expect(Math.max(...pauses)).toBe(limits.deploymentPollMaxMs);
    expect(looks.length).toBeLessThan(limits.deploymentWaitMs / limits.deploymentPollMaxMs + 20);
  });
});

describe("the wait for a deployment", () => {
  it("outlasts a look that fails in passing", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    await fleet.rotate("AUTH");
    fleet.atStep("redeploying", () =>
      fleet.railway.plant({ kind: "unavailable", status: 503, operation: "deployment", times: 4 }),
    );

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed" }]);
  });

  it.each([
    ["with a time to wait", { kind: "rate-limited", retryAfterSeconds: 2_400 }],
    ["without one", { kind: "deploy-rate-limit" }],
  ] as const)("ends at once where Railway throttles it %s", async (_case, fault) => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    await fleet.rotate("AUTH");
    fleet.atStep("redeploying", () => fleet.railway.plant({ ...fault, operation: "deployment" }));

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "failed", reason: "railway-throttled" }]);
    expect(report.heals[0]?.durationMs).toBeLessThan(limits.deploymentPollMaxMs);
  });

  it("ends where the token is taken away meanwhile", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    await fleet.rotate("AUTH");
    fleet.atStep("redeploying", () =>
      fleet.railway.plant({ kind: "not-authorized", operation: "deployment" }),
    );

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "failed", reason: "railway-not-authorized" }]);
  });
});
