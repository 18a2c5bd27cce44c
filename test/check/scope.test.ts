import { describe, expect, it } from "vitest";
import { canary } from "../canaries.ts";
import { holderIn, openSmallFleet, type SmallFleet } from "../heal/small-fleet.ts";

async function openTwoServices(mode: "observe" | "fix" = "fix"): Promise<SmallFleet> {
  return openSmallFleet({
    secrets: ["AUTH", "TOKEN"],
    services: { api: {}, worker: {} },
    hosts: ["vps"],
    mode,
    entries: ({ originOf }) => ({
      vps: {
        capabilities: {
          "takes AUTH": { url: `${originOf("vps")}/needs/AUTH`, header: { "X-Secret": "AUTH" } },
          "takes TOKEN": { url: `${originOf("vps")}/needs/TOKEN`, header: { "X-Secret": "TOKEN" } },
        },
      },
    }),
  });
}

describe("a run of some environments", () => {
  it("asks and reports no others", async () => {
    const fleet = await openTwoServices("observe");

    const report = await fleet.check({ scope: { environments: ["api"] } });

    expect(report.environments.map(({ name }) => name)).toEqual(["api"]);
    expect(fleet.asked("vps", "/health/vps") + fleet.asked("worker", "/health/worker")).toBe(0);
  });

  it("tries no capability of others", async () => {
    const fleet = await openTwoServices();

    await fleet.check({ scope: { environments: ["api"] } });

    expect(fleet.asked("vps", "/needs/AUTH") + fleet.asked("vps", "/needs/TOKEN")).toBe(0);
  });

  it("repairs no others", async () => {
    const fleet = await openTwoServices();
    await fleet.rotate("AUTH");
    const before = fleet.stored("worker")["AUTH"];

    const report = await fleet.check({ scope: { environments: ["api"] } });

    expect(report.heals).toMatchObject([{ environment: "api", status: "healed" }]);
    expect(report.environments.map(({ name }) => name)).toEqual(["api"]);
    expect(fleet.stored("worker")["AUTH"]).toBe(before);
  });
});

describe("a run of some secrets", () => {
  it("reports no others", async () => {
    const fleet = await openTwoServices();

    const report = await fleet.check({ scope: { secrets: ["TOKEN"] } });

    expect(report.secrets.map(({ name }) => name)).toEqual(["TOKEN"]);
    const told = report.environments.flatMap(({ secrets }) => secrets.map(({ name }) => name));
    expect(told).toEqual(["TOKEN", "TOKEN", "TOKEN"]);
  });

  it("tries no capability that needs another", async () => {
    const fleet = await openTwoServices();

    const report = await fleet.check({ scope: { secrets: ["TOKEN"] } });

    const names = report.environments.flatMap(({ capabilities }) => capabilities.map(({ name }) => name));
    expect(names).toEqual(["takes TOKEN"]);
    expect(fleet.asked("vps", "/needs/AUTH")).toBe(0);
  });

  it("repairs no others", async () => {
    const fleet = await openTwoServices();
    const before = fleet.stored("api")["AUTH"];
    await fleet.rotate("AUTH");
    const token = await fleet.rotate("TOKEN");
    await fleet.humanSets("api", "TOKEN", canary("typing error"), false);

    const report = await fleet.check({ scope: { environments: ["api"], secrets: ["TOKEN"] } });

    expect(report.heals).toMatchObject([{ secrets: ["TOKEN"], status: "healed" }]);
    expect(fleet.stored("api")).toMatchObject({ AUTH: before, TOKEN: token });
  });

  it("does not redeploy while another one's wrong variable would be shipped with it", async () => {
    const fleet = await openTwoServices();
    await fleet.rotate("TOKEN");
    await fleet.humanSets("api", "AUTH", canary("typing error"), false);

    const report = await fleet.check({ scope: { environments: ["api"], secrets: ["TOKEN"] } });

    expect(holderIn(report, "api", "TOKEN").remedy).toMatchObject({
      kind: "withheld",
      withheld: { reason: "others-pending", wouldBe: "set-and-redeploy" },
    });
    expect(fleet.mutations()).toEqual([]);
  });

  it("does not redeploy once another one's variable became wrong meanwhile", async () => {
    const fleet = await openTwoServices();
    await fleet.rotate("TOKEN");
    fleet.atStep("judging", () =>
      fleet.railway.humanSets("api", "AUTH", fleet.remember(canary("typing error")), { deploy: false }),
    );

    const report = await fleet.check({ scope: { environments: ["api"], secrets: ["TOKEN"] } });

    expect(report.heals).toMatchObject([{ status: "withheld", reason: "others-pending" }]);
    expect(fleet.mutations()).toEqual([]);
  });

  it("fails where none of them can be read, although others could be", async () => {
    const fleet = await openTwoServices();
    fleet.aws.secrets.deny("prod/TOKEN");

    const report = await fleet.check({ scope: { secrets: ["TOKEN"] } });

    expect(report.status).toBe("failed");
  });
});

describe("the doubt about the source", () => {
  const foreign = canary("foreign");

  it("is raised by holders outside of the scope", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps", "mac"] });
    fleet.putTruth("AUTH");
    for (const host of ["vps", "mac"]) fleet.holds(host, "AUTH", foreign);

    const report = await fleet.check({ scope: { environments: ["api"] } });

    expect(holderIn(report, "api").remedy.withheld?.reason).toBe("source-suspect");
    expect(report.environments.map(({ name }) => name)).toEqual(["api"]);
    expect(fleet.mutations()).toEqual([]);
  });

  it("is not raised by one of them alone", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps", "mac"] });
    await fleet.rotate("AUTH");
    fleet.holds("vps", "AUTH", foreign);

    const report = await fleet.check({ scope: { environments: ["api"] } });

    expect(report.heals).toMatchObject([{ environment: "api", status: "healed" }]);
  });
});
