import { storedTexts, truthTexts } from "../../core/explanations.ts";
import type { HolderReport, SecretReport, StoredReport } from "../../core/report.ts";
import { verdictCell } from "../../core/wording.ts";
import { type Cell, cutEnd, cutMiddle, type Page } from "./layout.ts";
import { signs } from "./paint.ts";
import { toneOfHolder, truthTones } from "./tone.ts";

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

const versionColumnsMax = 12;

/** Enough of a version's id to tell it from others; of a UUID, its first block. */
export function shortVersion(id: string): string {
  return /^[0-9a-f]{8}-/i.test(id) ? id.slice(0, 8) : cutEnd(id, versionColumnsMax);
}

/** What one environment runs; a dot where it does not hold the secret. */
export function holderCell(holder: HolderReport | undefined, { paint }: Page): Cell {
  if (holder === undefined) return { text: "·", paint: paint.dim };
  const tone = toneOfHolder(holder);
  return { text: cutEnd(`${signs[tone]} ${holderWords(holder)}`, cellColumnsMax), paint: paint[tone] };
}

/** Where nothing is seen to run, what is stored is at least something to go by. */
function holderWords({ verdict, stored, cause }: HolderReport): string {
  if (cause === "latent") return `${verdictCell(verdict)}, stored wrong`;
  if (verdict.kind !== "unknown" || stored === undefined || stored.kind === "unknown")
    return verdictCell(verdict);
  return `stored: ${storedCell(stored)}`;
}

function storedCell(stored: Exclude<StoredReport, { kind: "unknown" }>): string {
  switch (stored.kind) {
    case "sealed":
    case "reference":
    case "inherited":
      return storedTexts[stored.kind].short;
    default:
      return verdictCell(stored);
  }
}
