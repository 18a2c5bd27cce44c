import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("foreign_responder.py", import.meta.url));

const isFit = "import sys; sys.exit(sys.version_info < (3, 9))";

/** Why the foreign responder cannot run here; undefined where it can. */
export const unmet: string | undefined =
  spawnSync("python3", ["-c", isFit]).status === 0 ? undefined : "python3 of version 3.9 or newer is missing";

/** A value that had an accident: `through` names one of the tools in mangling.py. */
export interface Mangled {
  readonly of: string;
  readonly through: string;
}

export type Values = Readonly<Record<string, string | null | Mangled>>;

/** One replica, or what all replicas of an environment have in common. */
export interface ForeignReplica {
  readonly keys?: readonly string[];
  readonly values?: Values;
  readonly stored?: Values;
  readonly instance?: string;
  readonly deployment?: string;
  readonly startedAt?: string;
  readonly misbehaviour?: string;
  /** Seconds that its clock is ahead. */
  readonly clockOffset?: number;
}

/** One environment of the Python process, as foreign_responder.py reads it. */
export interface ForeignEnvironment extends ForeignReplica {
  /** What its responder calls itself. */
  readonly name: string;
  readonly keys: readonly string[];
  readonly values: Values;
  /** The first part of its address, where that is not its name. */
  readonly path?: string;
  /** Asked in turn; each overrides what stands beside this list. */
  readonly replicas?: readonly ForeignReplica[];
}

/** What the Python process was asked since it started. */
export interface Counts {
  /** GET requests to a health endpoint. */
  readonly asked: number;
  /** Any other method or address. */
  readonly other: number;
  /** Requests without exactly one challenge. */
  readonly unsigned: number;
  /** Requests to the host that a redirect leads to. */
  readonly elsewhere: number;
}

export interface ForeignProcess {
  healthOf(environment: string): string;
  counts(): Promise<Counts>;
  /** Ends the process; gives its exit code and all that it complained of. */
  stop(): Promise<{ readonly exitCode: number | null; readonly complaints: string }>;
}

/** Starts the Python process. -I keeps foreign modules away but hides its own folder, so -E -s -B it is. */
export async function startForeignProcess(
  environments: readonly ForeignEnvironment[],
): Promise<ForeignProcess> {
  const child = spawn("python3", ["-E", "-s", "-B", script], { stdio: "pipe" });
  const complaints = text(child.stderr);
  const ended = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (line: string): Promise<unknown> => {
    child.stdin.write(`${line}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`the foreign responder ended: ${await complaints}`);
    return JSON.parse(value);
  };
  const { address } = (await ask(JSON.stringify({ environments }))) as { readonly address: string };
  return {
    healthOf: (environment) => `${address}/${environment}/health`,
    counts: async () => (await ask("counts")) as Counts,
    async stop() {
      child.stdin.end();
      const [exitCode] = (await ended) as [number | null];
      return { exitCode, complaints: await complaints };
    },
  };
}
