import { stat } from "node:fs/promises";
import { build } from "esbuild";

/** Bundles an entry as it is deployed, everything in it; gives the file and its size. */
export async function bundle(entry: string, file: string): Promise<{ file: string; bytes: number }> {
  await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node24",
    mainFields: ["module", "main"],
    define: { esbuildDetection: "1" },
    banner: { js: "import{createRequire as c}from'node:module';const require=c(import.meta.url);" },
    logLevel: "error",
  });
  return { file, bytes: (await stat(file)).size };
}
