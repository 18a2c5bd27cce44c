import type { Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { metricNames } from "../../functions/contract.ts";
import { limits } from "../../functions/core/limits.ts";
import { type HealResult, runHeal } from "../../functions/heal/heal-run.ts";
import { createInProcessSteps } from "../../functions/heal/in-process-steps.ts";
import { type FunctionOptions, openFunction } from "./function-bench.ts";
import { orderFor } from "./heal-bench.ts";
import { openSmallFleet } from "./small-fleet.ts";

type Invoke = (event: unknown, context: Partial<Context>) => Promise<HealResult>;

/** The plain heal function over a drifted fleet, with so much time left. */
async function openPlain(options: FunctionOptions = {}, leftMs = 900_000) {
  const bench = await openFunction({ hosts: ["vps"], ...options });
  const { handler } = await import("../../functions/heal/plain-handler.ts");
  const current = await bench.fleet.rotate("AUTH");
  const context = { functionName: "heal", awsRequestId: "1", getRemainingTimeInMillis: () => leftMs };
  const invoke = async (event: unknown) => bench.keep(await (handler as unknown as Invoke)(event, context));
  return { bench, current, invoke };
}

describe("heal without durable functions", () => {
  it("does the whole work in one invocation, and tells its end", async () => {
    const { bench, current, invoke } = await openPlain();

    const result = await invoke(orderFor("api"));

    expect(result).toMatchObject({ status: "in-sync", heals: [{ environment: "api", status: "healed" }] });
    expect(bench.fleet.stored("api")["AUTH"]).toBe(current);
    expect(bench.mails().map(({ subject }) => subject)).toEqual([
      "Tallystick: api held an old AUTH - repaired, verified",
    ]);
    expect(bench.metrics()).toEqual([{ [metricNames.healsVerified]: 1, [metricNames.healsFailed]: 0 }]);
  });

  it("tells what it could not prove in its time", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    await fleet.rotate("AUTH");
    fleet.railway.plant({ kind: "deployment", fate: "never-ends" });
    const world = fleet.world();
    const steps = createInProcessSteps(world.clock, world.clock.now() + limits.healBeginMs + 30_000);

    const result = await runHeal(world, {
      ...{ order: orderFor("api"), steps, notifier: undefined },
      onReport: (report) => fleet.outputs.push(report),
    });

    expect(result.heals).toMatchObject([{ status: "timed-out", reason: "deployment-slow" }]);
  });

  it("begins nothing that it has no time for", async () => {
    const { bench, invoke } = await openPlain({}, limits.healBeginMs + 60_000);

    const result = await invoke(orderFor("api"));

    expect(result.heals).toMatchObject([{ status: "withheld", reason: "limit" }]);
    expect(bench.fleet.mutations()).toEqual([]);
  });

  it("refuses what is no order of check", async () => {
    const { bench, invoke } = await openPlain();

    await expect(invoke({ environment: "api" })).rejects.toThrow("nothing was touched");
    expect(bench.contacts()).toBe(0);
  });
});
