import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { readFleetFile } from "../../functions/adapters/fleet-file.ts";
import { type Config, readConfig } from "../../lib/config.ts";
import { readSecretReferences, type SecretReferences } from "../../lib/secret-references.ts";
import { TallystickStack } from "../../lib/tallystick-stack.ts";

const fleetFile = resolve("fleet.example.yaml");

/** cdk.json's own context: templates look as the command line makes them. */
export const ownContext: Readonly<Record<string, unknown>> = JSON.parse(
  readFileSync("cdk.json", "utf8"),
).context;

export function configOf(context: Readonly<Record<string, unknown>>): Config {
  const reading = readConfig(context);
  if (reading.kind === "mistakes") throw new Error(reading.mistakes.join("\n"));
  return reading.config;
}

function referencesOf(text: string): SecretReferences {
  const reading = readFleetFile(text, "fleet.yaml");
  if (reading.kind === "mistakes") throw new Error(JSON.stringify(reading.mistakes));
  const found = readSecretReferences(reading.fleet);
  if (found.kind === "mistakes") throw new Error(found.mistakes.join("\n"));
  return found.references;
}

export interface StackBed {
  readonly context?: Readonly<Record<string, unknown>>;
  /** @default - the example's text */
  readonly fleet?: string;
}

/** The stack as `cdk synth -c …` makes it, but without esbuild: what is in the bundle is tested elsewhere. */
export function stackOf({ context = {}, fleet }: StackBed = {}): { app: App; stack: TallystickStack } {
  const app = new App({ context: { ...ownContext, "aws:cdk:bundling-stacks": [] } });
  const references = referencesOf(fleet ?? readFileSync(fleetFile, "utf8"));
  return { app, stack: new TallystickStack(app, { config: configOf(context), fleetFile, references }) };
}

const templates = new Map<string, Template>();

/** The template of a stack, made once for each way to ask: a test reads it, and changes nothing. */
export function templateOf(bed: StackBed = {}): Template {
  const key = JSON.stringify(bed);
  const template = templates.get(key) ?? Template.fromStack(stackOf(bed).stack);
  templates.set(key, template);
  return template;
}

/** The properties of the only resource of a type. */
export function onlyOne(template: Template, type: string): Record<string, unknown> {
  const found = Object.values(template.findResources(type));
  if (found.length !== 1) throw new Error(`${found.length} of ${type}`);
  return found[0]?.["Properties"] ?? {};
}
