import { describe, expect, it } from "vitest";
import type { HealOrder } from "../../functions/core/ports.ts";
import type { Report } from "../../functions/core/report.ts";
import { runHeal } from "../../functions/heal/heal-run.ts";
import { createInProcessSteps } from "../../functions/heal/in-process-steps.ts";
import { orderFor } from "./heal-bench.ts";
import { openSmallFleet, type SmallFleet } from "./small-fleet.ts";

/** A whole heal over a fleet, in this process; its report. */
async function run(fleet: SmallFleet, order: HealOrder): Promise<Report> {
  const world = fleet.world();
  const reports: Report[] = [];
  await runHeal(world, {
    ...{ order, steps: createInProcessSteps(world.clock), notifier: undefined },
    onReport: (report) => reports.push(report),
  });
  fleet.outputs.push(reports);
  const [report] = reports;
  if (report === undefined || reports.length > 1) throw new Error(`${reports.length} reports`);
  return report;
}

describe("a heal", () => {
  it("mends nothing that was not ordered, though it is wrong too", async () => {
    const fleet = await openSmallFleet({
      services: { api: {}, worker: {} },
      secrets: ["AUTH", "TOKEN"],
      hosts: ["vps", "nas"],
    });
    await fleet.rotate("AUTH");

    const report = await run(fleet, orderFor("api"));

    expect(report.heals.map(({ environment }) => environment)).toEqual(["api"]);
    expect(report.environments.map(({ name }) => name)).toEqual(["api"]);
    expect(report.secrets.map(({ name }) => name)).toEqual(["AUTH"]);
    expect(fleet.mutations()).toHaveLength(2);
    expect(fleet.stored("worker")["AUTH"]).not.toBe(fleet.stored("api")["AUTH"]);
  });

  it("judges its source by the whole fleet, in the end too", async () => {
    const fleet = await openSmallFleet({ services: { a: {}, b: {} }, hosts: ["vps", "nas"] });
    const foreign = fleet.remember("a2Vwb2YgZm9yZWlnbiB2YWx1ZXMgaGVyZQ");
    for (const service of ["a", "b"]) await fleet.humanSets(service, "AUTH", foreign, true);
    for (const serviceId of ["a", "b"])
      fleet.railway.plant({ kind: "deployment", fate: "fails-healthcheck", serviceId });

    const report = await run(fleet, orderFor("a", "b"));

    expect(report.secrets).toMatchObject([{ name: "AUTH", truth: "valid" }]);
    expect(report.secrets[0]).not.toHaveProperty("detail");
    expect(
      report.environments.flatMap(({ secrets }) => secrets.map(({ remedy }) => remedy.withheld)),
    ).toEqual([undefined, undefined]);
  });

  it("says nothing of capabilities that it has not tried, and so is not in doubt for them", async () => {
    const fleet = await openSmallFleet({
      hosts: ["vps"],
      entries: ({ originOf }) => ({
        api: {
          capabilities: {
            own: { url: `${originOf("api")}/needs/AUTH`, header: { "X-Secret": "AUTH" } },
            theirs: { url: `${originOf("vps")}/needs/AUTH`, header: { "X-Secret": "AUTH" }, verifier: "vps" },
          },
        },
      }),
    });
    await fleet.rotate("AUTH");

    const report = await run(fleet, orderFor("api"));

    expect(report.environments[0]?.capabilities).toMatchObject([{ name: "own", status: "works" }]);
    expect(report.status).toBe("in-sync");
  });

  it("makes calls by the number of its services, not by the square of it", async () => {
    const calls = async (count: number): Promise<number> => {
      const names = Array.from({ length: count }, (_, index) => `s${index}`);
      const fleet = await openSmallFleet({
        services: Object.fromEntries(names.map((name) => [name, {}])),
        hosts: names.map((name) => `host-${name}`),
        policy: { environmentsPerRunMax: count },
      });
      await fleet.rotate("AUTH");
      const { heals } = await run(fleet, orderFor(...names));
      expect(heals.filter(({ status }) => status === "healed")).toHaveLength(count);
      return fleet.railway.calls.length;
    };

    // By the square it would be 4; a look at all that grew old while deployments ran is made anew.
    expect((await calls(8)) / (await calls(4))).toBeLessThan(3);
  });
});
