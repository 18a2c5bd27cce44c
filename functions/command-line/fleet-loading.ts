import { readFile } from "node:fs/promises";
import { mistakeLines, readFleetFile } from "../adapters/fleet-file.ts";
import { TallystickError } from "../core/errors.ts";
import type { Fleet } from "../core/fleet.ts";

/**
 * Reads the fleet file before anything is contacted.
 * @throws TallystickError `fleet-invalid` with every mistake and its line
 */
export async function loadFleet(path: string): Promise<Fleet> {
  const reading = readFleetFile(await readText(path), path);
  if (reading.kind === "fleet") return reading.fleet;
  const { length } = reading.mistakes;
  const lines = mistakeLines(reading.mistakes).map((line) => `  ${line}`);
  const heading = `${path} has ${length === 1 ? "a mistake" : `${length} mistakes`}; nothing was contacted`;
  throw new TallystickError("fleet-invalid", [heading, ...lines].join("\n"));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new TallystickError(
      "fleet-invalid",
      `${path} cannot be read (${systemWord(error)}); name the fleet file with --fleet, or make one with tallystick fleet init`,
    );
  }
}

/** The system's own word for a failure, such as ENOENT. */
export function systemWord(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
