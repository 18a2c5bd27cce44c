#!/usr/bin/env node
import { runCommandLine } from "../functions/command-line/program.ts";

// A reader such as `head` that leaves early is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

// Set, not exited with: what was written to a pipe has to arrive first.
process.exitCode = await runCommandLine(process.argv.slice(2), {
  out: process.stdout,
  error: process.stderr,
  variables: process.env,
});
