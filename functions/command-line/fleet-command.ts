import type { Command } from "commander";
import { type Fleet, fleetJsonSchema } from "../core/fleet.ts";
import { printableJson } from "../core/printable.ts";
import type { CommandContext } from "./command-context.ts";
import { type InitOptions, initFleet } from "./fleet-init.ts";
import { loadFleet } from "./fleet-loading.ts";
import { counted } from "./rendering/counting.ts";
import type { Terminal } from "./terminal.ts";

const initExamples = `
Nothing is written where Railway fails, and no file is overwritten without --force.

Examples:
  RAILWAY_TOKEN=… tallystick fleet init
  tallystick fleet init --railway-token-env RAILWAY_STAGING_TOKEN --out staging.yaml`;

/** `tallystick fleet`: the file that names what is shared, where, and with whom. */
export function addFleetCommands(program: Command, { terminal, act }: CommandContext): void {
  const fleet = program
    .command("fleet")
    .description("check the fleet file, or make one to start from")
    .helpCommand(false);
  fleet
    .command("check")
    .description("say whether the fleet file is valid; contacts nothing")
    .option("--fleet <file>", "the fleet file", "fleet.yaml")
    .addHelpText("after", "\nExample:\n  tallystick fleet check --fleet staging.yaml")
    .action(act(({ fleet: path }: { readonly fleet: string }) => checkFleet(terminal, path)));
  fleet
    .command("schema")
    .description("print the JSON schema that editors complete and check the fleet file with")
    .addHelpText("after", "\nExample:\n  tallystick fleet schema > fleet.schema.json")
    .action(act(async () => printSchema(terminal)));
  fleet
    .command("init")
    .description("write a fleet file with everything that a Railway token reaches")
    .option("--railway-token-env <name>", "the environment variable with the token", "RAILWAY_TOKEN")
    .option("--out <file>", "where to write it; fleet.schema.json goes beside it", "fleet.yaml")
    .option("--force", "overwrite what is there")
    .addHelpText("after", initExamples)
    .action(act((options: InitOptions) => initFleet(terminal, options)));
}

async function checkFleet({ out }: Terminal, path: string): Promise<number> {
  out.write(`${path}: valid: ${countWords(await loadFleet(path))}\n`);
  return 0;
}

function countWords({ environments, secrets, policy }: Fleet): string {
  const entries = Object.values(environments);
  const capabilities = entries.flatMap((entry) => Object.keys(entry.capabilities ?? {}));
  return [
    counted(entries.length, "environment"),
    counted(Object.keys(secrets).length, "secret"),
    counted(capabilities.length, "capability"),
    `policy mode ${policy.mode}`,
  ].join(", ");
}

function printSchema({ out }: Terminal): number {
  out.write(`${printableJson(fleetJsonSchema())}\n`);
  return 0;
}
