import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const entry = fileURLToPath(new URL("../../bin/tallystick.ts", import.meta.url));

/** What one call of the real command line came to. */
export interface Called {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  readonly directory?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Calls `tallystick` as a process of its own, with no variables but these. */
export async function call(
  args: readonly string[],
  { directory, variables = {} }: CallOptions = {},
): Promise<Called> {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: directory,
    env: { AWS_REGION: "eu-west-1", ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exitCode, stdout, stderr };
}

/** A directory of the test's own, with these files in it. */
export async function directoryWith(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "tallystick-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await Promise.all(
    Object.entries(files).map(([name, content]) => writeFile(join(directory, name), content)),
  );
  return directory;
}

/** JSON is YAML. */
export function fleetFile(fleet: object): Readonly<Record<string, string>> {
  return { "fleet.yaml": JSON.stringify(fleet, null, 2) };
}
