import { describe, expect, it } from "vitest";
import { executionName } from "../../functions/check/execution-name.ts";
import { reconcile } from "../../functions/check/reconciler.ts";
import { createStartedRepair } from "../../functions/check/started-repair.ts";
import { TallystickError } from "../../functions/core/errors.ts";
import { limits } from "../../functions/core/limits.ts";
import type { HealOrder, HealStarter } from "../../functions/core/ports.ts";
import { dayOf, isoTime } from "../../functions/core/time.ts";
import { firstMessageOf } from "../core/telling.ts";
import { openSmallFleet, type SmallFleetOptions } from "../heal/small-fleet.ts";

/** Keeps what was to be started; each name once, as Lambda does. */
class Starter implements HealStarter {
  readonly isNamed = true;
  readonly orders: { readonly name: string; readonly order: HealOrder }[] = [];

  async start(name: string, order: HealOrder): Promise<"started" | "taken"> {
    if (this.orders.some((each) => each.name === name)) return "taken";
    this.orders.push({ name, order });
    return "started";
  }
}

async function openDrifted(options: SmallFleetOptions = {}) {
  const fleet = await openSmallFleet({ hosts: ["vps"], ...options });
  await fleet.rotate("AUTH");
  const starter = new Starter();
  const check = async (own: HealStarter = starter, id = "run-1") => {
    const request = { id, trigger: "schedule", mode: undefined, scope: {} } as const;
    const report = await reconcile(fleet.world(), request, createStartedRepair(own));
    fleet.outputs.push(report, starter.orders);
    return report;
  };
  return { fleet, starter, check };
}

describe("a check that has a heal function", () => {
  it("starts one execution for the whole plan, and reports its name", async () => {
    const services = { a: {}, b: {} };
    const { fleet, starter, check } = await openDrifted({ services, hosts: ["vps", "nas"] });

    const report = await check();

    expect(starter.orders).toHaveLength(1);
    const [{ name, order } = { name: "", order: undefined }] = starter.orders;
    const versionId = report.secrets[0]?.version?.id;
    expect(order).toEqual({
      run: { id: "run-1", trigger: "schedule" },
      claim: { id: name, startedAtMs: fleet.clock?.now() },
      targets: ["a", "b"].map((environment) => ({ environment, secret: "AUTH", versionId })),
    });
    expect(report.heals).toMatchObject(
      ["a", "b"].map((environment) => ({
        ...{ environment, secrets: ["AUTH"], status: "started", execution: name },
        was: [{ verdict: { kind: "behind" }, cause: "variable" }],
      })),
    );
    expect(report.status).toBe("drifted");
    expect(fleet.mutations()).toEqual([]);
  });

  it("names it by what is wanted and by what serves now", async () => {
    const { fleet, starter, check } = await openDrifted();

    await check();

    const serving = fleet.railway.state.deployments("api").find(({ status }) => status === "SUCCESS");
    const [started] = starter.orders;
    expect(started?.name).toBe(
      executionName(
        started?.order.targets ?? [],
        [serving?.id ?? ""],
        dayOf(isoTime(fleet.clock?.now() ?? 0)),
      ),
    );
  });

  it("looks only once, for what was started has changed nothing yet", async () => {
    const { fleet, check } = await openDrifted();

    await check();

    expect(fleet.healthAsks(), "of api and of vps").toBe(2);
  });

  it("tells nobody of what the execution will tell", async () => {
    const { check } = await openDrifted();

    expect(firstMessageOf(await check())).toBeUndefined();
  });

  it("does not start the same a second time on the same day where nothing is remembered", async () => {
    const { starter, check } = await openDrifted();
    await check();

    const second = await check(starter, "run-2");

    expect(starter.orders).toHaveLength(1);
    expect(second.heals).toMatchObject([
      { status: "withheld", reason: "in-flight", execution: starter.orders[0]?.name },
    ]);
    expect(firstMessageOf(second)?.attributes).toMatchObject({ severity: "info" });
  });

  it("reports what could not be started as failed, with its reason, and says so", async () => {
    const { check } = await openDrifted();
    const refused = new TallystickError(
      "heal-not-started",
      "the heal function was not started (access-denied)",
    );

    const report = await check({ isNamed: true, start: () => Promise.reject(refused) });

    expect(report.heals).toMatchObject([
      { status: "failed", reason: "heal-not-started", detail: refused.message },
    ]);
    expect(firstMessageOf(report)?.text).toContain("Somebody has to act.");
  });

  it("leaves what is too much for one execution to the next check, and says so", async () => {
    const names = Array.from({ length: limits.servicesPerPlanMax + 1 }, (_, index) => `s${index}`);
    const { starter, check } = await openDrifted({
      services: Object.fromEntries(names.map((name) => [name, {}])),
      hosts: names.map((name) => `host-${name}`),
      policy: { environmentsPerRunMax: names.length },
    });

    const { heals } = await check();

    expect(starter.orders[0]?.order.targets).toHaveLength(limits.servicesPerPlanMax);
    expect(heals.map(({ environment, status }) => `${environment} ${status}`)).toEqual(
      names.map((name, index) => `${name} ${index < limits.servicesPerPlanMax ? "started" : "withheld"}`),
    );
    expect(heals.at(-1)).toMatchObject({ reason: "limit" });
  });

  it("starts nothing where nothing is to be repaired", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    const starter = new Starter();
    const request = { id: "run-1", trigger: "schedule", mode: undefined, scope: {} } as const;

    const report = await reconcile(fleet.world(), request, createStartedRepair(starter));

    expect(report.heals).toEqual([]);
    expect(starter.orders).toEqual([]);
  });
});
