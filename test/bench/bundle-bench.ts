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
  readonly handlerKb: number;
  readonly bareKb: number;
  readonly responderBytes: number;
  readonly handlerImportMs: number;
  readonly bareImportMs: number;
  readonly handlerToBare: number;
}

/** What a handler costs that does nothing but import the clients that ours has to have. */
const bareHandler = [
  'export { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";',
  'export { SNSClient } from "@aws-sdk/client-sns";',
  'export { Agent } from "undici";',
].join("\n");

/** Bytes of the bundles, and how long a new process takes to import them, in turn. */
export async function benchBundles(): Promise<BundleBench> {
  const folder = await mkdtemp(join(tmpdir(), "tallystick-bench-"));
  try {
    const handler = await bundle("functions/check/handler.ts", join(folder, "handler.mjs"));
    const bareSource = join(process.cwd(), "test/bench/.bare.ts");
    await writeFile(bareSource, bareHandler);
    const bare = await bundle(bareSource, join(folder, "bare.mjs")).finally(() => rm(bareSource));
    const responder = await bundle("functions/responder/index.ts", join(folder, "responder.mjs"));
    const times = { handler: [] as number[], bare: [] as number[] };
    for (let round = 0; round < imports; round += 1) {
      times.handler.push(await importMs(handler.file));
      times.bare.push(await importMs(bare.file));
    }
    return {
      handlerKb: handler.bytes / 1_000,
      bareKb: bare.bytes / 1_000,
      responderBytes: responder.bytes,
      handlerImportMs: median(times.handler),
      bareImportMs: median(times.bare),
      handlerToBare: median(
        times.handler.map((durationMs, index) => durationMs / (times.bare[index] ?? Number.NaN)),
      ),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function importMs(file: string): Promise<number> {
  const script = `const t=performance.now();await import(${JSON.stringify(pathToFileURL(file).href)});process.stdout.write(String(performance.now()-t));process.exit(0)`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script]);
  return Number(stdout.trim().split("\n").at(-1));
}
