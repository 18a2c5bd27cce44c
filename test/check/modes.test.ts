import { describe, expect, it } from "vitest";
import { canary } from "../canaries.ts";
import { holderIn, openSmallFleet } from "../heal/small-fleet.ts";

/** Policy, what is asked, the mode of the run, and whether it writes. */
const modes = [
  ["observe", "nothing", "observe", false],
  ["observe", "observe", "observe", false],
  ["observe", "fix", "observe", false],
  ["approve", "nothing", "approve", false],
  ["approve", "observe", "observe", false],
  ["approve", "fix", "fix", true],
  ["fix", "nothing", "fix", true],
  ["fix", "observe", "observe", false],
  ["fix", "fix", "fix", true],
] as const;

describe("a run of a drifted fleet", () => {
  it.each(modes.filter(([, , , writes]) => !writes))(
    "under the policy %s, asked to %s, is of mode %s: it writes nothing and tells what it would do",
    async (policy, asked, mode) => {
      const fleet = await openSmallFleet({ hosts: ["vps"], mode: policy });
      await fleet.rotate("AUTH");

      const report = await fleet.check({ mode: asked === "nothing" ? undefined : asked });

      expect(report.run.mode).toBe(mode);
      expect(fleet.mutations()).toEqual([]);
      expect(holderIn(report, "api").remedy).toEqual({
        kind: "withheld",
        withheld: { reason: "mode", wouldBe: "set-and-redeploy" },
      });
    },
  );

  it.each(modes.filter(([, , , writes]) => writes))(
    "under the policy %s, asked to %s, is of mode %s: it repairs",
    async (policy, asked, mode) => {
      const fleet = await openSmallFleet({ hosts: ["vps"], mode: policy });
      await fleet.rotate("AUTH");

      const report = await fleet.check({ mode: asked === "nothing" ? undefined : asked });

      expect(report.run.mode).toBe(mode);
      expect(report.heals).toMatchObject([{ status: "healed" }]);
    },
  );

  it("tells a person's steps in every mode", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps", "mac"], mode: "observe" });
    fleet.holds("mac", "AUTH", canary("made up"));

    const report = await fleet.check();

    expect(holderIn(report, "mac").remedy).toMatchObject({ kind: "by-hand", steps: expect.any(Array) });
  });
});

describe("a run of a fleet in sync", () => {
  it("writes nothing, although it may", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"], mode: "fix" });

    const report = await fleet.check();

    expect(report).toMatchObject({ status: "in-sync", heals: [] });
    expect(fleet.mutations()).toEqual([]);
  });

  it("tells who ran it, when, and with which key", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });

    const { run } = await fleet.check({ id: "run-7", trigger: "manual" });

    expect(run).toEqual({
      id: "run-7",
      trigger: "manual",
      mode: "fix",
      startedAt: "2026-08-01T00:00:00Z",
      durationMs: 0,
      publicKey: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    });
  });
});

describe("a run that cannot read the truth", () => {
  it("fails where it can read none at all, and does nothing", async () => {
    const fleet = await openSmallFleet({ secrets: ["AUTH", "TOKEN"], hosts: ["vps"] });
    for (const name of ["AUTH", "TOKEN"]) fleet.aws.secrets.deny(`prod/${name}`);

    const report = await fleet.check();

    expect(report.status).toBe("failed");
    expect(fleet.mutations()).toEqual([]);
  });

  it("only leaves the rows of a secret unknown that cannot be read, and repairs the rest", async () => {
    const fleet = await openSmallFleet({ secrets: ["AUTH", "TOKEN"], hosts: ["vps"] });
    await fleet.rotate("AUTH");
    fleet.aws.secrets.deny("prod/TOKEN");

    const report = await fleet.check();

    expect(report.status).toBe("unknown");
    expect(holderIn(report, "api", "TOKEN").verdict).toMatchObject({ kind: "unknown", because: "truth" });
    expect(holderIn(report, "vps", "AUTH").verdict.kind).toBe("in-sync");
    expect(report.heals).toMatchObject([{ secrets: ["AUTH"], status: "healed" }]);
  });
});
