import { listed } from "../../core/counting.ts";
import { findingsOf, type UnseenHolder, unseenHolders } from "../../core/finding-groups.ts";
import type { Report } from "../../core/report.ts";
import { labelled, type Page } from "./layout.ts";

/** One thing to do; `line` is for copying and stays whole. */
interface Advice {
  readonly text: string;
  readonly line?: string;
}

/** What to do next, where the report itself does not say it already. */
export function adviceLines(report: Report, page: Page): string[] {
  const advice = [
    ...responderAdvice(report),
    ...trustAdvice(report),
    ...rotationAdvice(report),
    ...repairAdvice(report),
    ...wordAdvice(report),
  ];
  return advice.length === 0
    ? []
    : [
        page.paint.strong("NEXT"),
        ...advice.flatMap(({ text, line }) => [
          ...labelled({ text: "→ " }, { text }, page),
          ...(line === undefined ? [] : [`    ${page.paint.strong(line)}`]),
        ]),
      ];
}

function responderAdvice(report: Report): Advice[] {
  const places = placesOf(
    report,
    ({ silence, whole }) =>
      whole && silence.because === "not-reported" && silence.code !== "instances-missing",
  );
  if (places === undefined) return [];
  const trust =
    report.run.publicKey === undefined
      ? "name that endpoint in the fleet, and let it trust the key that this prints:"
      : "let it trust this run's key:";
  return [
    {
      text: `To see what runs on ${places}, add the responder to its health endpoint (createResponder of tallystick/responder); ${trust}`,
      line: keyLine(report),
    },
  ];
}

function trustAdvice(report: Report): Advice[] {
  const places = placesOf(report, ({ silence }) => silence.code === "challenge-untrusted");
  return places === undefined
    ? []
    : [
        {
          text: `Give the responder on ${places} the public key that it has to trust:`,
          line: keyLine(report),
        },
      ];
}

/** The seed rotates: who still trusts the old key has to be told of the new one before the old seed is gone. */
function rotationAdvice(report: Report): Advice[] {
  const names = report.environments.flatMap(({ name, notes }) =>
    notes?.includes("trusts-old-key") ? [name] : [],
  );
  return names.length === 0
    ? []
    : [
        {
          text: `${listed(names, namesMax)} still trusts the checker's old key; give it the new one beside it:`,
          line: keyLine(report),
        },
      ];
}

function keyLine({ run }: Report): string {
  return run.publicKey === undefined ? "tallystick public-key" : `publicKeys: ["${run.publicKey}"]`;
}

/** The section above has more of them. */
const namesMax = 3;

function placesOf(report: Report, isMeant: (holder: UnseenHolder) => boolean): string | undefined {
  const meant = unseenHolders(report).filter(isMeant);
  const names = [...new Set(meant.map(({ environment }) => environment))];
  return names.length === 0 ? undefined : listed(names, namesMax);
}

function repairAdvice(report: Report): Advice[] {
  const isHeldBack = findingsOf(report).some(
    ({ holder: { remedy } }) => remedy.withheld?.reason === "mode" && remedy.withheld.wouldBe !== "by-hand",
  );
  return isHeldBack
    ? [
        {
          text: "Repair what this run only looked at (unless the fleet's policy.mode is observe):",
          line: "tallystick check --fix",
        },
      ]
    : [];
}

/** The words that `explain` knows are not those of the phrases above. */
function wordAdvice(report: Report): Advice[] {
  const words = findingsOf(report).flatMap(({ holder }) => [holder.cause, holder.remedy.withheld?.reason]);
  const [word] = words.filter((each) => each !== undefined && each !== "mode");
  return word === undefined ? [] : [{ text: "Read more about a cause:", line: `tallystick explain ${word}` }];
}
