import { truthTexts } from "../../core/explanations.ts";
import type { Report, SecretReport } from "../../core/report.ts";
import { isTelling, secretFacts } from "../../core/run-wording.ts";
import { signs, truthTones } from "../../core/tone.ts";
import { factLines, labelled, type Page } from "./layout.ts";

/** The secrets themselves, as far as there is something to say of them. */
export function secretLines({ secrets }: Report, page: Page): string[] {
  const telling = secrets.filter(isTelling);
  return telling.length === 0
    ? []
    : [page.paint.strong("THE SECRETS THEMSELVES"), ...telling.flatMap((secret) => linesOf(secret, page))];
}

function linesOf(secret: SecretReport, page: Page): string[] {
  const tone = truthTones[secret.truth];
  const paint = page.paint[tone];
  const { means, toDo } = truthTexts[secret.truth];
  const facts = secretFacts(secret).join(", ");
  const isValid = secret.truth === "valid";
  return [
    ...labelled({ text: `${signs[tone]} `, paint }, { text: `${secret.name}: ${facts}` }, page),
    ...(isValid ? [] : factLines("means", means, page)),
    ...(secret.detail === undefined ? [] : factLines("detail", secret.detail, page)),
    ...(isValid ? [] : factLines("to do", toDo, page)),
  ];
}
