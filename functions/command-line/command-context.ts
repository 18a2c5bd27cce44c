import type { Terminal } from "./terminal.ts";

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Wraps what a command does, so that the exit code it comes to is the process's. */
  act<Inputs extends readonly unknown[]>(
    run: (...inputs: Inputs) => Promise<number>,
  ): (...inputs: Inputs) => Promise<void>;
}
