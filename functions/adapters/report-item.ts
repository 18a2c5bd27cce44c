import { gunzipSync, gzipSync } from "node:zlib";
import { TallystickError } from "../core/errors.ts";
import type { LastReport } from "../core/memory.ts";
import type { EnvironmentReport, Report } from "../core/report.ts";
import { toneOfHolder } from "../core/tone.ts";
import { readReport } from "./report-form.ts";

/** DynamoDB's item has 400 KB at most, its names and keys included (its limits, "Item size"). */
const packedBytesMax = 380_000;
/** More than this is no report of ours, and would not fit into a function's memory. */
const unpackedBytesMax = 64_000_000;

/** A report in the form in which it is kept. */
export interface PackedReport {
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
}

/**
 * Packs a report into what an item can hold. One that is too large loses the environments in which all is right, and
 * then the last of the others, until it fits.
 */
export function packReport(report: Report): PackedReport {
  const whole = packed(report);
  if (whole.length <= packedBytesMax) return { bytes: whole, isCut: false };
  let environments = report.environments.filter(isNotable);
  for (;;) {
    const bytes = packed({ ...report, environments });
    if (bytes.length <= packedBytesMax) return { bytes, isCut: true };
    if (environments.length === 0) return { bytes: packed(withoutHeals(report)), isCut: true };
    environments = environments.slice(0, Math.floor(environments.length / 2));
  }
}

/** @throws TallystickError `memory-unreadable`, with nothing of what it holds */
export function unpackReport({ bytes, isCut }: PackedReport): LastReport {
  const report = readReport(unpacked(bytes));
  if (report !== undefined) return { report, isCut };
  throw new TallystickError(
    "memory-unreadable",
    "the last check's report has a form that is not known: a newer version of this tool wrote it; the next check writes it anew",
  );
}

function unpacked(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(gunzipSync(bytes, { maxOutputLength: unpackedBytesMax }).toString("utf8"));
  } catch {
    return undefined;
  }
}

function packed(report: Report): Uint8Array {
  return gzipSync(JSON.stringify(report));
}

function isNotable({ secrets, capabilities, notes }: EnvironmentReport): boolean {
  return (
    notes !== undefined ||
    secrets.some((holder) => toneOfHolder(holder) !== "good" || holder.cause !== undefined) ||
    capabilities.some(({ status }) => status !== "works")
  );
}

function withoutHeals(report: Report): Report {
  return { ...report, environments: [], heals: [] };
}
