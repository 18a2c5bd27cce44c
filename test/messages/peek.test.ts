import { it } from "vitest";
import { isoTime } from "../../functions/core/time.ts";
import { behind, heal, holder, report } from "../core/reports.ts";
import { firstMessageOf, hourMs, Teller } from "./telling.ts";

it("peek", () => {
  const say = (m: any) =>
    console.log(m ? `${m.subject}\n----\n${m.text}\n----\n${JSON.stringify(m.chat, null, 1)}` : "(nothing)");
  const caps = [
    { name: "sessions_list", status: "denied", dependsOn: ["API_TOKEN"], httpStatus: 401 },
    { name: "skills", status: "works", dependsOn: [], httpStatus: 200 },
    { name: "nudge", status: "works", dependsOn: ["API_TOKEN"], httpStatus: 200 },
  ] as const;
  const since = "2026-11-22T06:00:00Z";
  const old = holder({
    since,
    verdict: { ...behind, replacedAt: "2026-11-03T09:00:41Z" },
    cause: "variable",
    stored: behind,
    remedy: { kind: "withheld", withheld: { reason: "mode", wouldBe: "set-and-redeploy" } },
  });
  say(
    firstMessageOf(
      report({ status: "drifted", holders: [old], capabilities: caps }),
      "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/x",
    ),
  );
  say(
    firstMessageOf(
      report({
        heals: [heal({ durationMs: 45000 })],
        capabilities: caps.map((c) => ({ ...c, status: "works" as const })),
      }),
    ),
  );
  say(
    firstMessageOf(
      report({
        status: "drifted",
        holders: [{ ...old, remedy: { kind: "set-and-redeploy" } }],
        heals: [heal({ status: "failed", reason: "deployment-failed" })],
      }),
    ),
  );
  const t = new Teller();
  const at = (h: number, what: any = {}) =>
    report({
      ...what,
      run: { id: `run-${h}`, startedAt: isoTime(Date.parse("2026-11-22T06:00:00Z") + h * hourMs) },
    });
  say(t.message(at(0, { status: "drifted", holders: [old], capabilities: caps })));
  say(t.message(at(24, { status: "drifted", holders: [old], capabilities: caps })));
  say(t.message(at(25)));
  const gone = holder({ verdict: { kind: "unknown", because: "unreachable", detail: "gone" } });
  say(t.message(at(30, { holders: [gone] })));
  say(
    t.message(
      at(55, {
        holders: [gone],
        secrets: [{ name: "API_TOKEN", truth: "expiring", expiresAt: "2026-11-25T00:00:00Z" }],
      }),
    ),
  );
  say(t.message(at(60)));
});
