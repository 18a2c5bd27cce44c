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

const triggerWords: Readonly<Record<Trigger, string>> = {
  cli: "from the command line",
  schedule: "by the schedule",
  label: "by a changed secret",
  manual: "by hand",
};

/** What this run was. */
export function headline({ run, environments, secrets }: Report, page: Page): string[] {
  const facts = [
    modeWords[run.mode],
    `${counted(environments.length, "environment")}, ${counted(secrets.length, "secret")}`,
    durationWords(run.durationMs),
    `${minuteWords(run.startedAt)} ${triggerWords[run.trigger]}`,
  ];
  const { dim, strong } = page.paint;
  return labelled({ text: "tallystick  ", paint: strong }, { text: facts.join(" · "), paint: dim }, page);
}
