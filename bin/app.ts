import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { App } from "aws-cdk-lib";
import { mistakeLines, readFleetFile } from "../functions/adapters/fleet-file.ts";
import { readConfig } from "../lib/config.ts";
import { addRulePacks } from "../lib/rule-packs.ts";
import { readSecretReferences, type SecretReferences } from "../lib/secret-references.ts";
import { TallystickStack } from "../lib/tallystick-stack.ts";

const exampleFleet = "fleet.example.yaml";

type FleetReading =
  | { readonly kind: "references"; readonly references: SecretReferences }
  | { readonly kind: "mistakes"; readonly mistakes: readonly string[] };

/** The fleet file's path: as given, else the project's own, else the example. */
function fleetPath(given: unknown): string {
  if (typeof given === "string" && given !== "") return given;
  if (existsSync("fleet.yaml")) return "fleet.yaml";
  process.stderr.write(`No fleet.yaml here: this is ${exampleFleet}. Name another with -c fleet=path.\n`);
  return exampleFleet;
}

function readFleet(path: string): FleetReading {
  const text = readText(path);
  if (text === undefined) return { kind: "mistakes", mistakes: [`fleet: ${path} cannot be read`] };
  const reading = readFleetFile(text, path);
  if (reading.kind === "mistakes") return { kind: "mistakes", mistakes: mistakeLines(reading.mistakes) };
  const found = readSecretReferences(reading.fleet);
  if (found.kind === "references") return found;
  return { kind: "mistakes", mistakes: found.mistakes.map((mistake) => `${path}: ${mistake}`) };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

const app = new App();
const reading = readConfig(app.node.getAllContext());
const path = fleetPath(app.node.tryGetContext("fleet"));
const fleet = readFleet(path);

if (reading.kind === "config" && fleet.kind === "references") {
  addRulePacks(app);
  new TallystickStack(app, {
    config: reading.config,
    fleetFile: resolve(path),
    references: fleet.references,
  });
} else {
  const mistakes = [reading, fleet].flatMap((one) => (one.kind === "mistakes" ? one.mistakes : []));
  const lines = ["Nothing was synthesised:", ...mistakes.map((mistake) => `  ${mistake}`), ""];
  process.stderr.write(lines.join("\n"));
  // App synthesises by itself when the process ends: what is empty would look like a success.
  process.exit(1);
}
