import { createHash } from "node:crypto";
import { limits } from "../core/limits.ts";
import { messageOf } from "../core/message.ts";
import { newsKeys } from "../core/news.ts";
import type { Clock, Memory, Message, Notifier } from "../core/ports.ts";
import type { Report } from "../core/report.ts";
import { attempt, isFailure } from "./attempt.ts";
import type { World } from "./world.ts";

/** Who is told, and what remembers that they were. */
export interface Announcer {
  readonly notifier: Notifier | undefined;
  readonly memory?: Memory | undefined;
  readonly clock: Clock;
  readonly remindEveryMs: number;
}

/** Tells what is found in a world, by its policy. */
export function announcerOf({ memory, clock, fleet }: World, notifier: Notifier | undefined): Announcer {
  return { notifier, memory, clock, remindEveryMs: fleet.policy.remindEvery };
}

/**
 * Tells people what a run found, where there is anything new to tell and anybody to tell it to. Who only looks, by
 * hand, has the answer before them: nobody else is told of it. What is told is claimed first and marked after, so
 * that two runs at once tell it once; a crash in between may tell it again, under the same id.
 * @throws TallystickError `publish-failed`: what could not be told must not look as if it had been.
 */
export async function announce(report: Report, announcer: Announcer): Promise<void> {
  const { trigger, mode } = report.run;
  if (trigger === "manual" && mode !== "fix") return;
  const message = messageOf(report);
  const { notifier, memory, clock, remindEveryMs } = announcer;
  if (message === undefined || notifier === undefined) return;
  const keys = newsKeys(report, remindEveryMs, clock.now());
  const identified = withId(message, keys);
  if (memory === undefined) return notifier.publish(identified);
  const telling = {
    // The run, not the news: two runs at once have the same news, and one run may try again.
    messageId: report.run.id,
    nowMs: clock.now(),
    untilMs: clock.now() + limits.tellingMs,
  };
  const fresh = await attempt(async () => ({ keys: await memory.claimNews(keys, telling) }));
  // Without memory everything is told: rather twice than never.
  if (isFailure(fresh)) return notifier.publish(identified);
  if (fresh.keys.length === 0) return;
  await notifier.publish(identified);
  // The message had all of it, also what another run has claimed and could not tell.
  await attempt(() => memory.markTold(keys, clock.now()));
}

/** The same news has the same id, whoever tells it. */
function withId(message: Message, keys: readonly string[]): Message {
  const id = createHash("sha256")
    .update(JSON.stringify([...keys].sort()))
    .digest("hex")
    .slice(0, 32);
  return { ...message, attributes: { ...message.attributes, id } };
}
