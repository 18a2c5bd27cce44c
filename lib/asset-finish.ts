import { readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fleetAssetName } from "../functions/contract.ts";

/**
 * Runs after esbuild, as a process: `node asset-finish.ts ROOT ASSET [FLEET]`. Lays the fleet file beside the bundle
 * and names the source map's sources by their place in the project: esbuild names them by their distance from the
 * asset, so that another folder would make another asset of the same commit.
 */
const [root, asset, fleetFile] = process.argv.slice(2);
if (root === undefined || asset === undefined) {
  throw new Error(
    "asset-finish needs the project's folder and the asset's, and the fleet file where one travels along",
  );
}

// Lambda runs as another user: what its owner alone may read would be missing there.
if (fleetFile !== undefined)
  writeFileSync(join(asset, fleetAssetName), readFileSync(fleetFile), { mode: 0o644 });

const mapFile = join(asset, "index.mjs.map");
const map: { sources: string[] } = JSON.parse(readFileSync(mapFile, "utf8"));
const sources = map.sources.map((source) => relative(root, resolve(asset, source)).replaceAll("\\", "/"));
writeFileSync(mapFile, JSON.stringify({ ...map, sources }));
