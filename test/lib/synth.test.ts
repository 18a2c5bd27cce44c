import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canary, expectNoCanary } from "../canaries.ts";
import { type Ended, runCdk } from "./cdk-process.ts";

const canaryNames = [
  "TALLYSTICK_SIGNING_SEED",
  "INTERNAL_AUTH_SECRET",
  "OPENCLAW_GATEWAY_TOKEN",
  "RAILWAY_TOKEN",
];
const canaries = Object.fromEntries(canaryNames.map((name) => [name, canary(name)]));

/** For a Region without durable executions. */
const plain = ["--context", "durable=false"];

const toolsTimeoutMs = 240_000;

/** Where in the code a construct was made, by its path here, and how long a slow synth took: nothing that is deployed. */
const ofThisMachine = ["Tallystick.metadata.json", "performance-counters.json"];

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .toSorted();
}

async function hashesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const files = (await filesIn(folder)).filter((file) => !ofThisMachine.includes(file));
  const hashed = files.map(async (file) => {
    const content = await readFile(join(folder, file));
    return [file, createHash("sha256").update(content).digest("hex")] as const;
  });
  return Object.fromEntries(await Promise.all(hashed));
}

describe("a whole synth, offline, without credentials and without Docker", {
  timeout: toolsTimeoutMs,
}, () => {
  let folder: string;
  let first: string;
  let second: string;
  let other: string;
  let ended: readonly Ended[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tallystick-synth-"));
    first = join(folder, "first");
    second = join(folder, "far/from/the first");
    other = join(folder, "other");
    // The same fleet at another place, under a name that a shell would trip over.
    const fleet = join(folder, 'it\'s $HOME; a "fleet".yaml');
    await copyFile("fleet.example.yaml", fleet);
    const otherFleet = join(folder, "other.yaml");
    await writeFile(otherFleet, `${await readFile(fleet, "utf8")}# one line more\n`);
    ended = [
      await runCdk(["synth", "--quiet", "--output", first]),
      await runCdk(["synth", "--quiet", "--output", second, "--context", `fleet=${fleet}`], canaries),
      await runCdk([
        "synth",
        "--quiet",
        "--output",
        other,
        ...["--context", `fleet=${otherFleet}`],
        ...plain,
      ]),
    ];
  }, toolsTimeoutMs);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("comes to its end, with no finding of cdk-nag's that nobody has answered", async () => {
    expect(ended.map(({ code, output }) => (code === 0 ? "" : output))).toEqual(["", "", ""]);
    const report = JSON.parse(await readFile(join(first, "validation-report.json"), "utf8"));
    expect(report.pluginReports).toEqual([]);
  });

  it("gives the same files every time, the assets' among them", async () => {
    const hashes = await hashesOf(first);
    expect(Object.keys(hashes).filter((file) => file.endsWith("index.mjs"))).toHaveLength(3);
    expect(Object.keys(hashes).length).toBeGreaterThan(8);
    expect(await hashesOf(second)).toEqual(hashes);
  });

  it("puts the fleet into the assets of check and heal alone, and no path of this machine into any", async () => {
    const assets = (await readdir(first)).filter((name) => name.startsWith("asset."));
    expect(assets).toHaveLength(3);
    const fleet = await readFile("fleet.example.yaml", "utf8");
    const fleets = await Promise.all(
      assets.map((asset) => readFile(join(first, asset, "fleet.yaml"), "utf8").catch(() => "none")),
    );
    // The widget shows what the table has, and needs no fleet.
    expect(fleets.toSorted()).toEqual([fleet, fleet, "none"].toSorted());
    for (const asset of assets) {
      expect(await readdir(join(first, asset))).toEqual(
        expect.arrayContaining(["index.mjs", "index.mjs.map"]),
      );
      const { sources } = JSON.parse(await readFile(join(first, asset, "index.mjs.map"), "utf8"));
      expect(sources).toContain("functions/contract.ts");
      expect(sources.filter((source: string) => !/^(?:functions|node_modules)\//.test(source))).toEqual([]);
      expect(await readFile(join(first, asset, "index.mjs"), "utf8")).not.toContain(process.cwd());
    }
  });

  it("makes another asset of another fleet, with the same code in it", async () => {
    const before = Object.entries(await hashesOf(first));
    const after = Object.entries(await hashesOf(other));
    const known = new Set(before.map(([file]) => file));
    // The widget's, which has no fleet in it, is the same asset.
    expect(after.filter(([file]) => file.endsWith("index.mjs") && known.has(file))).toHaveLength(1);
    const codes = new Set(before.map(([, hash]) => hash));
    // Check's bundle is the same too; heal's is the one without durable executions.
    expect(after.filter(([file, hash]) => file.endsWith("index.mjs") && codes.has(hash))).toHaveLength(2);
  });

  it("keeps its bundles small", async () => {
    const kilobytes = await Promise.all(
      (await filesIn(first))
        .filter((file) => file.endsWith("index.mjs"))
        .map(async (file) => (await stat(join(first, file))).size / 1_000),
    );
    const [widget = 0, check = 0, heal = 0] = kilobytes.toSorted((one, other) => one - other);
    expect(widget).toBeGreaterThan(200);
    expect(widget).toBeLessThan(700);
    expect(check).toBeGreaterThan(500);
    expect(check).toBeLessThan(1_600);
    expect(heal).toBeLessThan(1_700);
  });

  it("writes nothing that stands in the environment", async () => {
    const files = await filesIn(second);
    const text = (await Promise.all(files.map((file) => readFile(join(second, file), "utf8")))).join("\n");
    expect(text.length).toBeGreaterThan(3_000_000);
    expectNoCanary(text, Object.values(canaries));
    expect(() => expectNoCanary(`${text}${canaries["RAILWAY_TOKEN"]}`, Object.values(canaries))).toThrow();
  });

  it("differs in nothing from its own template, as cdk diff sees it offline, and is seen to differ from another", async () => {
    const template = join(first, "Tallystick.template.json");
    const same = await runCdk(["diff", "--app", second, "--template", template, "--fail"]);
    expect(same).toMatchObject({ code: 0, output: expect.stringContaining("There were no differences") });
    const changed = join(folder, "changed.template.json");
    await writeFile(changed, (await readFile(template, "utf8")).replace("rate(6 hours)", "rate(7 hours)"));
    const other = await runCdk(["diff", "--app", second, "--template", changed, "--fail"]);
    expect(other).toMatchObject({ code: 1, output: expect.stringContaining("rate(7 hours)") });
  });
});
