import { counted } from "../../core/counting.ts";
import { truthTexts } from "../../core/explanations.ts";
import { exitCodes, type Report, type RunStatus } from "../../core/report.ts";
import { signs, statusTones, toneOfVerdict, truthTones } from "../../core/tone.ts";
import { labelled, type Page } from "./layout.ts";

const meanings: Readonly<Record<RunStatus, string>> = {
  "in-sync": "all is right",
  drifted: "something is wrong",
  unknown: "nothing seen is wrong, but not everything was seen",
  failed: "the work could not be done",
};

/** The last line: the verdict on the whole, and what the exit code says. */
export function conclusion(report: Report, page: Page): string[] {
  const { status } = report;
  const tone = statusTones[status];
  const facts = status === "failed" ? ["no secret could be read from its source"] : factsOf(report);
  const text = `${status}: ${facts.join(", ")} (exit ${exitCodes[status]}: ${meanings[status]})`;
  const paint = (line: string): string => page.paint.strong(page.paint[tone](line));
  return labelled({ text: `${signs[tone]} `, paint }, { text, paint }, page);
}

function factsOf({ environments, secrets, heals }: Report): string[] {
  const holders = environments.flatMap((environment) => environment.secrets);
  const wrong = holders.filter(({ verdict }) => toneOfVerdict(verdict) === "bad").length;
  const unseen = holders.filter(({ verdict }) => verdict.kind === "unknown").length;
  const latent = holders.filter(({ cause }) => cause === "latent").length;
  const capabilities = environments.flatMap((environment) => environment.capabilities);
  const denied = capabilities.filter(({ status }) => status === "denied").length;
  const repaired = heals.filter(({ status }) => status === "healed").length;
  return [
    ...(wrong === 0 ? [`${holders.length - unseen} of ${holders.length} running values are right`] : []),
    ...(wrong === 0
      ? []
      : [`${wrong} of ${holders.length} running values ${wrong === 1 ? "is" : "are"} wrong`]),
    ...(latent === 0 ? [] : [`${latent} stored wrong for the next start`]),
    ...(denied === 0 ? [] : [`${counted(denied, "capability")} denied`]),
    ...secrets
      .filter(({ truth }) => truthTones[truth] === "bad")
      .map(({ name, truth }) => `${name} ${truthTexts[truth].short}`),
    ...(unseen === 0 ? [] : [`${unseen} not seen`]),
    ...(repaired === 0 ? [] : [`${counted(repaired, "environment")} repaired`]),
  ];
}
