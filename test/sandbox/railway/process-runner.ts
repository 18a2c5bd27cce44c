import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Runner } from "./runner.ts";

type Child = ChildProcessByStdio<null, Readable, null>;

const orphanGuard = new URL("./orphan-guard.ts", import.meta.url);

/** Runs each replica as a child process of its own, which prints `{"port":N}` once it listens. */
export function createProcessRunner(): Runner {
  return {
    async start(environment, { command, replicaId }, signal) {
      signal.throwIfAborted();
      const child = spawn(process.execPath, [`--import=${orphanGuard.href}`, ...command], {
        env: { ...environment },
        stdio: ["ignore", "pipe", "ignore", "ipc"],
      }) as Child;
      const stop = createStop(child);
      signal.addEventListener("abort", stop);
      try {
        return { url: `http://127.0.0.1:${await announcedPort(child, replicaId)}`, stop };
      } finally {
        signal.removeEventListener("abort", stop);
      }
    },
  };
}

/** Killing does not ask, as Railway does not with its default of no draining time. */
function createStop(child: Child): () => Promise<void> {
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  return () => {
    child.kill("SIGKILL");
    return gone;
  };
}

/** The interface stays open after the line, for a child whose output nobody reads would block. */
function announcedPort(child: Child, replicaId: string): Promise<number> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const port = portIn(line);
      if (port !== undefined) resolve(port);
    });
    child.once("exit", () => reject(new Error(`Replica ${replicaId} ended before it listened`)));
    child.once("error", reject);
  });
}

function portIn(line: string): number | undefined {
  const [, digits] = /^\{"port":(\d+)/.exec(line) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
