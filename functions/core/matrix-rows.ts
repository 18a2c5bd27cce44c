import type { EnvironmentReport } from "./report.ts";
import { type Tone, toneOfHolder } from "./tone.ts";

/** More rows than this are not read, they are searched: beyond it, only what is wrong is listed. */
const rowsMax = 40;

/** One environment in a table of all. */
export interface MatrixRow {
  readonly environment: EnvironmentReport;
  readonly tone: Tone;
}

export function matrixRows(environments: readonly EnvironmentReport[]): readonly MatrixRow[] {
  return environments.map((environment) => ({ environment, tone: toneOfEnvironment(environment) }));
}

function toneOfEnvironment({ secrets }: EnvironmentReport): Tone {
  const tones = new Set(secrets.map(toneOfHolder));
  if (tones.has("bad")) return "bad";
  return tones.has("warn") ? "warn" : "good";
}

/** Those that are listed one by one: what is wrong always is. */
export function listedRows(rows: readonly MatrixRow[]): readonly MatrixRow[] {
  if (rows.length <= rowsMax) return rows;
  const notable = rows.filter(({ tone }) => tone !== "good");
  return notable.length <= rowsMax ? notable : notable.filter(({ tone }) => tone === "bad");
}
