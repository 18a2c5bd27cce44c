import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { printableLines } from "../core/printable.ts";
import { exitCodeOfMistake } from "../core/report.ts";
import { addCheckCommand } from "./check-command.ts";
import type { CommandContext } from "./command-context.ts";
import { addExplainCommand } from "./explain-command.ts";
import { tellFailure } from "./failure.ts";
import { addFleetCommands } from "./fleet-command.ts";
import { addPublicKeyCommand } from "./public-key-command.ts";
import { columnsOf, type Terminal } from "./terminal.ts";

const packageFile: { readonly version: string; readonly description: string } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
);

const examples = `
Start:
  tallystick fleet init      a fleet file from what a Railway token reaches
  tallystick public-key      what responders have to trust
  tallystick check           look at everything, change nothing`;

/** Runs one call of the command line; gives the process's exit code. Never throws. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const program = createProgram({
    terminal,
    act:
      (run) =>
      async (...inputs) => {
        exitCode = await run(...inputs);
      },
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has told people already; it ends so after --help and --version, too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodeOfMistake;
    return tellFailure(terminal, error);
  }
}

function createProgram(context: CommandContext): Command {
  const { out, error } = context.terminal;
  const program = new Command("tallystick")
    .description(packageFile.description)
    .version(packageFile.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .exitOverride()
    .showHelpAfterError("(--help tells more)")
    .configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: (text) => error.write(text),
      outputError: (text, write) => write(printableLines(text)),
      getOutHelpWidth: () => columnsOf(out),
      getErrHelpWidth: () => columnsOf(error),
    })
    .addHelpText("after", examples);
  addCheckCommand(program, context);
  addExplainCommand(program, context);
  addPublicKeyCommand(program, context);
  addFleetCommands(program, context);
  return program;
}
