import { describe, expect, it } from "vitest";
import { createInProcessMemory } from "../../functions/adapters/in-process-memory.ts";
import { referenceTo } from "../sandbox/railway/fixtures/small-world.ts";
import { openSmallFleet, type SmallFleet } from "./small-fleet.ts";

/** A fleet whose Railway service holds the value before the current one. */
async function openDrifted(): Promise<SmallFleet> {
  const fleet = await openSmallFleet({ hosts: ["vps", "mac"] });
  await fleet.rotate("AUTH");
  return fleet;
}

const again = "judging once more";

describe("the judgement just before the write", () => {
  it("does nothing where the value came right meanwhile", async () => {
    const fleet = await openDrifted();
    const first = fleet.stored("api")["AUTH"] ?? "";
    fleet.atStep(again, () => {
      fleet.putTruth("AUTH", first);
      for (const host of ["vps", "mac"]) fleet.holds(host, "AUTH", first);
    });

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "superseded", reason: "already-right" }]);
    expect(fleet.mutations()).toEqual([]);
  });

  it("leaves the service alone once somebody else deploys", async () => {
    const fleet = await openDrifted();
    fleet.atStep(again, () => fleet.railway.humanSets("api", "SOMETHING", "else"));

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "withheld", reason: "deploying" }]);
    expect(fleet.mutations()).toEqual([]);
  });

  it("does not push from a source that became a placeholder", async () => {
    const fleet = await openDrifted();
    fleet.atStep(again, () => fleet.aws.secrets.plant("prod/AUTH", "changeme"));

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "withheld", reason: "source-suspect" }]);
    expect(fleet.mutations()).toEqual([]);
  });

  it("writes the newest value where the truth changed before it", async () => {
    const fleet = await openDrifted();
    let newest = "";
    fleet.atStep(again, () => {
      newest = fleet.putTruth("AUTH");
    });

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed" }]);
    expect(fleet.stored("api")["AUTH"]).toBe(newest);
  });

  it("writes the newest value where the truth changed after it, once", async () => {
    const fleet = await openDrifted();
    let newest = "";
    fleet.atStep("writing", () => {
      newest = fleet.putTruth("AUTH");
    });

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed" }]);
    expect(fleet.stored("api")["AUTH"]).toBe(newest);
    expect(fleet.mutations()).toEqual(["variableCollectionUpsert", "deploymentRedeploy"]);
  });

  it("heals to the newest value where the truth changed while the deployment was under way", async () => {
    const fleet = await openDrifted();
    let newest = "";
    fleet.atStep("waiting for the deployment", () => {
      newest = fleet.putTruth("AUTH");
    });

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed" }]);
    expect(report.status).toBe("drifted");
    expect(fleet.stored("api")["AUTH"]).toBe(newest);
    expect(fleet.calls("deploymentRedeploy")).toBe(2);
  });

  it.each<[string, string, (fleet: SmallFleet) => void]>([
    ["withheld", "cannot be read", (fleet) => void fleet.aws.secrets.deny("prod/AUTH")],
    [
      "not needed any more",
      "changed once more before the write",
      (fleet) => fleet.atStep("writing", () => void fleet.putTruth("AUTH")),
    ],
  ])(
    "tells what the first round did where the second one was %s: the truth %s",
    async (words, _why, spoil) => {
      const fleet = await openDrifted();
      fleet.memory = createInProcessMemory();
      fleet.atStep("verifying", () => {
        fleet.putTruth("AUTH");
        fleet.atStep(again, () => spoil(fleet));
      });

      const report = await fleet.check();

      expect(report.heals).toMatchObject([
        {
          ...{ status: "superseded", reason: "truth-changed", redeployed: true },
          detail: expect.stringContaining(words),
          was: [{ secret: "AUTH" }],
        },
      ]);
      expect(fleet.calls("deploymentRedeploy")).toBe(1);
      expect((await fleet.memory.recall(fleet.clock?.now() ?? 0)).heals).toMatchObject([
        { end: { status: "superseded", reason: "truth-changed" } },
      ]);
    },
  );

  it("leaves a truth that keeps changing to the next check, after the second time", async () => {
    const fleet = await openDrifted();
    fleet.onProgress = (progress) => {
      if (progress.kind === "healing" && progress.step.startsWith("verifying")) fleet.putTruth("AUTH");
    };

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "superseded", reason: "truth-changed" }]);
    expect(fleet.calls("deploymentRedeploy")).toBe(2);
  });

  it("writes nothing where the truth cannot be read any more", async () => {
    const fleet = await openDrifted();
    fleet.atStep("writing", () => void fleet.aws.secrets.deny("prod/AUTH"));

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "withheld", reason: "unseen" }]);
    expect(fleet.mutations()).toEqual([]);
  });

  it.each([
    ["the environment fell silent", (fleet: SmallFleet) => fleet.disguiseReplicas(() => ({}))],
    ["the truth became unreadable", (fleet: SmallFleet) => void fleet.aws.secrets.deny("prod/AUTH")],
  ])("does not call it right because %s", async (_case, change) => {
    const fleet = await openDrifted();
    fleet.atStep(again, () => change(fleet));

    const report = await fleet.check();

    expect(report.heals).toMatchObject([
      { status: "withheld", detail: expect.stringContaining("could not be seen") },
    ]);
    expect(fleet.mutations()).toEqual([]);
  });

  it("leaves to a person what became a reference", async () => {
    const fleet = await openDrifted();
    fleet.atStep(again, () =>
      fleet.railway.humanSets("api", "AUTH", referenceTo("shared.AUTH"), { deploy: false }),
    );

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "withheld", detail: expect.stringContaining("person") }]);
    expect(fleet.mutations()).toEqual([]);
  });

  it("repairs what is left of several secrets", async () => {
    const fleet = await openSmallFleet({ secrets: ["AUTH", "TOKEN"], hosts: ["vps"] });
    const token = fleet.stored("api")["TOKEN"] ?? "";
    await fleet.rotate("AUTH");
    await fleet.rotate("TOKEN");
    fleet.atStep(again, () => fleet.putTruth("TOKEN", token));

    const report = await fleet.check();

    expect(report.heals).toMatchObject([
      { secrets: ["TOKEN"], status: "superseded", reason: "already-right" },
      { secrets: ["AUTH"], status: "healed" },
    ]);
    expect(fleet.stored("api")["TOKEN"]).toBe(token);
  });

  it("asks nobody but the environments that it is about to change", async () => {
    const fleet = await openDrifted();

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed" }]);
    expect(fleet.asked("vps", "/health/vps")).toBe(1);
  });
});
