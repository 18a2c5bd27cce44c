import ora, { type Ora } from "ora";
import type { Progress } from "../core/ports.ts";
import { printable } from "../core/printable.ts";
import { isAnimated, type Terminal, wantsColour } from "./terminal.ts";

/** Shows on standard error how far a run is. */
export interface ProgressLine {
  show(progress: Progress): void;
  /** Takes away what would stand in the way of what is written next. */
  end(): void;
}

/** A line that changes on a terminal, beginning with `text`; elsewhere, as in a log, one line for each step that changes something. */
export function createProgressLine({ error: stream, variables }: Terminal, text: string): ProgressLine {
  if (!isAnimated(stream, variables)) return createStepLog(stream);
  const spinner = ora({
    stream,
    isEnabled: true,
    // Raw mode would take Ctrl+C away from whoever started this.
    discardStdin: false,
    color: wantsColour(stream, variables) ? "cyan" : false,
    text,
  }).start();
  return createSpinnerLine(spinner);
}

function createSpinnerLine(spinner: Ora): ProgressLine {
  return {
    show(progress) {
      spinner.text = printable(wordsOf(progress));
    },
    end() {
      spinner.stop();
    },
  };
}

function createStepLog(stream: NodeJS.WritableStream): ProgressLine {
  const last = new Map<string, string>();
  return {
    show(progress) {
      if (progress.kind === "asking" || progress.kind === "heard") return;
      const key = progress.environments.join();
      const words = printable(wordsOf(progress));
      // A deployment that is waited for says the same at every look.
      if (last.get(key) === words) return;
      last.set(key, words);
      stream.write(`${words}\n`);
    },
    end() {},
  };
}

function wordsOf(progress: Progress): string {
  switch (progress.kind) {
    case "asking":
      return `asking environments: 0 of ${progress.environments} heard`;
    case "heard":
      return `asking environments: ${progress.done} of ${progress.environments} heard`;
    case "healing":
      return `${progress.environments.join(", ")}: ${progress.step}`;
    case "healed":
      return `${progress.environments.join(", ")}: ${progress.status}`;
    default:
      return progress satisfies never;
  }
}
