import { reasonTexts, truthTexts } from "../../core/explanations.ts";
import type { Report, SecretReport } from "../../core/report.ts";
import { signs, truthTones } from "../../core/tone.ts";
import { minuteWords, shortVersion } from "../../core/wording.ts";
import { factLines, labelled, type Page } from "./layout.ts";

/** The secrets themselves, as far as there is something to say of them. */
export function secretLines({ secrets }: Report, page: Page): string[] {
  const telling = secrets.filter(
    ({ truth, rotation, detail }) => truth !== "valid" || rotation !== undefined || detail !== undefined,
  );
  return telling.length === 0
    ? []
    : [page.paint.strong("THE SECRETS THEMSELVES"), ...telling.flatMap((secret) => linesOf(secret, page))];
}

function linesOf(secret: SecretReport, page: Page): string[] {
  const tone = truthTones[secret.truth];
  const paint = page.paint[tone];
  const { means, toDo } = truthTexts[secret.truth];
  const facts = [truthTexts[secret.truth].short, ...factsOf(secret)].join(", ");
  const isValid = secret.truth === "valid";
  return [
    ...labelled({ text: `${signs[tone]} `, paint }, { text: `${secret.name}: ${facts}` }, page),
    ...(isValid ? [] : factLines("means", means, page)),
    ...(secret.detail === undefined ? [] : factLines("detail", secret.detail, page)),
    ...(isValid ? [] : factLines("to do", toDo, page)),
  ];
}

function factsOf({ version, expiresAt, truth, rotation }: SecretReport): string[] {
  return [
    ...(version === undefined ? [] : [`version ${shortVersion(version.id)}`]),
    ...(version?.createdAt === undefined ? [] : [`made ${minuteWords(version.createdAt)}`]),
    ...(expiresAt === undefined
      ? []
      : [`${truth === "expired" ? "ended" : "ends"} ${minuteWords(expiresAt)}`]),
    ...(rotation === undefined ? [] : [rotationWords[rotation]]),
  ];
}

const rotationWords: Readonly<Record<NonNullable<SecretReport["rotation"]>, string>> = {
  "in-progress": reasonTexts["rotation-in-progress"].short,
  stuck: "a rotation has been pending for more than a day: finish or cancel it in the source",
};
