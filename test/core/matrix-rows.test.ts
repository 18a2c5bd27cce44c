import { describe, expect, it } from "vitest";
import { listedRows, matrixRows } from "../../functions/core/matrix-rows.ts";
import type { EnvironmentReport, VerdictReport } from "../../functions/core/report.ts";

const verdicts = {
  good: { kind: "in-sync", versionId: "v" },
  warn: { kind: "unknown", because: "timeout", detail: "" },
  bad: { kind: "unset" },
} as const satisfies Record<string, VerdictReport>;

/** So many environments of each, by what they hold. */
function fleetOf(counts: Partial<Record<keyof typeof verdicts, number>>): readonly EnvironmentReport[] {
  return Object.entries(counts).flatMap(([tone, count]) =>
    Array.from({ length: count }, (_, index) => ({
      name: `${tone}-${index}`,
      secrets: [
        { name: "AUTH", verdict: verdicts[tone as keyof typeof verdicts], remedy: { kind: "none" as const } },
      ],
      capabilities: [],
    })),
  );
}

describe("the rows of a matrix", () => {
  it("are as bad as the worst that an environment holds", () => {
    expect(matrixRows(fleetOf({ good: 1, warn: 1, bad: 1 })).map(({ tone }) => tone)).toEqual([
      ...["good", "warn", "bad"],
    ]);
  });

  it.each([
    ["all, where they can be read", { good: 38, warn: 1, bad: 1 }, 40],
    ["what is not right, where there are many", { good: 39, warn: 1, bad: 1 }, 2],
    ["what is wrong, where even that is too many", { warn: 40, bad: 3 }, 3],
    ["what is wrong, however many", { bad: 50 }, 50],
  ])("list %s", (_what, counts, listed) => {
    expect(listedRows(matrixRows(fleetOf(counts)))).toHaveLength(listed);
  });
});
