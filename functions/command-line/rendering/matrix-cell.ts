import { truthTexts } from "../../core/explanations.ts";
import type { HolderReport, SecretReport } from "../../core/report.ts";
import { signs, toneOfHolder, truthTones } from "../../core/tone.ts";
import { holderPhrase, shortVersion } from "../../core/wording.ts";
import { type Cell, cutEnd, cutMiddle, type Page } from "./layout.ts";

/** Enough for most; what is cut off stands in full below the table. */
const cellColumnsMax = 32;

export function headCell({ name }: SecretReport, { paint }: Page): Cell {
  return { text: cutMiddle(name, cellColumnsMax), paint: paint.strong };
}

/** The state of the secret itself, and which version it is. */
export function sourceCell({ truth, version }: SecretReport, { paint }: Page): Cell {
  const tone = truthTones[truth];
  const text = `${signs[tone]} ${truthTexts[truth].short}${version === undefined ? "" : ` ${shortVersion(version.id)}`}`;
  return { text: cutEnd(text, cellColumnsMax), paint: paint[tone] };
}

/** What one environment runs; a dot where it does not hold the secret. */
export function holderCell(holder: HolderReport | undefined, { paint }: Page): Cell {
  if (holder === undefined) return { text: "·", paint: paint.dim };
  const tone = toneOfHolder(holder);
  return { text: cutEnd(`${signs[tone]} ${holderPhrase(holder)}`, cellColumnsMax), paint: paint[tone] };
}
