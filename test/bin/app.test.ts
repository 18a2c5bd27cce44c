import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runApp } from "../lib/cdk-process.ts";
import { ownContext } from "../lib/stack-bed.ts";

const withoutBundling = { ...ownContext, "aws:cdk:bundling-stacks": [] };

/** The CDK makes the folder before anybody can say no; whether anything stands in it is ours to decide. */
const filesIn = (folder: string) => readdir(folder).catch(() => []);

describe("the CDK app", { timeout: 120_000 }, () => {
  let folder: string;
  let outdir: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tallystick-app-"));
    outdir = join(folder, "cdk.out");
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("tells all mistakes of a call at once, and makes nothing", async () => {
    const fleet = join(folder, "fleet.yaml");
    await writeFile(fleet, "secrets: {}\nenvironments: { Vps: {} }\n");
    const slips = { stack: "1st", every: "4m", paused: "yes", email: "a@", slack: "#ops", pausde: "true" };
    const { code, output } = await runApp({ ...withoutBundling, ...slips, fleet }, outdir);
    expect(code).toBe(1);
    for (const key of Object.keys(slips)) expect(output).toContain(`  ${key}: `);
    expect(output).toContain("secrets: expected at least one secret");
    expect(output).toMatch(/fleet\.yaml:2 .*Vps/);
    expect(await filesIn(outdir)).toEqual([]);
  });

  it("names every place of a fleet that only a laptop could read, or whose name would open other secrets", async () => {
    const fleet = join(folder, "laptop.yaml");
    await writeFile(
      fleet,
      [
        "secrets:",
        "  A: { source: { env: A } }",
        "  B: { source: { secretsManager: 'prod/*' } }",
        "  C: { source: { secretsManager: prod/c } }",
        "environments:",
        "  vps: { health: https://vps.example.com/health, headers: { X-Door: { env: DOOR } } }",
        "  app: { railway: { project: p, environment: e, service: s, token: { env: RAILWAY_TOKEN } } }",
      ].join("\n"),
    );
    const { code, output } = await runApp({ ...withoutBundling, fleet }, outdir);
    expect(code).toBe(1);
    expect(output).toMatch(/laptop\.yaml: secrets\.A\.source: expected \{ secretsManager: name \}/);
    expect(output).toMatch(/laptop\.yaml: secrets\.B\.source: expected a secret's name/);
    expect(output).toContain("environments.vps.headers.X-Door: ");
    expect(output).toContain("environments.app.railway.token: ");
    expect(output).not.toContain("secrets.C");
    expect(await filesIn(outdir)).toEqual([]);
  });

  it("says when there is no such fleet file", async () => {
    const { code, output } = await runApp({ ...withoutBundling, fleet: join(folder, "none.yaml") }, outdir);
    expect(code).toBe(1);
    expect(output).toContain("none.yaml cannot be read");
    expect(await filesIn(outdir)).toEqual([]);
  });

  it.skipIf(existsSync("fleet.yaml"))("says which fleet it took where none was named", async () => {
    const made = join(folder, "made");
    const { code, output } = await runApp(withoutBundling, made);
    expect(code).toBe(0);
    expect(output).toContain("this is fleet.example.yaml");
    expect(await filesIn(made)).toContain("Tallystick.template.json");
  });

  it("fails on a finding of cdk-nag's: each of its two packs is asked", async () => {
    const plant = join(folder, "plant.mjs");
    const library = join(process.cwd(), "node_modules/aws-cdk-lib");
    await writeFile(
      plant,
      [
        `import cdk from ${JSON.stringify(join(library, "index.js"))};`,
        `import s3 from ${JSON.stringify(join(library, "aws-s3/index.js"))};`,
        `import logs from ${JSON.stringify(join(library, "aws-logs/index.js"))};`,
        "const { synth } = cdk.App.prototype;",
        "cdk.App.prototype.synth = function (options) {",
        "  const stack = this.node.children.find((child) => cdk.Stack.isStack(child));",
        "  if (stack && !stack.node.tryFindChild('Planted')) {",
        "    new s3.Bucket(stack, 'Planted');",
        "    new logs.CfnLogGroup(stack, 'PlantedLogs');",
        "  }",
        "  return synth.call(this, options);",
        "};",
      ].join("\n"),
    );
    const { code, output } = await runApp(withoutBundling, join(folder, "planted"), ["--import", plant]);
    expect(code).not.toBe(0);
    expect(output).toContain("AwsSolutions-S1");
    expect(output).toContain("Serverless-CloudWatchLogGroupRetentionPeriod");
  });
});
