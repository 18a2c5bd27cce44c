import { describe, expect, it } from "vitest";
import type { Report } from "../../functions/core/report.ts";
import { canary } from "../canaries.ts";
import { openSmallFleet, type SmallFleet } from "./small-fleet.ts";

/** Two secrets, a service and a host that both verify AUTH, and calls that need nothing. */
async function openCapable(): Promise<SmallFleet> {
  return openSmallFleet({
    secrets: ["AUTH", "TOKEN"],
    hosts: ["vps"],
    entries: ({ originOf }) => ({
      api: {
        capabilities: {
          nudge: { url: `${originOf("api")}/needs/AUTH`, header: { "X-Secret": "AUTH" } },
          skills: { url: `${originOf("api")}/skills` },
          remote: { url: `${originOf("vps")}/needs/AUTH`, header: { "X-Secret": "AUTH" }, verifier: "vps" },
        },
      },
    }),
  });
}

function statusesIn({ environments }: Report): Record<string, string> {
  const all = environments.flatMap(({ capabilities }) => capabilities);
  return Object.fromEntries(all.map(({ name, status }) => [name, status]));
}

describe("capabilities", () => {
  it("are tried once in a run that repairs nothing", async () => {
    const fleet = await openCapable();

    const report = await fleet.check();

    expect(statusesIn(report)).toEqual({ nudge: "works", skills: "works", remote: "works" });
    expect([
      fleet.asked("api", "/needs/AUTH"),
      fleet.asked("api", "/skills"),
      fleet.asked("vps", "/needs/AUTH"),
    ]).toEqual([1, 1, 1]);
  });

  it("that a repaired environment verifies are tried again, and others are not", async () => {
    const fleet = await openCapable();
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(statusesIn(report)).toEqual({ nudge: "works", skills: "works", remote: "works" });
    expect([
      fleet.asked("api", "/needs/AUTH"),
      fleet.asked("api", "/skills"),
      fleet.asked("vps", "/needs/AUTH"),
    ]).toEqual([2, 2, 1]);
  });

  it("keep what was seen of them where they are not tried again", async () => {
    const fleet = await openCapable();
    await fleet.rotate("AUTH");
    fleet.holds("vps", "AUTH", canary("mistake"));

    const report = await fleet.check();

    expect(statusesIn(report)).toMatchObject({ nudge: "works", remote: "denied" });
  });

  it.each([
    ["was withheld", (fleet: SmallFleet) => fleet.railway.humanSets("api", "SOMETHING", "else")],
    ["was superseded", (fleet: SmallFleet) => void fleet.putTruth("AUTH", fleet.stored("api")["AUTH"])],
  ])("are not tried again after a heal that %s, for no process is new", async (_case, change) => {
    const fleet = await openCapable();
    await fleet.rotate("AUTH");
    fleet.atStep("judging", () => change(fleet));

    await fleet.check();

    expect(fleet.asked("api", "/needs/AUTH")).toBe(1);
  });

  it("are not tried again after a deployment that failed, for no process is new", async () => {
    const fleet = await openCapable();
    await fleet.rotate("AUTH");
    fleet.railway.plant({ kind: "deployment", fate: "fails-healthcheck" });

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "failed" }]);
    expect(fleet.asked("api", "/needs/AUTH")).toBe(1);
  });

  it("are not tried again after a quiet write, for no process is new", async () => {
    const fleet = await openCapable();
    await fleet.humanSets("api", "AUTH", canary("typing error"), false);

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "healed" }]);
    expect(fleet.asked("api", "/needs/AUTH")).toBe(1);
  });

  it("are tried again after a proof that failed, for the processes are new", async () => {
    const fleet = await openCapable();
    fleet.overrides.set("AUTH", fleet.remember(canary("configuration file")));
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(report.heals).toMatchObject([{ status: "failed", reason: "verification-failed" }]);
    expect(fleet.asked("api", "/needs/AUTH")).toBe(2);
  });

  it("are not tried without the value that they need", async () => {
    const fleet = await openCapable();
    fleet.aws.secrets.deny("prod/AUTH");

    const report = await fleet.check();

    expect(statusesIn(report)).toEqual({ nudge: "unknown", skills: "works", remote: "unknown" });
    expect(fleet.asked("api", "/needs/AUTH") + fleet.asked("vps", "/needs/AUTH")).toBe(0);
  });
});
