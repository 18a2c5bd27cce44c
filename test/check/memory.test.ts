import { describe, expect, it } from "vitest";
import { createInProcessMemory } from "../../functions/adapters/in-process-memory.ts";
import { TallystickError } from "../../functions/core/errors.ts";
import { limits } from "../../functions/core/limits.ts";
import type { Memory, Message, Notifier } from "../../functions/core/ports.ts";
import type { Report } from "../../functions/core/report.ts";
import { healPhrase } from "../../functions/core/wording.ts";
import { announce, announcerOf } from "../../functions/heal/announcement.ts";
import { holderIn, openSmallFleet, type SmallFleet, type SmallFleetOptions } from "../heal/small-fleet.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

async function openRemembering(options: SmallFleetOptions = {}): Promise<SmallFleet> {
  const fleet = await openSmallFleet({ hosts: ["vps", "nas"], ...options });
  fleet.memory = createInProcessMemory();
  return fleet;
}

/** Somebody deploys another value, as a pipeline would that knows nothing of the source. */
async function changeBack(fleet: SmallFleet): Promise<void> {
  await fleet.humanSets("api", "AUTH", "cGlwZWxpbmUgdmFsdWUgZnJvbSBiZWZvcmU", true);
}

async function hoursPass(fleet: SmallFleet, hours: number): Promise<void> {
  await fleet.clock?.advance(hours * hourMs);
}

const refusing: Memory = new Proxy(createInProcessMemory(), {
  get: () => () => Promise.reject(new TallystickError("memory-unreadable", "the table is not there")),
});

describe("a run with a memory", () => {
  it("says since when things are as they are, and when a version became current", async () => {
    const fleet = await openRemembering({ mode: "observe" });
    await fleet.check();
    await fleet.rotate("AUTH");
    const changedAtMs = fleet.clock?.now() ?? 0;

    const first = await fleet.check();
    await hoursPass(fleet, 5);
    const later = await fleet.check();

    const since = new Date(changedAtMs).toISOString().replace(/\.\d+Z$/, "Z");
    expect(holderIn(first, "api").since).toBe(since);
    expect(holderIn(later, "api").since).toBe(since);
    expect(later.secrets[0]?.version?.activatedAt).toBe(since);
  });

  it("repairs, remembers it, and says for how long not again where it is undone at once", async () => {
    const fleet = await openRemembering();
    await changeBack(fleet);

    const first = await fleet.check();
    await changeBack(fleet);
    const second = await fleet.check();
    await hoursPass(fleet, 1);
    const third = await fleet.check();

    expect(first.heals).toMatchObject([{ status: "healed" }]);
    expect(second.heals).toEqual([]);
    expect(holderIn(second, "api").remedy.withheld).toMatchObject({ reason: "cooldown" });
    expect(third.heals).toMatchObject([{ status: "healed" }]);
  });

  it("stops a fight after it was won twice, and says so", async () => {
    const fleet = await openRemembering();
    for (let round = 0; round < 2; round += 1) {
      await changeBack(fleet);
      expect((await fleet.check()).heals).toMatchObject([{ status: "healed" }]);
      await hoursPass(fleet, 2);
    }
    await changeBack(fleet);

    const report = await fleet.check();

    expect(report.heals).toEqual([]);
    expect(holderIn(report, "api").remedy.withheld).toMatchObject({ reason: "fighting" });
  });

  it("pushes a new version at once, for that is no fight", async () => {
    const fleet = await openRemembering();
    await changeBack(fleet);
    await fleet.check();
    await fleet.rotate("AUTH");

    expect((await fleet.check()).heals).toMatchObject([{ status: "healed" }]);
  });

  it("does what a person names though it is too soon", async () => {
    const fleet = await openRemembering();
    await changeBack(fleet);
    await fleet.check();
    await changeBack(fleet);

    const unnamed = await fleet.check({ trigger: "manual", mode: "fix" });
    const named = await fleet.check({ trigger: "manual", mode: "fix", scope: { environments: ["api"] } });

    expect(unnamed.heals).toEqual([]);
    expect(named.heals).toMatchObject([{ status: "healed" }]);
  });

  it("pushes no more often than the policy allows, however often it is ticked", async () => {
    const fleet = await openRemembering({ policy: { cooldown: "1h", fixesPerDayMax: 3 } });
    await fleet.rotate("AUTH");
    for (let failure = 0; failure < 100; failure += 1)
      fleet.railway.plant({ kind: "deployment", fate: "fails-healthcheck" });

    for (let tick = 0; tick < 100; tick += 1) {
      await fleet.check();
      await fleet.clock?.advance(dayMs / 50);
    }

    // Two days of ticks: three repairs on each.
    expect(fleet.calls("deploymentRedeploy")).toBe(6);
    expect(fleet.calls("variableCollectionUpsert")).toBeLessThanOrEqual(6);
  });

  it("says since when as the run did that was first, where it had recalled before that one noted", async () => {
    const fleet = await openRemembering({ mode: "observe" });
    const { memory } = fleet;
    if (memory === undefined) throw new Error("the test's fleet remembers nothing");
    const before = await memory.recall(0);
    const first = await fleet.check();
    await hoursPass(fleet, 1);
    let recalls = 0;
    fleet.memory = {
      ...memory,
      recall: async (nowMs) => {
        recalls += 1;
        return recalls === 1 ? before : memory.recall(nowMs);
      },
    };

    const second = await fleet.check();

    expect(holderIn(first, "api").since).toBeDefined();
    expect(holderIn(second, "api").since).toBe(holderIn(first, "api").since);
  });

  it("begins a repair once where two runs find it necessary at once", async () => {
    const fleet = await openRemembering();
    await fleet.rotate("AUTH");

    const [one, other] = await Promise.all([fleet.check({ id: "one" }), fleet.check({ id: "other" })]);

    const statuses = [...(one?.heals ?? []), ...(other?.heals ?? [])].map(({ status }) => status);
    expect(statuses.toSorted()).toEqual(["healed", "withheld"]);
    expect(fleet.calls("deploymentRedeploy")).toBe(1);
  });
});

/** A deployment that takes longer than a repair waits, so that the repair is not proven, and then serves. */
async function timeOut(fleet: SmallFleet): Promise<Report> {
  const serves = fleet.railway.plant({ kind: "deployment", fate: "never-ends" });
  const report = await fleet.check({ id: "slow" });
  serves();
  const { AUTH = "" } = fleet.stored("api");
  await hoursPass(fleet, 2);
  await fleet.humanSets("api", "AUTH", AUTH, true);
  return report;
}

describe("a repair that timed out", () => {
  it("is told as healed by the first check that sees it right, once, and counts as won", async () => {
    const fleet = await openRemembering();
    await changeBack(fleet);
    const slow = await timeOut(fleet);

    const looked = await fleet.check({ id: "by hand", trigger: "manual", mode: "observe" });
    const later = await fleet.check({ id: "later" });
    const last = await fleet.check({ id: "last" });

    expect(slow.heals).toMatchObject([{ status: "timed-out" }]);
    expect(looked.heals).toEqual([]);
    expect(later.status).toBe("in-sync");
    expect(later.heals).toMatchObject([
      {
        ...{ environment: "api", secrets: ["AUTH"], status: "healed", reason: "verified-later" },
        ...{ durationMs: expect.any(Number), was: [{ secret: "AUTH", action: "set-and-redeploy" }] },
      },
    ]);
    expect(later.heals.map(healPhrase)).toEqual([expect.stringContaining("seen right by a later check")]);
    expect(last.heals).toEqual([]);
    const { heals = [] } = (await fleet.memory?.recall(fleet.clock?.now() ?? 0)) ?? {};
    expect(heals.map(({ end }) => `${end?.status} ${end?.reason}`)).toEqual(["healed verified-later"]);
  });

  it("is told by exactly one of two checks at once", async () => {
    const fleet = await openRemembering();
    await changeBack(fleet);
    await timeOut(fleet);

    const reports = await Promise.all(["one", "other"].map((id) => fleet.check({ id })));

    expect(reports.map(({ heals }) => heals.length).toSorted()).toEqual([0, 1]);
  });

  it("is not told as healed as long as it is wrong, or its truth is another", async () => {
    const fleet = await openRemembering();
    await changeBack(fleet);
    await timeOut(fleet);
    await fleet.rotate("AUTH");
    fleet.railway.plant({ kind: "deployment", fate: "fails-healthcheck" });

    const report = await fleet.check({ id: "later" });

    expect(report.heals).toMatchObject([{ status: "failed" }]);
  });
});

describe("a repair whose execution died", () => {
  it("keeps its service for a quarter of an hour, and is told as healed where it was in time", async () => {
    const fleet = await openRemembering();
    await changeBack(fleet);
    const { memory } = fleet;
    if (memory === undefined) throw new Error("the test's fleet remembers nothing");
    fleet.memory = { ...memory, endHeal: async () => {}, releaseHeal: async () => {} };
    await fleet.check({ id: "dies unheard" });
    fleet.memory = memory;

    const early = await fleet.check({ id: "early" });
    await hoursPass(fleet, limits.healClaimMs / hourMs);
    const later = await fleet.check({ id: "later" });

    expect(early.heals).toEqual([]);
    expect(later.heals).toMatchObject([{ status: "healed", reason: "verified-later" }]);
  });
});

/** A memory in which another run's whole repair passes between this run's recall and its claim. */
function withRivalBeforeClaim(memory: Memory, rival: () => Promise<unknown>): Memory {
  let isOver = false;
  return {
    ...memory,
    claimHeal: async (claim) => {
      const isFirst = !isOver;
      isOver = true;
      if (isFirst) await rival();
      return memory.claimHeal(claim);
    },
  };
}

describe("a run that claims what another has repaired since it looked", () => {
  it("does not repair that once more within the cool-down, and gives its claim back", async () => {
    const fleet = await openRemembering();
    const { memory } = fleet;
    if (memory === undefined) throw new Error("the test's fleet remembers nothing");
    await changeBack(fleet);
    fleet.memory = withRivalBeforeClaim(memory, async () => {
      const rival = await fleet.check({ id: "rival" });
      expect(rival.heals).toMatchObject([{ status: "healed" }]);
      await changeBack(fleet);
    });

    const late = await fleet.check({ id: "late" });

    expect(late.heals).toMatchObject([{ status: "withheld", reason: "cooldown" }]);
    expect(fleet.calls("deploymentRedeploy")).toBe(1);
    const { claimed, heals } = await memory.recall(fleet.clock?.now() ?? 0);
    expect(claimed).toEqual(new Set());
    const ends = heals.map(({ id, end }) => `${id} ${end?.status}`);
    expect(ends.toSorted()).toEqual(["late withheld", "rival healed"]);
  });

  it("repairs the rest of its plan all the same", async () => {
    const fleet = await openRemembering({ services: { api: {}, worker: {} }, hosts: ["vps", "nas", "mac"] });
    const { memory } = fleet;
    if (memory === undefined) throw new Error("the test's fleet remembers nothing");
    await changeBack(fleet);
    await fleet.humanSets("worker", "AUTH", "cGlwZWxpbmUgdmFsdWUgZnJvbSBiZWZvcmU", true);
    fleet.memory = withRivalBeforeClaim(memory, async () => {
      await fleet.check({ id: "rival", trigger: "manual", mode: "fix", scope: { environments: ["api"] } });
      await changeBack(fleet);
    });

    const late = await fleet.check({ id: "late" });

    const ends = late.heals.map(
      ({ environment, status, reason = "" }) => `${environment} ${status} ${reason}`,
    );
    expect(ends.toSorted()).toEqual(["api withheld cooldown", "worker healed "]);
  });

  it("repairs nothing where the memory does not answer a second time", async () => {
    const fleet = await openRemembering();
    const { memory } = fleet;
    if (memory === undefined) throw new Error("the test's fleet remembers nothing");
    await changeBack(fleet);
    let recalls = 0;
    fleet.memory = {
      ...memory,
      recall: (nowMs) => {
        recalls += 1;
        return recalls === 2
          ? Promise.reject(new TallystickError("memory-unreadable", "the table is away"))
          : memory.recall(nowMs);
      },
    };

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "withheld", reason: "no-memory" }]);
    expect(fleet.mutations()).toEqual([]);
    expect((await memory.recall(fleet.clock?.now() ?? 0)).claimed).toEqual(new Set());
  });
});

describe("a run whose memory cannot be read", () => {
  it("looks and tells, says so, and repairs nothing", async () => {
    const fleet = await openRemembering();
    fleet.memory = refusing;
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.run.memory).toBe("unreadable");
    expect(report.status).toBe("drifted");
    expect(holderIn(report, "api").remedy.withheld).toMatchObject({ reason: "no-memory" });
    expect(fleet.mutations()).toEqual([]);
  });
});

/** A run, and what it tells. */
async function tick(fleet: SmallFleet, notifier: Notifier, id: string): Promise<void> {
  const report = await fleet.check({ id });
  await announce(report, announcerOf(fleet.world(), notifier));
}

function collecting(): { readonly notifier: Notifier; readonly messages: Message[] } {
  const messages: Message[] = [];
  return { messages, notifier: { publish: async (message) => void messages.push(message) } };
}

describe("what people are told", () => {
  it("is told once, however often it is found, and again when it is time for a reminder", async () => {
    const fleet = await openRemembering({ mode: "observe" });
    const { notifier, messages } = collecting();
    await fleet.rotate("AUTH");

    for (let run = 0; run < 4; run += 1) {
      await tick(fleet, notifier, `run-${run}`);
      await hoursPass(fleet, 6);
    }
    const onTheFirstDay = messages.length;
    await tick(fleet, notifier, "run-next-day");

    expect(onTheFirstDay).toBe(1);
    expect(messages).toHaveLength(2);
  });

  it("is told once where two runs find it at once", async () => {
    const fleet = await openRemembering({ mode: "observe" });
    const { notifier, messages } = collecting();
    await fleet.rotate("AUTH");
    await tick(fleet, { publish: async () => {} }, "first sight");
    await hoursPass(fleet, 24);

    await Promise.all([tick(fleet, notifier, "one"), tick(fleet, notifier, "other")]);

    expect(messages).toHaveLength(1);
  });

  it("is told by the next run where it could not be told, under the same id", async () => {
    const fleet = await openRemembering({ mode: "observe" });
    const { notifier, messages } = collecting();
    await fleet.rotate("AUTH");
    const ids: unknown[] = [];
    const failing: Notifier = {
      publish: async ({ attributes }) => {
        ids.push(attributes["id"]);
        throw new TallystickError("publish-failed", "no");
      },
    };

    await expect(tick(fleet, failing, "run-1")).rejects.toMatchObject({ code: "publish-failed" });
    await hoursPass(fleet, 1);
    await tick(fleet, notifier, "run-2");

    expect(messages.map(({ attributes }) => attributes["id"])).toEqual(ids);
  });

  it("is told by the same run's next try where it could not be told at once", async () => {
    const fleet = await openRemembering({ mode: "observe" });
    const { notifier, messages } = collecting();
    await fleet.rotate("AUTH");
    const report = await fleet.check();
    const announcer = announcerOf(fleet.world(), {
      publish: () => Promise.reject(new TallystickError("publish-failed", "no")),
    });

    await expect(announce(report, announcer)).rejects.toThrow();
    await announce(report, { ...announcer, notifier });
    await announce(report, { ...announcer, notifier });

    expect(messages).toHaveLength(1);
  });

  it("is told all the same where the memory cannot be read: rather twice than never", async () => {
    const fleet = await openRemembering({ mode: "observe" });
    fleet.memory = refusing;
    const { notifier, messages } = collecting();
    await fleet.rotate("AUTH");

    await tick(fleet, notifier, "run-1");
    await tick(fleet, notifier, "run-2");

    expect(messages).toHaveLength(2);
  });
});
