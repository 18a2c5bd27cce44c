import { type Command, InvalidArgumentError } from "commander";
import type { CheckOptions } from "./check-run.ts";
import type { CommandContext } from "./command-context.ts";

const examples = `
Examples:
  tallystick check                                 look at everything in fleet.yaml
  tallystick check --only vps --secret API_TOKEN   look at one secret in one place
  tallystick check --fix                           repair what is sure, and prove it
  tallystick check --json > report.json            the report for programs
  tallystick check --html report.html              the same as a page to show around

Exit codes:
  0 in sync · 1 drifted · 2 not everything was seen · 3 a mistake in the call or the fleet
  4 the work could not be done`;

/** `tallystick check`: everything that looks and repairs. */
export function addCheckCommand(program: Command, { terminal, act }: CommandContext): void {
  program
    .command("check")
    .description(
      "compare what every process runs with the source of truth; looks only, unless --fix is given",
    )
    .option("--fleet <file>", "the fleet file", "fleet.yaml")
    .option("--fix", "repair what is surely wrong, then prove it")
    .option("--json", "print the report as JSON, alone on standard output")
    .option("--html <file>", "write the report as a web page too; it needs no network and no script")
    .option("--only <environments>", "only these environments, separated by commas", names)
    .option("--secret <names>", "only these secrets, separated by commas", names)
    .addHelpText("after", examples)
    .action(
      act(async (options: CheckOptions) => {
        // The AWS clients take a third of a second to load: who only asks for help need not wait for them.
        const { checkFromCommandLine } = await import("./check-run.ts");
        return checkFromCommandLine(terminal, options);
      }),
    );
}

/** The option may be given once with commas, or several times. */
function names(text: string, before: readonly string[] = []): readonly string[] {
  const listed = text.split(",").map((name) => name.trim());
  if (listed.includes("")) throw new InvalidArgumentError("Give names, separated by commas.");
  return [...before, ...listed];
}
