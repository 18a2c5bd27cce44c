import { describe, expect, it } from "vitest";
import { executionName } from "../../functions/check/execution-name.ts";
import type { HealOrder } from "../../functions/core/ports.ts";

const api = { environment: "api", secret: "AUTH", versionId: "v2" };
const worker = { environment: "worker", secret: "AUTH", versionId: "v2" };
const noonMs = Date.parse("2026-11-22T12:00:00Z");

function order(...targets: HealOrder["targets"]): HealOrder {
  return { run: { id: "run-1", trigger: "schedule" }, targets };
}

const name = executionName(order(api, worker), ["d1", "d2"], noonMs);

describe("the name of an execution", () => {
  it("is one that Lambda takes", () => {
    expect(name).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ["the order of targets and deployments", order(worker, api), ["d2", "d1"], noonMs],
    [
      "the run that orders it",
      { ...order(api, worker), run: { id: "run-2", trigger: "label" } },
      ["d1", "d2"],
      noonMs,
    ],
    ["the hour", order(api, worker), ["d1", "d2"], noonMs + 3_600_000],
  ] as const)("does not depend on %s", (_what, ordered, servingIds, nowMs) => {
    expect(executionName(ordered, servingIds, nowMs)).toBe(name);
  });

  it.each([
    ["a target", order(api), ["d1", "d2"], noonMs],
    ["a version", order({ ...api, versionId: "v3" }, worker), ["d1", "d2"], noonMs],
    ["a serving deployment", order(api, worker), ["d1", "d3"], noonMs],
    ["the day (UTC)", order(api, worker), ["d1", "d2"], noonMs + 86_400_000],
    [
      "where one name ends and the next begins",
      order({ ...api, environment: "apiA", secret: "UTH" }, worker),
      ["d1", "d2"],
      noonMs,
    ],
    [
      "person's call",
      { ...order(api, worker), run: { id: "run-2", trigger: "manual" } },
      ["d1", "d2"],
      noonMs,
    ],
  ] as const)("is another for another %s", (_what, ordered, servingIds, nowMs) => {
    expect(executionName(ordered, servingIds, nowMs)).not.toBe(name);
  });
});
