import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { EnvironmentVariables } from "../adapters/environment-source.ts";
import { mistakeLines, readFleetFile } from "../adapters/fleet-file.ts";
import { fleetAssetName, settings } from "../contract.ts";
import { TallystickError } from "../core/errors.ts";
import type { Fleet } from "../core/fleet.ts";

/**
 * The fleet that a function was deployed with.
 * @throws TallystickError `setting-invalid`, `fleet-invalid` with all mistakes
 */
export async function readFleetAsset(variables: EnvironmentVariables): Promise<Fleet> {
  const path = variables[settings.fleet] ?? fleetAssetName;
  // Lambda says where it has unpacked the asset (AWS Lambda developer guide, "Defined runtime environment variables").
  const place = resolve(variables["LAMBDA_TASK_ROOT"] ?? ".", path);
  const text = await readFile(place, "utf8").catch(() => {
    throw new TallystickError("setting-invalid", `${settings.fleet} names ${path}, which cannot be read`);
  });
  const reading = readFleetFile(text, path);
  if (reading.kind === "mistakes")
    throw new TallystickError("fleet-invalid", mistakeLines(reading.mistakes).join("\n"));
  return reading.fleet;
}
