import { type Command, InvalidArgumentError } from "commander";
import { durationMs, durationPattern } from "../core/duration.ts";
import type { CommandContext } from "./command-context.ts";
import type { HistoryOptions } from "./history-run.ts";

const examples = `
Examples:
  tallystick history                   the runs and repairs of the last 7 days
  tallystick history --since 12h       of the last 12 hours
  tallystick history --json            the same for programs

Set TALLYSTICK_STATE_TABLE to the name of the stack's state table (its output StateTable).
Runs are kept for 90 days, repairs for 30.`;

/** `tallystick history`: what the memory keeps of runs and repairs. */
export function addHistoryCommand(program: Command, { terminal, act }: CommandContext): void {
  program
    .command("history")
    .description("the last runs and repairs: when, what was wrong and for how long, and how it ended")
    .option("--since <duration>", "how far back, such as 45m, 12h or 7d", lookBackMs, durationMs("7d"))
    .option("--json", "print it as JSON, alone on standard output")
    .addHelpText("after", examples)
    .action(
      act(async (options: HistoryOptions) => {
        // As with check: the AWS clients are slow to load.
        const { historyFromCommandLine } = await import("./history-run.ts");
        return historyFromCommandLine(terminal, options);
      }),
    );
}

function lookBackMs(text: string): number {
  if (!durationPattern.test(text))
    throw new InvalidArgumentError("Give a whole number and one unit: 45m, 12h, 7d.");
  return durationMs(text);
}
