import { counted } from "../../core/counting.ts";
import { durationWords } from "../../core/duration.ts";
import type { Report } from "../../core/report.ts";
import { modeWords, triggerWords } from "../../core/run-wording.ts";
import { minuteWords } from "../../core/wording.ts";
import { labelled, type Page } from "./layout.ts";

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
