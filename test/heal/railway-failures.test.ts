import { describe, expect, it } from "vitest";
import { canary } from "../canaries.ts";
import { holderIn, openSmallFleet, type SmallFleet, type SmallFleetOptions } from "./small-fleet.ts";

async function openDrifted(options: SmallFleetOptions = {}): Promise<SmallFleet> {
  const fleet = await openSmallFleet({ hosts: ["vps"], ...options });
  await fleet.rotate("AUTH");
  return fleet;
}

const upsert = { operation: "variableCollectionUpsert" } as const;
const redeploy = { operation: "deploymentRedeploy" } as const;

describe("a write that Railway does not carry out", () => {
  it("fails the heal where Railway said yes, and nothing is redeployed", async () => {
    const fleet = await openDrifted();
    fleet.railway.plant({ kind: "ignored-write", ...upsert });

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "failed", reason: "not-written" }]);
    expect(fleet.mutations()).toEqual(["variableCollectionUpsert"]);
  });

  it.each([
    ["railway-throttled", { kind: "rate-limited", retryAfterSeconds: 60 }],
    ["railway-not-authorized", { kind: "not-authorized", echoValueInError: true }],
    ["railway-refused", { kind: "problem", echoValueInError: true }],
    ["railway-unreachable", { kind: "cut-off", when: "before" }],
    ["railway-unreachable", { kind: "cut-off", when: "after" }],
    ["railway-unreachable", { kind: "unavailable", status: 503 }],
  ] as const)("fails with %s, and is not sent again", async (reason, fault) => {
    const fleet = await openDrifted();
    fleet.railway.plant({ ...fault, ...upsert });

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "failed", reason }]);
    expect(fleet.mutations()).toEqual(["variableCollectionUpsert"]);
  });

  it("is judged anew by the next run", async () => {
    const fleet = await openDrifted();
    fleet.railway.plant({ kind: "cut-off", when: "after", ...upsert });
    await fleet.check();

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed", was: [{ action: "redeploy" }] }]);
  });
});

describe("a write that cannot be read back", () => {
  it("is not said to read back otherwise, and nothing is redeployed", async () => {
    const fleet = await openDrifted();
    const world = fleet.world();
    let isWritten = false;
    const railway: typeof world.railway = {
      ...world.railway,
      setVariables: async (...order) => {
        await world.railway.setVariables(...order);
        isWritten = true;
      },
      observe: async (...place) =>
        isWritten
          ? { kind: "unseen", code: "railway-throttled", detail: "planted" }
          : world.railway.observe(...place),
    };

    const report = await fleet.check({}, { world: { ...world, railway } });

    expect(report.heals).toMatchObject([{ status: "failed", reason: "unproven" }]);
    expect(fleet.mutations()).toEqual(["variableCollectionUpsert"]);
  });

  it("is no quiet repair where the variable was sealed meanwhile: no new process will prove it", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });
    fleet.railway.humanSets("api", "AUTH", fleet.remember(canary("wrong")), { deploy: false });
    const world = fleet.world();
    const railway: typeof world.railway = {
      ...world.railway,
      setVariables: async () => fleet.railway.seal("api", "AUTH"),
    };

    const report = await fleet.check({}, { world: { ...world, railway } });

    expect(report.heals).toMatchObject([{ status: "failed", was: [{ action: "set-quietly" }] }]);
  });
});

describe("a write that does not show at once", () => {
  it("is read back until it does", async () => {
    const fleet = await openDrifted();
    const world = fleet.world();
    const railway = {
      ...world.railway,
      setVariables: async (...order: Parameters<typeof world.railway.setVariables>) => {
        await world.railway.setVariables(...order);
        fleet.railway.plant({ kind: "unavailable", status: 503, operation: "variables", times: 3 });
      },
    };

    const report = await fleet.check({}, { world: { ...world, railway } });

    expect(report.heals).toMatchObject([{ status: "healed" }]);
  });
});

describe("a redeploy that Railway does not carry out", () => {
  it.each([
    ["railway-throttled", { kind: "deploy-rate-limit" }],
    ["railway-not-authorized", { kind: "not-authorized" }],
    ["railway-unreachable", { kind: "cut-off", when: "before" }],
    ["railway-unreachable", { kind: "cut-off", when: "after" }],
  ] as const)("fails with %s, and is not sent again", async (reason, fault) => {
    const fleet = await openDrifted();
    fleet.railway.plant({ ...fault, ...redeploy });

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "failed", reason }]);
    expect(fleet.mutations()).toEqual(["variableCollectionUpsert", "deploymentRedeploy"]);
  });

  it("is not followed by a second one while the first is under way", async () => {
    const fleet = await openDrifted();
    fleet.railway.plant({ kind: "cut-off", when: "after", ...redeploy });
    await fleet.check();

    const report = await fleet.check();

    expect(holderIn(report, "api").remedy).toMatchObject({
      kind: "withheld",
      withheld: { reason: "deploying" },
    });
    expect(fleet.calls("deploymentRedeploy")).toBe(1);
  });
});

describe("a Railway that cannot be used", () => {
  it("is not written to with the token of another environment", async () => {
    const fleet = await openDrifted({ tokenFits: false });

    const report = await fleet.check();

    expect(holderIn(report, "api").remedy).toMatchObject({ withheld: { reason: "wrong-token" } });
    expect(report.heals).toEqual([]);
    expect(fleet.mutations()).toEqual([]);
  });

  it("leaves the rest of the report whole where it cannot be read", async () => {
    const fleet = await openDrifted();
    fleet.railway.plant({ kind: "unavailable", status: 503, times: "always" });

    const report = await fleet.check();

    expect(holderIn(report, "api")).toMatchObject({
      verdict: { kind: "behind" },
      stored: { kind: "unknown" },
    });
    expect(holderIn(report, "vps").verdict.kind).toBe("in-sync");
    expect(fleet.mutations()).toEqual([]);
  });

  it("is not written to where no deployment of the service takes requests", async () => {
    const fleet = await openDrifted();
    const world = fleet.world();
    const railway = {
      ...world.railway,
      observe: async (...question: Parameters<typeof world.railway.observe>) => {
        const state = await world.railway.observe(...question);
        if (state.kind !== "seen") return state;
        const { serving: _none, ...withoutServing } = state;
        return withoutServing;
      },
    };

    const report = await fleet.check({}, { world: { ...world, railway } });

    expect(report.heals).toMatchObject([{ status: "failed", reason: "not-redeployable" }]);
    expect(fleet.mutations()).toEqual([]);
  });

  it("does not take the run down with a fault that nobody thought of", async () => {
    const fleet = await openDrifted();
    const world = fleet.world();
    const secretText = fleet.remember(canary("unknown error"));
    const railway = { ...world.railway, setVariables: () => Promise.reject(new Error(secretText)) };

    const report = await fleet.check({}, { world: { ...world, railway } });

    expect(report.heals).toMatchObject([{ status: "failed", reason: "run-failed" }]);
  });
});
