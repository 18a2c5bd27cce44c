import { describe, expect, it } from "vitest";
import { newsKeys } from "../../functions/core/news.ts";
import type { Report } from "../../functions/core/report.ts";
import { behind, heal, holder, report } from "./reports.ts";
import { dayMs, nowMs } from "./world.ts";

const since = "2026-11-22T09:00:00Z";
const wrong = holder({ verdict: behind, cause: "variable", since, remedy: { kind: "set-and-redeploy" } });
const keysAt = (what: Report, atMs = nowMs) => newsKeys(what, dayMs, atMs);

describe("the news of a report", () => {
  it("are none where all is well", () => {
    expect(keysAt(report())).toEqual([]);
  });

  it("stay the same as long as what is wrong does", () => {
    const first = keysAt(report({ status: "drifted", holders: [wrong] }));
    const later = keysAt(report({ status: "drifted", holders: [wrong], run: { id: "run-2" } }), nowMs + 1);

    expect(first).toHaveLength(1);
    expect(later).toEqual(first);
  });

  it.each([
    ["the verdict", holder({ ...wrong, verdict: { kind: "foreign" } })],
    ["the cause", holder({ ...wrong, cause: "rollback" })],
    ["the remedy", holder({ ...wrong, remedy: { kind: "by-hand", steps: ["do it"] } })],
    [
      "why it is withheld",
      holder({
        ...wrong,
        remedy: { kind: "withheld", withheld: { reason: "fighting", wouldBe: "redeploy" } },
      }),
    ],
    ["since when it is so", holder({ ...wrong, since: "2026-11-22T09:30:00Z" })],
    ["the secret", holder({ ...wrong, name: "OTHER" })],
  ])("are others where %s changes", (_what, other) => {
    const before = keysAt(report({ status: "drifted", holders: [wrong] }));

    expect(keysAt(report({ status: "drifted", holders: [other] }))).not.toEqual(before);
  });

  it("come again when it is time for a reminder, and only then", () => {
    const what = report({ status: "drifted", holders: [wrong] });
    const startMs = Date.parse(since);

    expect(keysAt(what, startMs + dayMs - 1)).toEqual(keysAt(what, startMs));
    expect(keysAt(what, startMs + dayMs)).not.toEqual(keysAt(what, startMs));
    expect(keysAt(what, startMs + 2 * dayMs - 1)).toEqual(keysAt(what, startMs + dayMs));
  });

  it("are the end of a repair once for each run, and not its beginning", () => {
    const ended = keysAt(report({ heals: [heal()] }));

    expect(ended).toHaveLength(1);
    expect(keysAt(report({ heals: [heal()], run: { id: "run-2" } }))).not.toEqual(ended);
    expect(keysAt(report({ heals: [heal({ status: "started" }), heal({ status: "withheld" })] }))).toEqual(
      [],
    );
  });

  it("are a secret's own state once for each of its versions", () => {
    const expiring = (id: string) =>
      report({ secrets: [{ name: "API_TOKEN", truth: "expiring", version: { id } }] });

    expect(keysAt(expiring("v1"))).toHaveLength(1);
    expect(keysAt(expiring("v2"))).not.toEqual(keysAt(expiring("v1")));
  });

  it("are a refused call and a failed run once a day", () => {
    const refused = { name: "nudge", status: "denied", dependsOn: ["API_TOKEN"] } as const;
    const what = (startedAt: string) =>
      report({ status: "failed", capabilities: [refused], run: { startedAt, id: startedAt } });

    expect(keysAt(what("2026-11-22T01:00:00Z"))).toHaveLength(2);
    expect(keysAt(what("2026-11-22T23:00:00Z"))).toEqual(keysAt(what("2026-11-22T01:00:00Z")));
    expect(keysAt(what("2026-11-23T01:00:00Z"))).not.toEqual(keysAt(what("2026-11-22T01:00:00Z")));
  });
});
