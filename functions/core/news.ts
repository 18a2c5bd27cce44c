import { isFinding, tellingTruths } from "./message.ts";
import type { HealReport, HolderReport, Report } from "./report.ts";
import { dayOf, epochMs } from "./time.ts";

/**
 * What a report has to tell, each thing under a key that stays the same as long as the thing does, so that it is told
 * once. What goes on is told again after each `remindEveryMs`.
 */
export function newsKeys(report: Report, remindEveryMs: number, nowMs: number): readonly string[] {
  const { run, status, secrets, environments, heals } = report;
  const day = dayOf(run.startedAt);
  const keys: (readonly unknown[])[] = [
    ...environments.flatMap(({ name, secrets: holders }) =>
      holders.filter(isFinding).map((holder) => holderNews(name, holder, remindEveryMs, nowMs)),
    ),
    ...secrets
      .filter(({ truth }) => tellingTruths.has(truth))
      .map(({ name, truth, version }) => ["truth", name, truth, version?.id]),
    ...environments.flatMap(({ name, capabilities }) =>
      capabilities
        .filter((capability) => capability.status === "denied")
        .map((capability) => ["denied", name, capability.name, day]),
    ),
    ...heals.filter(isEnded).map((heal) => ["heal", run.id, heal.environment, heal.secrets, heal.status]),
    ...(status === "failed" ? [["failed", day]] : []),
  ];
  return keys.map((key) => JSON.stringify(key));
}

function holderNews(
  environment: string,
  { name, verdict, cause, since, remedy }: HolderReport,
  remindEveryMs: number,
  nowMs: number,
): readonly unknown[] {
  const reminder = since === undefined ? 0 : Math.floor((nowMs - epochMs(since)) / remindEveryMs);
  const withheld = remedy.withheld?.reason;
  return ["holder", environment, name, verdict.kind, cause, remedy.kind, withheld, since, reminder];
}

/** What was only begun, or left alone, is told by what it was to mend. */
function isEnded({ status }: HealReport): boolean {
  return status !== "started" && status !== "withheld";
}
