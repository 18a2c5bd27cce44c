import { messageOf } from "../core/message.ts";
import type { Notifier } from "../core/ports.ts";
import type { Report } from "../core/report.ts";

/**
 * Tells people what a run found, where there is anything to tell and anybody to tell it to. Who only looks, by
 * hand, has the answer before them: nobody else is told of it.
 * @throws TallystickError `publish-failed`: what could not be told must not look as if it had been.
 */
export async function announce(report: Report, notifier: Notifier | undefined): Promise<void> {
  const { trigger, mode } = report.run;
  if (trigger === "manual" && mode !== "fix") return;
  const message = messageOf(report);
  if (message !== undefined) await notifier?.publish(message);
}
