import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { durationMs, durationPattern, durationWords } from "../../functions/core/duration.ts";
import { dayOf, epochMs, isoTime } from "../../functions/core/time.ts";

describe("a time", () => {
  it.each([
    [0, "1970-01-01T00:00:00Z"],
    [1_795_341_600_000, "2026-11-22T10:00:00Z"],
    [1_795_341_600_999, "2026-11-22T10:00:00Z"],
    [-1, "1969-12-31T23:59:59Z"],
    [8_640_000_000_000_000, "+275760-09-13T00:00:00Z"],
    [-8_640_000_000_000_000, "-271821-04-20T00:00:00Z"],
  ])("of %i ms is written %s", (epochMs, text) => {
    expect(isoTime(epochMs)).toBe(text);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 8_640_000_000_000_001])(
    "that is on no calendar (%d) is unknown",
    (epochMs) => {
      expect(isoTime(epochMs)).toBe("unknown");
    },
  );

  it("is read back to the second", () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        expect(Date.parse(isoTime(date.getTime()))).toBe(Math.floor(date.getTime() / 1_000) * 1_000);
      }),
    );
  });
});

describe("a duration", () => {
  it.each([
    ["0s", 0],
    ["30s", 30_000],
    ["15m", 900_000],
    ["6h", 21_600_000],
    ["30d", 2_592_000_000],
  ])("%s lasts %i ms", (text, ms) => {
    expect([durationPattern.test(text), durationMs(text)]).toEqual([true, ms]);
  });

  it.each(["", "s", "1", "1.5h", "-1h", "1 h", "1w", "1h30m", "1h\n", "1H"])("is not %j", (text) => {
    expect(durationPattern.test(text)).toBe(false);
  });

  it.each([
    [0, "0 ms"],
    [999, "999 ms"],
    [1_000, "1.0 s"],
    [9_949, "9.9 s"],
    [10_000, "10 s"],
    [45_400, "45 s"],
    [60_000, "1 min"],
    [180_000, "3 min"],
    [3_600_000, "1 h"],
    [7_500_000, "2 h 5 min"],
    [7_199_999, "2 h"],
    [172_799_999, "48 h"],
    [172_800_000, "2 days"],
    [345_600_000, "4 days"],
  ])("of %i ms is %s in words", (ms, words) => {
    expect(durationWords(ms)).toBe(words);
  });
});

describe("a time that is read", () => {
  it("is the instant that was written", () => {
    expect(epochMs("2026-11-22T10:00:00Z")).toBe(Date.UTC(2026, 10, 22, 10));
    expect(isoTime(epochMs("2026-11-22T10:00:00Z"))).toBe("2026-11-22T10:00:00Z");
  });

  it("has a day, which is that in UTC", () => {
    expect(dayOf(isoTime(Date.parse("2026-11-23T00:59:59+01:00")))).toBe("2026-11-22");
    expect(dayOf("2026-11-23T00:00:00Z")).toBe("2026-11-23");
  });

  it("is none where no time was written", () => {
    expect(epochMs("yesterday")).toBeNaN();
  });
});
