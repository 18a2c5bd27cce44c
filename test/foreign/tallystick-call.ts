import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Report } from "../../functions/core/report.ts";
import { canary } from "../canaries.ts";

const program = fileURLToPath(new URL("../../bin/tallystick.ts", import.meta.url));

/** The seed of these tests' checker: it must show up nowhere, as little as a value. */
export const seed = canary("foreign seed");

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Calls the real command line as a process of its own, which inherits nothing but the search path. */
async function callTallystick(
  args: readonly string[],
  { cwd, variables }: { readonly cwd: string; readonly variables: Readonly<Record<string, string>> },
): Promise<Outcome> {
  const env = { PATH: process.env["PATH"], NODE_NO_WARNINGS: "1", ...variables };
  const child = spawn(process.execPath, [program, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [exitCode, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { exitCode, stdout, stderr };
}

/** The public key that responders have to trust, as its users get it. */
export async function readPublicKey(): Promise<string> {
  const variables = { TALLYSTICK_SIGNING_SEED: seed };
  const { stdout } = await callTallystick(["public-key"], { cwd: tmpdir(), variables });
  return stdout.trim();
}

/** A folder with a fleet file in it, and the command line called there. */
export class Desk {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(): Promise<Desk> {
    return new Desk(await mkdtemp(join(tmpdir(), "tallystick-foreign-")));
  }

  async put(fleet: string | object, file = "fleet.yaml"): Promise<void> {
    const content = typeof fleet === "string" ? fleet : JSON.stringify(fleet);
    await writeFile(join(this.#folder, file), content);
  }

  call(args: readonly string[], variables: Readonly<Record<string, string>>): Promise<Outcome> {
    return callTallystick(args, { cwd: this.#folder, variables });
  }

  files(): Promise<string[]> {
    return readdir(this.#folder);
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }
}

type Verdicts = Readonly<Record<string, object>>;

/** Environment → secret → verdict, without the sentences for people. */
export function verdictsOf(stdout: string): Readonly<Record<string, Verdicts>> {
  const { environments }: Report = JSON.parse(stdout);
  return Object.fromEntries(
    environments.map(({ name, secrets }) => [
      name,
      Object.fromEntries(secrets.map((holder) => [holder.name, withoutSentence(holder.verdict)])),
    ]),
  );
}

function withoutSentence(verdict: object): object {
  return Object.fromEntries(Object.entries(verdict).filter(([member]) => member !== "detail"));
}
