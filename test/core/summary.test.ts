import { describe, expect, it } from "vitest";
import type { HealReport, HolderReport, Report, VerdictReport } from "../../functions/core/report.ts";
import { summaryOf } from "../../functions/core/summary.ts";
import { afterHeal, allWell, incident, storedOnly } from "../command-line/reports.ts";

const acts = "Somebody has to act.";
const rests = "Nothing to do.";

function holding(verdict: VerdictReport, more: Partial<HolderReport> = {}): Report {
  const remedy = { kind: "set-and-redeploy" } as const;
  return withHolder({ name: "AUTH", verdict, cause: "variable", remedy, ...more });
}

function withHolder(holder: HolderReport): Report {
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

const inSync = { kind: "in-sync", versionId: "v" } as const;
const right: Report = {
  ...withHolder({ name: "AUTH", verdict: inSync, remedy: { kind: "none" } }),
  status: "in-sync",
};

describe("what a report comes to at a glance", () => {
  it.each<[string, string, Report]>([
    ["OPENCLAW_GATEWAY_TOKEN is rejected (+3 more)", acts, incident],
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
    ["vps holds no AUTH - not repaired", acts, healing({ status: "failed", was: [] }, holding(unset))],
    ["vps stored a wrong AUTH - set, read back", rests, healing({ was: quiet }, right)],
    [
      "vps held an unproven AUTH - repaired, by its snapshot",
      rests,
      healing({ evidence: "snapshot", was: [] }, right),
    ],
    ["All is right", rests, healing({ status: "superseded" }, right)],
    ["vps holds no AUTH", rests, healing({ status: "started" }, holding(unset))],
    ["vps holds no AUTH", rests, healing({ status: "withheld", reason: "in-flight" }, holding(unset))],
    ["vps holds no AUTH", acts, healing({ status: "withheld", reason: "canary" }, holding(unset))],
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
