import { describe, expect, it } from "vitest";
import { type Matter, mattersOf } from "../../functions/core/matters.ts";
import type { HolderReport, Report } from "../../functions/core/report.ts";
import { behind, heal, holder, report } from "./reports.ts";
import { dayMs, hourMs } from "./telling.ts";

const patience = { sourceMs: dayMs, environmentMs: (name: string) => (name === "app" ? hourMs : dayMs) };
const wrong = holder({ verdict: behind, cause: "variable", remedy: { kind: "set-and-redeploy" } });

/** What is not simply right. */
function notable(what: Report): readonly Matter[] {
  return mattersOf(what, patience).filter(({ seen }) => seen !== "right");
}

function ofHolder(one: HolderReport, but: Parameters<typeof report>[0] = {}): Matter | undefined {
  return mattersOf(report({ ...but, holders: [one] }), patience).find(({ about }) => about.kind === "holder");
}

describe("the matters of a report", () => {
  it("are all right where all is well", () => {
    const matters = mattersOf(
      report({ capabilities: [{ name: "nudge", status: "works", dependsOn: [] }] }),
      patience,
    );

    expect(matters.map(({ about, seen }) => `${about.kind} ${seen}`)).toEqual([
      "run right",
      "unread right",
      "secret right",
      "source right",
      "holder right",
      "unseen right",
      "capability right",
    ]);
  });

  it("have keys of their own", () => {
    const matters = mattersOf(report({ holders: [wrong, holder({ name: "OTHER" })] }), patience);

    expect(new Set(matters.map(({ key }) => key)).size).toBe(matters.length);
  });

  it("are a run that failed, and what it could not read, which waits", () => {
    const unread = [{ name: "API_TOKEN", truth: "unknown", detail: "no such secret" }] as const;

    expect(notable(report({ status: "failed", secrets: unread }))).toMatchObject([
      { about: { kind: "run" }, as: "failed" },
      { about: { kind: "unread" }, as: "unread", patienceMs: dayMs },
    ]);
  });
});

describe("a secret", () => {
  it.each(["expired", "rejected", "verifier-unseen", "placeholder"] as const)(
    "that is %s is told of",
    (truth) => {
      const secrets = [{ name: "API_TOKEN", truth, detail: "so it is", version: { id: "v1" } }] as const;
      const [matter] = notable(report({ secrets }));

      expect(matter).toMatchObject({ as: "truth", what: JSON.stringify([truth, "v1"]) });
      expect(matter).not.toHaveProperty("isToldOnce");
    },
  );

  it("that will expire is told of once", () => {
    expect(notable(report({ secrets: [{ name: "API_TOKEN", truth: "expiring" }] }))).toMatchObject([
      { as: "truth", isToldOnce: true },
    ]);
  });

  it.each(["valid", "weak"] as const)("that is %s is not", (truth) => {
    expect(notable(report({ secrets: [{ name: "API_TOKEN", truth }] }))).toEqual([]);
  });

  it("whose source is suspected is told of as that, but for a placeholder, which says it already", () => {
    const suspect = (truth: "valid" | "placeholder") =>
      notable(report({ secrets: [{ name: "API_TOKEN", truth, detail: "a twin" }] })).map(
        (one) => one.about.kind,
      );

    expect(suspect("valid")).toEqual(["source"]);
    expect(suspect("placeholder")).toEqual(["secret"]);
  });
});

describe("a holder", () => {
  it("is wrong since it was noticed, and as much as is known", () => {
    expect(ofHolder({ ...wrong, since: "2026-11-22T09:00:00Z" })).toMatchObject({
      ...{ seen: "wrong", as: "drift", what: "behind", cause: "variable" },
      sinceMs: Date.parse("2026-11-22T09:00:00Z"),
    });
  });

  it.each([
    ["by hand", { kind: "by-hand", steps: [] }, "by-hand"],
    ["a fight", { kind: "withheld", withheld: { reason: "fighting", wouldBe: "redeploy" } }, "fighting"],
    ["a cool-down", { kind: "withheld", withheld: { reason: "cooldown", wouldBe: "redeploy" } }, undefined],
    ["a repair", { kind: "redeploy" }, undefined],
  ] as const)("stays wrong for %s, where that lasts", (_what, remedy, why) => {
    expect(Object(ofHolder({ ...wrong, remedy })).why).toBe(why);
  });

  it("has no cause where that is not known just now", () => {
    expect(ofHolder({ ...wrong, cause: "undetermined" })).not.toHaveProperty("cause");
  });

  it("is not repaired where the repair did not come to its proof, whatever is seen", () => {
    const failed = heal({ status: "failed", reason: "deployment-failed" });
    const late = heal({ status: "timed-out" });

    expect(ofHolder(wrong, { heals: [failed] })).toMatchObject({
      as: "not-repaired",
      why: "deployment-failed",
    });
    expect(ofHolder(holder(), { heals: [late] })).toMatchObject({ as: "not-repaired", why: "timed-out" });
    expect(ofHolder(holder(), { heals: [late] })).not.toHaveProperty("what");
  });

  it("keeps the reason of a repair that was withheld", () => {
    const withheld = heal({ status: "withheld", reason: "wrong-token" });

    expect(ofHolder(wrong, { heals: [withheld] })).toMatchObject({ as: "drift", why: "wrong-token" });
  });

  it("is mended where it was, unless it is wrong again already", () => {
    expect(ofHolder(holder(), { heals: [heal()] })).toMatchObject({ seen: "mended" });
    expect(ofHolder(wrong, { heals: [heal()] })).toMatchObject({ seen: "wrong" });
    expect(ofHolder(holder({ name: "OTHER" }), { heals: [heal()] })).toMatchObject({ seen: "right" });
  });

  it("is busy while somebody mends it", () => {
    const inFlight = { kind: "withheld", withheld: { reason: "in-flight", wouldBe: "redeploy" } } as const;

    expect(ofHolder(wrong, { heals: [heal({ status: "started" })] })).toMatchObject({
      seen: "busy",
      ours: true,
    });
    expect(ofHolder({ ...wrong, remedy: inFlight })).toMatchObject({ seen: "busy", ours: false });
    expect(ofHolder(wrong, { heals: [heal({ status: "withheld", reason: "in-flight" })] })).toMatchObject({
      seen: "busy",
    });
  });

  it("that could not be seen says nothing but that, and only after a while", () => {
    const unseen = holder({ verdict: { kind: "unknown", because: "unreachable", detail: "gone" } });

    expect(ofHolder(unseen)).toBeUndefined();
    expect(notable(report({ holders: [unseen] }))).toMatchObject([{ as: "unseen", patienceMs: hourMs }]);
  });

  it("that could not be judged for want of its source is the source's matter", () => {
    const unjudged = holder({ verdict: { kind: "unknown", because: "truth", detail: "not read" } });

    expect(notable(report({ holders: [unjudged] }))).toEqual([]);
  });

  it("is in sync where everybody is refused: that is the secret's matter", () => {
    expect(ofHolder(holder({ cause: "rejected", remedy: { kind: "by-hand", steps: [] } }))).toMatchObject({
      seen: "right",
    });
  });
});

describe("a capability", () => {
  const denied = { name: "nudge", status: "denied", dependsOn: ["API_TOKEN"], httpStatus: 401 } as const;

  it("that is refused for nothing that is told is told of itself", () => {
    expect(notable(report({ capabilities: [denied] }))).toMatchObject([{ as: "refused" }]);
  });

  it("that is refused for what is told is what that breaks", () => {
    const expired = [{ name: "API_TOKEN", truth: "expired" }] as const;

    expect(notable(report({ capabilities: [denied], holders: [wrong] }))).toMatchObject([
      { as: "drift", broke: ["nudge on app"] },
    ]);
    expect(
      notable(report({ capabilities: [denied], secrets: expired })).map(({ about }) => about.kind),
    ).toEqual(["secret"]);
  });

  it.each(["broken", "unknown"] as const)("that is %s says nothing", (status) => {
    const matters = mattersOf(report({ capabilities: [{ ...denied, status }] }), patience);

    expect(matters.filter(({ about }) => about.kind === "capability")).toEqual([]);
  });
});
