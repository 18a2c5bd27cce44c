import { access, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { systemClock } from "../adapters/clock.ts";
import { createHttpAgent } from "../adapters/http-agent.ts";
import { listPlaces, type RailwayPlaces } from "../adapters/railway/places.ts";
import { railwayApiUrl, settings } from "../contract.ts";
import { TallystickError } from "../core/errors.ts";
import { fleetJsonSchema } from "../core/fleet.ts";
import { printable } from "../core/printable.ts";
import { Secret } from "../protocol/secret.ts";
import { mistake } from "./failure.ts";
import { draftEntries, fleetDraft } from "./fleet-draft.ts";
import { systemWord } from "./fleet-loading.ts";
import { createProgressLine } from "./progress-line.ts";
import { counted } from "./rendering/counting.ts";
import type { Terminal } from "./terminal.ts";

/** What `tallystick fleet init` was called with. */
export interface InitOptions {
  readonly railwayTokenEnv: string;
  readonly out: string;
  readonly force?: true;
}

/**
 * Writes a fleet file of all that a Railway token reaches; gives the exit code.
 * @throws TallystickError `call-invalid`, `setting-missing`, `railway-*`, `run-failed`; nothing is written then
 */
export async function initFleet(terminal: Terminal, options: InitOptions): Promise<number> {
  const token = requiredToken(terminal, options.railwayTokenEnv);
  if (!options.force && (await exists(options.out))) throw taken(options.out);
  const places = await askRailway(terminal, token);
  const { length: entries } = draftEntries(places.projects);
  if (entries === 0) {
    throw new TallystickError(
      "run-failed",
      `the token in ${options.railwayTokenEnv} reaches no service; nothing was written. Take a token of the project that the fleet is about`,
    );
  }
  await write(options.out, fleetDraft(places, options.railwayTokenEnv), options.force);
  const schema = join(dirname(options.out), "fleet.schema.json");
  const schemaWords = await writeSchema(schema, options.force);
  terminal.out.write(
    `wrote ${printable(options.out)} with ${counted(entries, "environment")}; ${printable(schemaWords)}\nnext: edit the lines marked EDIT, then tallystick fleet check --fleet ${printable(options.out)}\n`,
  );
  return 0;
}

function requiredToken({ variables }: Terminal, name: string): Secret {
  const text = variables[name] ?? "";
  if (text !== "") return new Secret(text);
  throw new TallystickError(
    "setting-missing",
    `the environment variable ${name} has no Railway token: set it, or name another with --railway-token-env`,
  );
}

async function askRailway(terminal: Terminal, token: Secret): Promise<RailwayPlaces> {
  const apiUrl = terminal.variables[settings.railwayApiUrl] ?? railwayApiUrl;
  const dispatcher = createHttpAgent();
  const progress = createProgressLine(terminal, "asking Railway what the token reaches");
  try {
    return await listPlaces({ apiUrl, dispatcher, clock: systemClock }, token);
  } finally {
    progress.end();
    await dispatcher.destroy();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function taken(path: string): TallystickError {
  return mistake(
    `${path} exists already; nothing was written. Name another with --out, or overwrite it with --force`,
  );
}

/** The schema of a fleet that was made earlier is kept: it may have been edited, and can be printed at any time. */
async function writeSchema(path: string, force: true | undefined): Promise<string> {
  const text = `${JSON.stringify(fleetJsonSchema(), null, 2)}\n`;
  if (!force && (await exists(path)))
    return `${path} was there already (tallystick fleet schema prints the newest)`;
  await write(path, text, force);
  return `${path} beside it`;
}

/** Without `force`, what came to be meanwhile is not overwritten either. */
async function write(path: string, text: string, force: true | undefined): Promise<void> {
  try {
    await writeFile(path, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    if (systemWord(error) === "EEXIST") throw taken(path);
    throw new TallystickError("run-failed", `${path} cannot be written (${systemWord(error)})`);
  }
}
