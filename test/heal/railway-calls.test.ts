import { describe, expect, it, test } from "vitest";
import { createInProcessMemory } from "../../functions/adapters/in-process-memory.ts";
import type { Report } from "../../functions/core/report.ts";
import { runHeal } from "../../functions/heal/heal-run.ts";
import { createInProcessSteps } from "../../functions/heal/in-process-steps.ts";
import { holderIn, openSmallFleet, type SmallFleet, type SmallFleetOptions } from "./small-fleet.ts";

const five = ["A", "B", "C", "D", "E"];
const oneService: SmallFleetOptions = { secrets: five, hosts: ["vps"] };

/** Requests to Railway, without those that only wait for a deployment or its proof. */
function calls(fleet: SmallFleet): { readonly all: number; readonly polls: number } {
  const all = fleet.requests.filter((url) => url.startsWith(fleet.railway.apiUrl)).length;
  return { all, polls: fleet.calls("deployment") - fleet.calls("deploymentSnapshot") };
}

async function fiveWrong(options: SmallFleetOptions = {}): Promise<SmallFleet> {
  const fleet = await openSmallFleet({ ...oneService, ...options });
  for (const secret of five) await fleet.rotate(secret);
  return fleet;
}

/** The heal function's own work, as its event orders it. */
async function healAll(fleet: SmallFleet): Promise<Report | undefined> {
  const world = fleet.world();
  let told: Report | undefined;
  await runHeal(world, {
    order: {
      run: { id: "run-1", trigger: "schedule" },
      claim: { id: "heal-1", startedAtMs: world.clock.now() },
      targets: five.map((secret) => ({ environment: "api", secret, versionId: "any" })),
    },
    steps: createInProcessSteps(world.clock),
    notifier: undefined,
    onReport: (report) => {
      told = report;
    },
  });
  return told;
}

describe("what is asked of Railway", () => {
  it("is two calls for a healthy check of one service", async () => {
    const fleet = await openSmallFleet(oneService);

    await fleet.check();

    expect(calls(fleet)).toEqual({ all: 2, polls: 0 });
  });

  it("is at most six for a check that finds five secrets of a service wrong", async () => {
    const fleet = await fiveWrong({ mode: "observe" });

    const report = await fleet.check();

    expect(report.status).toBe("drifted");
    // One more where there were deployments before the serving one.
    expect(calls(fleet).all).toBe(5);
  });

  it("is at most twelve for the repair of five secrets of a service, and one for each poll", async () => {
    const fleet = await fiveWrong();

    const report = await healAll(fleet);

    const { all, polls } = calls(fleet);
    expect(report?.heals).toMatchObject([{ status: "healed", secrets: five }]);
    expect(polls).toBeGreaterThan(2);
    // One more where there were deployments before the serving one.
    expect(all - polls).toBe(11);
    expect(fleet.mutations()).toEqual(["variableCollectionUpsert", "deploymentRedeploy"]);
  });

  it("asks less and less often after a deployment that takes long", async () => {
    const fleet = await fiveWrong();
    fleet.railway.plant({ kind: "deployment", fate: "never-ends" });

    const report = await healAll(fleet);

    expect(report?.heals).toMatchObject([{ status: "timed-out", reason: "deployment-slow" }]);
    // Ten minutes at five seconds each at most, after the first few.
    expect(calls(fleet).polls).toBeLessThanOrEqual(125);
  });
});

describe("Railway's free plan", () => {
  const free = { perHour: 100, perSecond: 10 };

  it("is enough for a check, a repair of five secrets and the checks around it in one hour", async () => {
    const fleet = await fiveWrong({ limits: free });

    const found = await fleet.check({ mode: "observe" });
    await fleet.clock?.advance(60_000);
    const repaired = await fleet.check();
    await fleet.clock?.advance(60_000);
    const after = await fleet.check();

    expect([found.status, repaired.status, after.status]).toEqual(["drifted", "in-sync", "in-sync"]);
    expect(calls(fleet).all).toBeLessThanOrEqual(30);
  });

  it("is spared while a deployment takes long, so that the hour's calls outlast it", async () => {
    const fleet = await fiveWrong({ limits: free });
    fleet.railway.plant({ kind: "deployment", fate: "never-ends" });

    const report = await healAll(fleet);

    expect(report?.heals).toMatchObject([{ status: "timed-out", reason: "deployment-slow" }]);
    expect(calls(fleet).all).toBeLessThan(free.perHour);
  });

  it("is not begun to be used up by a repair that it would stop in the middle", async () => {
    const fleet = await fiveWrong({ limits: { perHour: 30, perSecond: 10 } });

    const report = await fleet.check();

    expect(holderIn(report, "api", "A").remedy.withheld).toMatchObject({
      reason: "limit",
      detail: expect.stringMatching(/^Railway allows \d+ more calls until .* UTC, and a repair may take 40$/),
    });
    expect(fleet.mutations()).toEqual([]);
  });
});

test("a repair is verified within ten seconds after its deployment is live", async () => {
  const fleet = await openSmallFleet({ hosts: ["vps"] });
  await fleet.rotate("AUTH");
  let verifiedAtMs = Number.POSITIVE_INFINITY;
  fleet.onProgress = ({ kind }) => {
    if (kind === "healed") verifiedAtMs = fleet.clock?.now() ?? verifiedAtMs;
  };

  const report = await fleet.check();

  const live = fleet.railway.state.deployments("api").at(-1);
  expect(report.heals).toMatchObject([{ status: "healed" }]);
  expect(verifiedAtMs - (live?.statusUpdatedAt ?? 0)).toBeLessThanOrEqual(10_000);
});

test("says who may have changed it back, where Railway tells", async () => {
  const fleet = await openSmallFleet({ hosts: ["vps"], policy: { cooldown: "1s", fixesPerDayMax: 9 } });
  fleet.memory = createInProcessMemory();
  const old = fleet.stored("api")["AUTH"] ?? "";
  await fleet.rotate("AUTH");
  await fleet.check({ id: "run-1" });
  for (const id of ["run-2", "run-3"]) {
    fleet.railway.humanSets("api", "AUTH", old, { deploy: true, by: "Ada" });
    await fleet.settled();
    await fleet.clock?.advance(60_000);
    await fleet.check({ id });
  }

  const { remedy } = holderIn(await fleet.check({ id: "run-4" }), "api");

  expect(remedy.withheld).toMatchObject({
    reason: "fighting",
    detail: expect.stringMatching(/^repaired 2 times .*; what serves since is a deploy by Ada at /),
  });
});
