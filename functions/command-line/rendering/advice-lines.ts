import type { Report } from "../../core/report.ts";
import { findingsOf } from "./finding-lines.ts";
import { labelled, type Page } from "./layout.ts";
import { type UnseenHolder, unseenHolders } from "./unseen-lines.ts";

/** What to do next, where the report itself does not say it already. */
export function adviceLines(report: Report, page: Page): string[] {
  const advice = [...responderAdvice(report), ...repairAdvice(report), ...wordAdvice(report)];
  return advice.length === 0
    ? []
    : [page.paint.strong("NEXT"), ...advice.flatMap((text) => labelled({ text: "→ " }, { text }, page))];
}

/** Names beyond these only fill lines: the section above has them all. */
const namesMax = 3;

function responderAdvice(report: Report): string[] {
  const silent = unseenHolders(report).filter(lacksResponder);
  if (silent.length === 0) return [];
  const names = [...new Set(silent.map(({ environment }) => environment))];
  const more = names.length > namesMax ? ` and ${names.length - namesMax} more` : "";
  const { publicKey } = report.run;
  const trust =
    publicKey === undefined
      ? "Name its health URL in the fleet; tallystick public-key prints the key that it has to trust."
      : `The key that it has to trust: publicKeys: ["${publicKey}"]`;
  return [
    `To see what runs on ${names.slice(0, namesMax).join(", ")}${more}, add the responder to its health endpoint (import { createResponder } from "tallystick/responder"). ${trust}`,
  ];
}

/** Somebody may be there who does not know how to answer, or whom to. */
function lacksResponder({ silence }: UnseenHolder): boolean {
  return silence.because === "not-reported" || silence.code === "challenge-untrusted";
}

function repairAdvice(report: Report): string[] {
  const isHeldBack = findingsOf(report).some(
    ({ holder }) => holder.remedy.withheld?.reason === "mode" && holder.remedy.withheld.wouldBe !== "by-hand",
  );
  if (!isHeldBack) return [];
  return ["tallystick check --fix repairs what this run only looked at (unless the fleet's policy.mode is observe)."];
}

/** The words that `explain` knows are not those of the phrases above. */
function wordAdvice(report: Report): string[] {
  const words = findingsOf(report).flatMap(({ holder }) => [holder.cause, holder.remedy.withheld?.reason]);
  const [word] = words.filter((each) => each !== undefined && each !== "mode");
  return word === undefined ? [] : [`tallystick explain ${word} tells more about the cause.`];
}
