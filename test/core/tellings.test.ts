import { describe, expect, it } from "vitest";
import { limits } from "../../functions/core/limits.ts";
import { mattersOf } from "../../functions/core/matters.ts";
import type { HolderReport, Report } from "../../functions/core/report.ts";
import { reckon } from "../../functions/core/tellings.ts";
import { isoTime } from "../../functions/core/time.ts";
import { behind, heal, holder, report } from "./reports.ts";
import { dayMs, hourMs, patience, Teller } from "./telling.ts";

const startMs = Date.UTC(2026, 10, 22, 6);
const wrong = holder({ verdict: behind, cause: "variable", remedy: { kind: "set-and-redeploy" } });
const gone = holder({ verdict: { kind: "unknown", because: "unreachable", detail: "gone" } });
const withheldFor = (reason: "cooldown" | "fighting" | "mode" | "in-flight") =>
  holder({ ...wrong, remedy: { kind: "withheld", withheld: { reason, wouldBe: "set-and-redeploy" } } });

/** A report, so many hours after the start. */
function at(hours: number, but: Parameters<typeof report>[0] = {}): Report {
  const startedAt = isoTime(startMs + hours * hourMs);
  return report({ ...but, run: { id: `run at ${hours}`, startedAt } });
}

const seen = (hours: number, ...holders: readonly HolderReport[]) => at(hours, { holders });

describe("what is wrong", () => {
  it("is told when it comes, once, and when it is over, with how long it was", () => {
    const teller = new Teller();

    expect(teller.kinds(seen(0, wrong))).toEqual(["drift"]);
    expect(teller.reckon(seen(6, wrong))).toEqual({ tellings: [], quiet: [] });
    expect(teller.reckon(seen(12, holder())).tellings).toMatchObject([
      { kind: "resolved", sinceMs: startMs },
    ]);
    expect(teller.reckon(seen(18, holder()))).toEqual({ tellings: [], quiet: [] });
  });

  it("is told again after the time for a reminder, and only then", () => {
    const teller = new Teller();
    teller.kinds(seen(0, wrong));

    expect([23, 24, 47, 48].map((hours) => teller.kinds(seen(hours, wrong)))).toEqual([
      [],
      ["reminder"],
      [],
      ["reminder"],
    ]);
  });

  it.each([
    ["the verdict", holder({ ...wrong, verdict: { kind: "foreign" } })],
    ["the cause", holder({ ...wrong, cause: "rollback" })],
    ["what keeps it so", withheldFor("fighting")],
  ])("is told again where %s changes", (_what, other) => {
    const teller = new Teller();
    teller.kinds(seen(0, wrong));

    expect(teller.kinds(seen(6, other))).toEqual(["changed"]);
    expect(teller.kinds(seen(12, other))).toEqual([]);
  });

  it("is not where the cause is not known for once, or what holds it back passes", () => {
    const teller = new Teller();
    teller.kinds(seen(0, wrong));

    expect(teller.kinds(seen(6, holder({ ...wrong, cause: "undetermined" })))).toEqual([]);
    expect(teller.kinds(seen(7, withheldFor("cooldown")))).toEqual([]);
    expect(teller.kinds(seen(8, wrong))).toEqual([]);
  });

  it("is not over because it cannot be seen", () => {
    const teller = new Teller();
    teller.kinds(seen(0, wrong));

    expect([1, 2, 3].map((hours) => teller.kinds(seen(hours, gone)))).toEqual([[], [], []]);
    expect(teller.kinds(seen(4, wrong))).toEqual([]);
    expect(teller.kinds(seen(5, holder()))).toEqual(["resolved"]);
  });
});

describe("a repair", () => {
  it("is told once with what it mended, and ends what was told before", () => {
    const teller = new Teller();
    teller.kinds(seen(0, withheldFor("mode")));
    const mended = at(3, { heals: [heal()] });

    expect(teller.reckon(mended).tellings).toMatchObject([{ kind: "repaired", sinceMs: startMs }]);
    expect(teller.kinds(mended)).toEqual([]);
    expect(teller.kinds(seen(6, holder()))).toEqual([]);
  });

  it("is not told once more by who tells it again after it came undone", () => {
    const teller = new Teller();
    const mended = at(0, { heals: [heal()] });

    expect(teller.kinds(mended)).toEqual(["repaired"]);
    expect(teller.kinds(seen(6, wrong))).toEqual(["drift"]);
    expect(teller.kinds(mended)).toEqual([]);
  });

  it("of the next time is told too", () => {
    const teller = new Teller();
    teller.kinds(at(0, { heals: [heal()] }));

    expect(teller.reckon(at(30, { heals: [heal()] })).tellings).toMatchObject([
      { kind: "repaired", sinceMs: startMs + 30 * hourMs },
    ]);
  });

  it("that was begun is silent until its end, which says since when it was wrong", () => {
    const teller = new Teller();

    const started = at(0, { holders: [wrong], heals: [heal({ status: "started" })] });
    expect(teller.kinds(started)).toEqual([]);
    expect(teller.kinds(seen(1, withheldFor("in-flight")))).toEqual([]);
    expect(teller.reckon(at(2, { heals: [heal()] })).tellings).toMatchObject([
      { kind: "repaired", sinceMs: startMs },
    ]);
  });

  it("that was begun and never ended is told by who finds it so", () => {
    const teller = new Teller();
    teller.kinds(at(0, { holders: [wrong], heals: [heal({ status: "started" })] }));

    expect(teller.reckon(seen(6, wrong)).tellings).toMatchObject([{ kind: "drift", sinceMs: startMs }]);
  });

  it("that was begun and not needed is over without a word", () => {
    const teller = new Teller();
    teller.kinds(at(0, { holders: [wrong], heals: [heal({ status: "started" })] }));

    const { tellings, quiet } = teller.reckon(at(1, { heals: [heal({ status: "superseded" })] }));

    expect(tellings).toEqual([]);
    expect(quiet).toHaveLength(1);
  });

  it("that fails again and again for one reason is told once, and for another once more", () => {
    const teller = new Teller();
    const failed = (hours: number, reason: "deployment-failed" | "not-written") =>
      at(hours, { holders: [wrong], heals: [heal({ status: "failed", reason })] });

    expect(teller.kinds(failed(0, "deployment-failed"))).toEqual(["not-repaired"]);
    expect(teller.kinds(seen(1, withheldFor("cooldown")))).toEqual([]);
    expect(teller.kinds(failed(2, "deployment-failed"))).toEqual([]);
    expect(teller.kinds(failed(3, "not-written"))).toEqual(["not-repaired"]);
  });

  it("that was not proven in time is over when it is seen to be right", () => {
    const teller = new Teller();
    const late = at(0, { holders: [gone], heals: [heal({ status: "timed-out", reason: "unproven" })] });

    expect(teller.kinds(late)).toEqual(["not-repaired"]);
    expect(teller.kinds(seen(1, gone))).toEqual([]);
    expect(teller.kinds(seen(2, holder()))).toEqual(["resolved"]);
  });
});

describe("silence", () => {
  it("is told after the time that is allowed, and that it is over", () => {
    const teller = new Teller();

    expect([0, 6, 12, 18, 24, 30].map((hours) => teller.kinds(seen(hours, gone)))).toEqual([
      ...[[], [], [], []],
      ["unseen"],
      [],
    ]);
    expect(teller.reckon(seen(36, holder())).tellings).toMatchObject([
      { kind: "resolved", sinceMs: startMs },
    ]);
  });

  it("of a night is remembered when it begins and when it ends, and told to nobody", () => {
    const teller = new Teller();

    const writes = [0, 6, 12, 18].map((hours) => {
      const { tellings, quiet } = teller.reckon(seen(hours, hours < 12 ? gone : holder()));
      expect(tellings).toEqual([]);
      return quiet.length;
    });

    expect(writes).toEqual([1, 0, 1, 0]);
  });

  it("that comes back every night adds up to nothing", () => {
    const teller = new Teller();

    const told = Array.from({ length: 60 }, (_, run) =>
      teller.kinds(seen(run * 6, run % 2 === 0 ? gone : holder())),
    );

    expect(told.flat()).toEqual([]);
  });
});

describe("a secret itself", () => {
  const truth = (hours: number, state: "valid" | "expiring" | "expired", id = "v1") =>
    at(hours, { secrets: [{ name: "API_TOKEN", truth: state, version: { id } }] });

  it("is told of once before it expires, and once when it has, with reminders only then", () => {
    const teller = new Teller();

    expect([0, 24, 48].map((hours) => teller.kinds(truth(hours, "expiring")))).toEqual([["truth"], [], []]);
    expect([72, 95, 96].map((hours) => teller.kinds(truth(hours, "expired")))).toEqual([
      ["truth"],
      [],
      ["reminder"],
    ]);
    expect(teller.kinds(truth(97, "valid", "v2"))).toEqual(["resolved"]);
  });
});

describe("what goes to and fro", () => {
  /** Wrong and right in turn, every six hours. */
  function flap(teller: Teller, runs: number): readonly (readonly string[])[] {
    return Array.from({ length: runs }, (_, run) =>
      teller.kinds(seen(run * 6, run % 2 === 0 ? wrong : holder())),
    );
  }

  it("is told as flapping after a while, once, and then only when a reminder is due", () => {
    const told = flap(new Teller(), 17).flat();

    expect(told).toEqual([
      ...["drift", "resolved", "drift", "resolved", "drift", "resolved"],
      ...["flapping", "flapping", "flapping"],
    ]);
    expect(told.slice(0, limits.flapChangesMax)).not.toContain("flapping");
  });

  it("stays in the thread of the incident that it was when it began to flap", () => {
    const teller = new Teller();
    flap(teller, 5);

    const last = [seen(30, holder()), seen(36, wrong), ...[60, 84].map((hours) => seen(hours, wrong))];
    const told = last.flatMap((report) => teller.reckon(report).tellings);

    expect(told.map(({ kind }) => kind).slice(0, 2)).toEqual(["resolved", "flapping"]);
    expect(told.length).toBeGreaterThan(2);
    expect(new Set(told.map(({ incident }) => incident)).size).toBe(1);
  });

  it("is right again when it has been so for a day, with how long it flapped", () => {
    const teller = new Teller();
    flap(teller, 8);

    const calm = [48, 54, 60, 66, 72].map((hours) => teller.reckon(seen(hours, holder())).tellings);

    expect(calm.flat().map(({ kind }) => kind)).toEqual(["flapping", "resolved"]);
    expect(calm.flat().at(-1)).toMatchObject({ sinceMs: startMs });
    expect(teller.kinds(seen(90, holder()))).toEqual([]);
    expect(teller.kinds(seen(96, wrong))).toEqual(["drift"]);
  });

  it("is steady and wrong when it has been so for a day, and then like everything that is wrong", () => {
    const teller = new Teller();
    flap(teller, 7);

    const told = [42, 48, 54, 60, 66, 72, 84].map((hours) => teller.kinds(seen(hours, wrong)).join());

    expect(told).toEqual(["", "", "", "steady", "", "", "reminder"]);
    expect(teller.kinds(seen(88, holder()))).toEqual(["resolved"]);
  });

  it("stays flapping while it cannot be seen", () => {
    const teller = new Teller();
    flap(teller, 7);

    expect([42, 60, 66].map((hours) => teller.kinds(seen(hours, gone)))).toEqual([[], [], ["unseen"]]);
  });

  it("is damped where repairs do it too", () => {
    const teller = new Teller();

    const told = Array.from({ length: 9 }, (_, run) => teller.kinds(at(run, { heals: [heal()] })));

    expect(told.flat()).toEqual([...Array(6).fill("repaired"), "flapping"]);
  });

  it("stays one incident, whatever is told of it", () => {
    const teller = new Teller();
    const incidents = Array.from({ length: 11 }, (_, run) =>
      teller.reckon(seen(run * 6, run % 2 === 0 ? wrong : holder())).tellings.map(({ incident }) => incident),
    );

    expect(new Set(incidents.slice(6).flat()).size).toBe(1);
  });

  it("says nothing of an end while somebody mends it", () => {
    const teller = new Teller();
    flap(teller, 8);

    const busy = at(48, { holders: [wrong], heals: [heal({ status: "started" })] });
    expect(teller.kinds(busy)).toEqual([]);
    expect(teller.kinds(seen(49, withheldFor("in-flight")))).toEqual([]);
  });
});

describe("an incident", () => {
  it("is one for all that was found at once, until the last of it is over", () => {
    const teller = new Teller();
    const other = (one: HolderReport) => ({ ...one, name: "OTHER" });

    const found = teller.reckon(seen(0, wrong, other(wrong))).tellings;
    const one = teller.reckon(seen(6, holder(), other(wrong))).tellings;
    const rest = teller.reckon(seen(12, holder(), other(holder()))).tellings;

    expect(new Set([...found, ...one, ...rest].map(({ incident }) => incident)).size).toBe(1);
  });

  it("remembers what was refused for it", () => {
    const teller = new Teller();
    const denied = { name: "nudge", status: "denied", dependsOn: ["API_TOKEN"] } as const;
    teller.kinds(at(0, { holders: [wrong], capabilities: [denied] }));

    expect(teller.reckon(seen(1, holder())).tellings).toMatchObject([{ broke: ["nudge on app"] }]);
  });
});

describe("where it is not known what was told before", () => {
  const times = { nowMs: startMs, remindEveryMs: dayMs };
  const kinds = (what: Report) =>
    reckon(mattersOf(what, patience), undefined, times).tellings.map(({ kind }) => kind);

  it("everything wrong is told, and what was mended", () => {
    expect(kinds(seen(0, wrong))).toEqual(["drift"]);
    expect(kinds(at(0, { heals: [heal()] }))).toEqual(["repaired"]);
    expect(kinds(seen(0, withheldFor("in-flight")))).toEqual(["drift"]);
  });

  it("what this run has begun, or could not see, is not", () => {
    expect(kinds(at(0, { holders: [wrong], heals: [heal({ status: "started" })] }))).toEqual([]);
    expect(kinds(seen(0, gone))).toEqual([]);
  });
});
