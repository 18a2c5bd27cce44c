import { durationWords } from "../../core/duration.ts";
import type { PolicyMode } from "../../core/fleet.ts";
import type { Report, Trigger } from "../../core/report.ts";
import { minuteWords } from "../../core/wording.ts";
import { counted } from "./counting.ts";
import { labelled, type Page } from "./layout.ts";

const modeWords: Readonly<Record<PolicyMode, string>> = {
  observe: "observe: nothing is changed",
  approve: "approve: repairs are planned, not made",
  fix: "fix: repairs what it is sure of",
};

/** What started a run. */
export const triggerWords: Readonly<Record<Trigger, string>> = {
  cli: "from the command line",
  schedule: "by the schedule",
  label: "by a changed secret",
  manual: "by hand",
};

/** What this run was. */
export function headline({ run, environments, secrets }: Report, page: Page): string[] {
  const { dim, strong } = page.paint;
  const counts = `${counted(environments.length, "environment")}, ${counted(secrets.length, "secret")}`;
  const name = "tallystick  ";
  return [
    ...labelled({ text: name, paint: strong }, { text: `${modeWords[run.mode]} · ${counts}` }, page),
    ...labelled(
      { text: " ".repeat(name.length) },
      {
        text: `${minuteWords(run.startedAt)} ${triggerWords[run.trigger]}, took ${durationWords(run.durationMs)}`,
        paint: dim,
      },
      page,
    ),
  ];
}
