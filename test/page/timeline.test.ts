import { describe, expect, it } from "vitest";
import { timelineOf } from "../../functions/page/timeline.ts";
import { firstRunMs, hourMs, runsOf, threeDays } from "./runs.ts";

const vps = { environment: "vps", secret: "AUTH" };
const endOf = (index: number) => firstRunMs + 2 * index * hourMs + 1_200;

describe("the timeline of the last runs", () => {
  it("is none without runs", () => {
    expect(timelineOf([])).toBeUndefined();
  });

  it("has nobody in it where nothing was wrong", () => {
    expect(timelineOf(runsOf(3, () => []))).toMatchObject({
      ...{ fromMs: firstRunMs, untilMs: endOf(2), holders: [] },
    });
  });

  it("makes one spell of runs in a row, until the first that found it right", () => {
    const runs = runsOf(6, (index) => (index >= 1 && index <= 3 ? [{ ...vps, verdict: "unset" }] : []));

    expect(timelineOf(runs)?.holders).toEqual([
      { ...vps, spells: [{ fromMs: firstRunMs + 2 * hourMs, untilMs: endOf(4), verdicts: ["unset"] }] },
    ]);
  });

  it("leaves a spell open that the last run still saw", () => {
    const [holder] = timelineOf(runsOf(2, () => [{ ...vps, verdict: "unset" }]))?.holders ?? [];

    expect(holder?.spells).toEqual([{ fromMs: firstRunMs, verdicts: ["unset"] }]);
  });

  it("tells the verdicts of a spell in their order", () => {
    const kinds = ["unset", "unset", "behind", "unset"];
    const [holder] =
      timelineOf(runsOf(4, (index) => [{ ...vps, verdict: kinds[index] ?? "" }]))?.holders ?? [];

    expect(holder?.spells).toMatchObject([{ verdicts: ["unset", "behind", "unset"] }]);
  });

  it("begins a spell when it is remembered to have begun, also before the first run", () => {
    const sinceMs = firstRunMs - hourMs;
    const [holder] = timelineOf(runsOf(2, () => [{ ...vps, verdict: "unset", sinceMs }]))?.holders ?? [];

    expect(holder?.spells).toMatchObject([{ fromMs: sinceMs }]);
  });

  it("has who is wrong now first, then who was wrong last", () => {
    const names = timelineOf([
      ...runsOf(3, (index) =>
        index < 2
          ? [{ ...vps, secret: ["OLD", "NEWER"][index] ?? "", verdict: "unset" }]
          : [{ ...vps, secret: "NOW", verdict: "unset" }],
      ),
    ])?.holders.map(({ secret }) => secret);

    expect(names).toEqual(["NOW", "NEWER", "OLD"]);
  });

  it("tells two spells of one holder apart", () => {
    const holders = timelineOf(threeDays)?.holders ?? [];

    expect(holders.map(({ environment, spells }) => [environment, spells.length])).toEqual([
      ["vps", 2],
      ["railway-production", 1],
    ]);
  });
});
