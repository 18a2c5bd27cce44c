import { describe, expect, it } from "vitest";
import { createInProcessMemory } from "../../functions/adapters/in-process-memory.ts";
import { TallystickError } from "../../functions/core/errors.ts";
import { limits } from "../../functions/core/limits.ts";
import type { Memory } from "../../functions/core/ports.ts";
import type { Report } from "../../functions/core/report.ts";
import { createHeldClaim, holdMeanwhile, lossOf, unclaimed } from "../../functions/heal/held-claim.ts";
import { claimOf } from "../adapters/memory-contract.ts";
import { openSmallFleet, type SmallFleet } from "./small-fleet.ts";

const claim = claimOf("heal-1", ["vps"], 0);
const rival = claimOf("heal-2", ["vps"], limits.healClaimMs);

/** A claim that was made at time 0, a clock that a test turns, and a memory that may fail. */
async function openClaim() {
  const memory = createInProcessMemory();
  await memory.claimHeal({ ...claim, untilMs: limits.healClaimMs });
  const time = { nowMs: 0, isDown: false };
  const own: Memory = {
    ...memory,
    renewHeal: (renewed) =>
      time.isDown
        ? Promise.reject(new TallystickError("memory-unreadable", "the table is away"))
        : memory.renewHeal(renewed),
  };
  const clock = { now: () => time.nowMs, sleep: () => Promise.resolve() };
  return { memory, time, clock, held: createHeldClaim({ memory: own, clock }, claim) };
}

describe("a claim that is held", () => {
  it("outlasts the longest single wait of a repair, with room for what lies between two of them", () => {
    const { deploymentWaitMs, verificationWaitMs, readBackWaitMs, healRenewMs, healClaimMs } = limits;

    expect(deploymentWaitMs + verificationWaitMs + readBackWaitMs + healRenewMs).toBeLessThan(healClaimMs);
  });

  it("is nobody else's for as long as it is held on", async () => {
    const { memory, time, held } = await openClaim();
    time.nowMs = limits.healClaimMs - 1;

    expect(await held.hold()).toBe("held");

    expect(await memory.claimHeal({ ...rival, startedAtMs: time.nowMs + limits.healClaimMs - 1 })).toBe(
      "taken",
    );
  });

  it("is lost once another has it", async () => {
    const { memory, time, held } = await openClaim();
    time.nowMs = limits.healClaimMs;
    await memory.claimHeal(rival);

    expect(await held.hold()).toBe("lost");
    expect(await lossOf(held)).toMatchObject({ reason: "in-flight" });
  });

  it("is held without the memory's word only as long as it cannot have run out", async () => {
    const { time, held } = await openClaim();
    time.isDown = true;
    time.nowMs = limits.healClaimMs - limits.healRenewMs - 1;
    expect(await held.hold()).toBe("held");
    expect(await lossOf(held)).toBeUndefined();

    time.nowMs += 1;

    expect(await held.hold()).toBe("unsure");
    expect(await lossOf(held)).toMatchObject({ reason: "no-memory" });
  });

  it("counts from the last time that the memory said so", async () => {
    const { time, held } = await openClaim();
    time.nowMs = limits.healClaimMs - 1;
    await held.hold();
    time.isDown = true;
    time.nowMs += limits.healClaimMs - limits.healRenewMs - 1;

    expect(await held.hold()).toBe("held");
  });

  it("is held where nothing is remembered, for nobody could take it", async () => {
    const { clock } = await openClaim();

    expect(await createHeldClaim({ clock }, claim).hold()).toBe("held");
    expect(await lossOf(unclaimed)).toBeUndefined();
  });

  it("is held on in a wait when it is time for that, and not at every look", async () => {
    const { memory, time, clock, held } = await openClaim();
    time.nowMs = limits.healRenewMs - 1;
    expect(await holdMeanwhile(held, clock, 0)).toBe(0);
    expect((await memory.recall(limits.healClaimMs)).claimed.size).toBe(0);

    time.nowMs = limits.healRenewMs;

    expect(await holdMeanwhile(held, clock, 0)).toBe(limits.healRenewMs);
    expect((await memory.recall(limits.healClaimMs)).claimed.size).toBe(1);
  });
});

/** A drifted fleet that remembers; whoever has the claim of its service loses it when the test says so. */
async function openDrifted() {
  const fleet = await openSmallFleet({ hosts: ["vps", "mac"] });
  const memory = createInProcessMemory();
  let isTaken = false;
  fleet.memory = {
    ...memory,
    renewHeal: async (renewed) => (isTaken ? "lost" : memory.renewHeal(renewed)),
  };
  await fleet.rotate("AUTH");
  const loseAt = (step: string): void =>
    fleet.atStep(step, () => {
      isTaken = true;
    });
  return { fleet, memory, loseAt };
}

function endsOf(report: Report): readonly string[] {
  return report.heals.map(({ status, reason = "" }) => `${status} ${reason}`.trim());
}

async function rememberedEnd(fleet: SmallFleet): Promise<object | undefined> {
  const remembered = await fleet.memory?.recall(fleet.clock?.now() ?? 0);
  return remembered?.heals[0]?.end;
}

describe("a repair whose claim is another's", () => {
  it("changes nothing where it finds that before the write", async () => {
    const { fleet, loseAt } = await openDrifted();
    loseAt("judging once more");

    const report = await fleet.check();

    expect(endsOf(report)).toEqual(["withheld in-flight"]);
    expect(fleet.mutations()).toEqual([]);
  });

  it("redeploys nothing where it finds that after the write, and what it wrote counts", async () => {
    const { fleet, loseAt } = await openDrifted();
    loseAt("writing");

    const report = await fleet.check();

    expect(endsOf(report)).toEqual(["superseded in-flight"]);
    expect(fleet.mutations()).toEqual(["variableCollectionUpsert"]);
    expect(await rememberedEnd(fleet)).toMatchObject({ status: "superseded", reason: "in-flight" });
  });

  it("goes on to prove what it has redeployed already", async () => {
    const { fleet, loseAt } = await openDrifted();
    loseAt("waiting for the deployment");

    expect(endsOf(await fleet.check())).toEqual(["healed"]);
  });

  it("does not begin", async () => {
    const { fleet, memory } = await openDrifted();
    fleet.memory = { ...memory, renewHeal: async () => "lost" };

    expect(endsOf(await fleet.check())).toEqual(["withheld in-flight"]);
    expect(fleet.mutations()).toEqual([]);
  });
});

describe("a repair that waits long", () => {
  it("keeps its claim for as long as it waits, though that is longer than a claim lasts", async () => {
    const names = ["a", "b"];
    const fleet = await openSmallFleet({
      services: Object.fromEntries(names.map((name) => [name, {}])),
      hosts: ["vps", "mac"],
    });
    const memory = createInProcessMemory();
    fleet.memory = memory;
    await fleet.rotate("AUTH");
    const startedAtMs = fleet.clock?.now() ?? 0;
    for (const serviceId of names) fleet.railway.plant({ kind: "deployment", fate: "never-ends", serviceId });
    const claimedLate: number[] = [];
    fleet.onProgress = ({ kind }) => {
      if (kind !== "healing") return;
      const nowMs = fleet.clock?.now() ?? 0;
      if (nowMs - startedAtMs > limits.healClaimMs)
        void memory.recall(nowMs).then(({ claimed }) => claimedLate.push(claimed.size));
    };

    const report = await fleet.check();

    expect(endsOf(report)).toEqual(["timed-out deployment-slow", "timed-out deployment-slow"]);
    expect(claimedLate.length).toBeGreaterThan(0);
    expect(new Set(claimedLate)).toEqual(new Set([2]));
  });
});
