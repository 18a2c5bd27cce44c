import { describe, expect, it } from "vitest";
import type { HealReport, HolderReport, Report, VerdictReport } from "../../functions/core/report.ts";
import { summaryOf } from "../../functions/core/summary.ts";
import { afterHeal, allWell, incident, storedOnly } from "../command-line/reports.ts";

const acts = "Somebody has to act: see below.";
const rests = "Nobody has to do anything.";

function holding(verdict: VerdictReport, more: Partial<HolderReport> = {}): Report {
  const holder: HolderReport = {
    name: "AUTH",
    verdict,
    cause: "variable",
    remedy: { kind: "set-and-redeploy" },
    ...more,
  };
  return {
    ...allWell,
    status: "drifted",
    environments: [{ name: "vps", secrets: [holder], capabilities: [] }],
  };
}

function healing(heal: Partial<HealReport>, report: Report = allWell): Report {
  const { was = [] } = afterHeal.heals[0] ?? {};
  return { ...report, heals: [{ environment: "vps", secrets: ["AUTH"], status: "healed", was, ...heal }] };
}

const unset: VerdictReport = { kind: "unset" };
const quiet = [
  { secret: "AUTH", verdict: { kind: "in-sync", versionId: "v" }, action: "set-quietly" },
] as const;

describe("what a report comes to at a glance", () => {
  it.each<[string, string, Report]>([
    ["OPENCLAW_GATEWAY_TOKEN rejected (+3 more)", acts, incident],
    ["railway-production held an old INTERNAL_AUTH_SECRET - repaired, verified", rests, afterHeal],
    ["All is right", rests, allWell],
    ["Nothing seen is wrong, but not everything was seen", rests, storedOnly],
    ["the check could not read any secret from its source", acts, { ...allWell, status: "failed" }],
    ["vps holds no AUTH", acts, holding(unset)],
    ["vps holds a mangled AUTH", acts, holding({ kind: "mangled", accident: "trimmed" })],
    ["vps holds a wrong AUTH", acts, holding({ kind: "foreign" })],
    [
      "vps would start with a wrong AUTH",
      acts,
      holding({ kind: "in-sync", versionId: "v" }, { cause: "latent" }),
    ],
    ["vps: not repaired", acts, healing({ status: "failed", was: [] })],
    ["vps held a right AUTH - set, read back", rests, healing({ was: quiet })],
    ["vps: a repair was not needed any more", rests, healing({ status: "superseded" })],
    ["vps: a repair was started", rests, healing({ status: "started" })],
    ["vps holds no AUTH (+1 more)", rests, healing({ status: "started" }, holding(unset))],
    [
      "vps holds no AUTH (+1 more)",
      rests,
      healing({ status: "withheld", reason: "in-flight" }, holding(unset)),
    ],
    ["vps holds no AUTH (+1 more)", acts, healing({ status: "withheld", reason: "canary" }, holding(unset))],
  ])("is: %s. %s", (what, act, report) => {
    expect(summaryOf(report)).toEqual({ what, act, forPerson: act === acts });
  });

  it("leaves to nobody what ends by itself", () => {
    const withheld = { reason: "deploying", wouldBe: "redeploy" } as const;

    expect(summaryOf(holding(unset, { remedy: { kind: "withheld", withheld } })).act).toBe(rests);
  });

  it("counts no refusal that something else explains", () => {
    const denied = { name: "nudge", status: "denied", dependsOn: ["AUTH"] } as const;
    const withNudge = (report: Report): Report => ({
      ...report,
      environments: report.environments.map((one) => ({ ...one, capabilities: [denied] })),
    });

    expect(summaryOf(withNudge(holding(unset))).what).toBe("vps holds no AUTH");
    expect(summaryOf(withNudge({ ...allWell, environments: allWell.environments.slice(0, 1) })).what).toBe(
      "railway-production refuses nudge",
    );
  });
});
