import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { bundle } from "./bundle.ts";
import { median } from "./median.ts";

const run = promisify(execFile);
const imports = 11;

export interface BundleBench {
  readonly checkKb: number;
  readonly healKb: number;
  readonly bareKb: number;
  readonly responderBytes: number;
  readonly checkImportMs: number;
  readonly healImportMs: number;
  readonly bareImportMs: number;
  readonly checkToBare: number;
  readonly healToBare: number;
}

/** What a handler costs that does nothing but import the clients that ours have to have. */
const bareHandler = [
  'export { LambdaClient } from "@aws-sdk/client-lambda";',
  'export { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";',
  'export { SNSClient } from "@aws-sdk/client-sns";',
  'export { Agent } from "undici";',
].join("\n");

/** Bytes of the bundles, and how long a new process takes to import them, in turn. */
export async function benchBundles(): Promise<BundleBench> {
  const folder = await mkdtemp(join(tmpdir(), "tallystick-bench-"));
  try {
    const check = await bundle("functions/check/handler.ts", join(folder, "check.mjs"));
    const heal = await bundle("functions/heal/handler.ts", join(folder, "heal.mjs"));
    const bareSource = join(process.cwd(), "test/bench/.bare.ts");
    await writeFile(bareSource, bareHandler);
    const bare = await bundle(bareSource, join(folder, "bare.mjs")).finally(() => rm(bareSource));
    const responder = await bundle("functions/responder/index.ts", join(folder, "responder.mjs"));
    const times = { check: [] as number[], heal: [] as number[], bare: [] as number[] };
    for (let round = 0; round < imports; round += 1) {
      times.check.push(await importMs(check.file));
      times.heal.push(await importMs(heal.file));
      times.bare.push(await importMs(bare.file));
    }
    return {
      checkKb: check.bytes / 1_000,
      healKb: heal.bytes / 1_000,
      bareKb: bare.bytes / 1_000,
      responderBytes: responder.bytes,
      checkImportMs: median(times.check),
      healImportMs: median(times.heal),
      bareImportMs: median(times.bare),
      checkToBare: medianRatio(times.check, times.bare),
      healToBare: medianRatio(times.heal, times.bare),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of pairs that were taken one after the other, so that a busy machine slows both. */
function medianRatio(timesMs: readonly number[], baselinesMs: readonly number[]): number {
  return median(timesMs.map((timeMs, index) => timeMs / (baselinesMs[index] ?? Number.NaN)));
}

async function importMs(file: string): Promise<number> {
  const script = `const t=performance.now();await import(${JSON.stringify(pathToFileURL(file).href)});process.stdout.write(String(performance.now()-t));process.exit(0)`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script]);
  return Number(stdout.trim().split("\n").at(-1));
}
