import { describe, expect, it } from "vitest";
import { createInProcessMemory } from "../../functions/adapters/in-process-memory.ts";
import { historyGuardOf } from "../../functions/core/history-guards.ts";
import type { HealReport } from "../../functions/core/report.ts";
import { rememberEnds } from "../../functions/heal/heal-memory.ts";
import { claimOf } from "../adapters/memory-contract.ts";
import { fleetOf, health } from "../core/world.ts";
import { openSmallFleet } from "./small-fleet.ts";

const startedAtMs = Date.parse("2026-11-22T12:00:00Z");
const { policy } = fleetOf({
  secrets: { AUTH_SECRET: { source: { env: "AUTH_SECRET" } } },
  environments: { vps: { health } },
  policy: { fixesPerDayMax: 1 },
});

type Part = Pick<HealReport, "status" | "reason" | "redeployed">;

/** What is remembered of a repair that was told of in these parts, and whether it used up a day that allows one. */
async function afterEnding(parts: readonly Part[]) {
  const { memory: _, ...world } = (await openSmallFleet()).world();
  const memory = createInProcessMemory();
  const claim = claimOf("heal-1", ["vps"], startedAtMs);
  await memory.claimHeal(claim);
  const reports = parts.map((part) => ({ environment: "vps", secrets: ["AUTH_SECRET"], was: [], ...part }));
  await rememberEnds({ ...world, memory }, claim, reports);
  const remembered = await memory.recall(startedAtMs);
  const next = { environment: "vps", secret: "OTHER", versionId: "v9", serviceKey: undefined, policy };
  const guard = historyGuardOf(next, { remembered, nowMs: startedAtMs + 1, lifted: new Set() });
  return { end: remembered.heals[0]?.end, countsForTheDay: guard?.reason === "daily-cap", remembered };
}

describe("a repair that redeployed", () => {
  it.each<Part>([
    { status: "healed" },
    { status: "failed", reason: "deployment-failed" },
    { status: "failed", reason: "verification-failed" },
    { status: "failed", reason: "railway-throttled" },
    { status: "timed-out", reason: "deployment-slow" },
    { status: "timed-out", reason: "unproven" },
    { status: "superseded", reason: "truth-changed" },
    { status: "superseded", reason: "deployment-replaced" },
  ])(
    "counts for the day where it ended $status ($reason), whatever else is told of its environment",
    async (part) => {
      const deed = { ...part, redeployed: true } as const;
      const left: readonly Part[] = [
        { status: "superseded", reason: "already-right" },
        { status: "withheld", reason: "unseen" },
      ];

      for (const parts of [[deed], [...left, deed], [deed, ...left]]) {
        const { end, countsForTheDay } = await afterEnding(parts);

        expect(end).toMatchObject(part);
        expect(countsForTheDay).toBe(true);
      }
    },
  );

  it("counts where nobody told its end", async () => {
    expect((await afterEnding([])).countsForTheDay).toBe(true);
  });
});

describe("a repair that changed nothing", () => {
  it.each<Part>([
    { status: "withheld", reason: "in-flight" },
    { status: "withheld", reason: "cooldown" },
    { status: "superseded", reason: "already-right" },
    { status: "failed", reason: "heal-not-started" },
  ])("leaves the day as it was where it ended $status ($reason), and gives its claim back", async (part) => {
    const { countsForTheDay, remembered } = await afterEnding([part]);

    expect(countsForTheDay).toBe(false);
    expect(remembered.claimed).toEqual(new Set());
  });
});

describe("a repair that goes on", () => {
  it("keeps its claim, and has no end", async () => {
    const { end, remembered } = await afterEnding([{ status: "started" }]);

    expect(end).toBeUndefined();
    expect(remembered.claimed.size).toBe(1);
  });
});
