import { mattersOf, type Patience } from "../../functions/core/matters.ts";
import type { MatterMemory } from "../../functions/core/memory.ts";
import { messageOf } from "../../functions/core/message.ts";
import type { Message } from "../../functions/core/ports.ts";
import type { Report } from "../../functions/core/report.ts";
import { type Reckoning, reckon } from "../../functions/core/tellings.ts";
import { epochMs } from "../../functions/core/time.ts";

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
export const patience: Patience = { sourceMs: dayMs, environmentMs: () => dayMs };

/** What would be told of a report by who remembers nothing. */
export function firstMessageOf(report: Report, logUrl?: string): Message | undefined {
  const nowMs = epochMs(report.run.startedAt);
  const { tellings } = reckon(mattersOf(report, patience), undefined, { nowMs, remindEveryMs: dayMs });
  return messageOf(report, tellings, { id: "message-1", threadId: "thread-1", nowMs, logUrl });
}

/** Reports told one after the other, each with what was remembered of those before. */
export class Teller {
  readonly #matters = new Map<string, MatterMemory>();
  readonly #patience: Patience;

  constructor(patient: Patience = patience) {
    this.#patience = patient;
  }

  reckon(report: Report): Reckoning {
    const nowMs = epochMs(report.run.startedAt);
    const matters = mattersOf(report, this.#patience);
    const reckoning = reckon(matters, this.#matters, { nowMs, remindEveryMs: dayMs });
    const changes = [...reckoning.quiet, ...reckoning.tellings.flatMap(({ change }) => change ?? [])];
    for (const { key, after } of changes) this.#matters.set(key, after);
    return reckoning;
  }

  message(report: Report): Message | undefined {
    const { tellings } = this.reckon(report);
    const [first] = tellings;
    const nowMs = epochMs(report.run.startedAt);
    return messageOf(report, tellings, {
      ...{ id: `message of ${report.run.id}`, threadId: first?.incident ?? "", nowMs },
      logUrl: undefined,
    });
  }

  /** What was told, a word for each thing. */
  kinds(report: Report): readonly string[] {
    return this.reckon(report).tellings.map(({ kind }) => kind);
  }
}
