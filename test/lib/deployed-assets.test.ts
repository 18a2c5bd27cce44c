import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { DurableLambdaHandler } from "@aws/durable-execution-sdk-js";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { settings } from "../../functions/contract.ts";
import type { HealResult } from "../../functions/heal/heal-run.ts";
import { openTable, tableName } from "../adapters/dynamodb-bed.ts";
import { type FunctionBench, openFunction } from "../heal/function-bench.ts";
import { Lambda } from "../sandbox/lambda.ts";
import { runCdk } from "./cdk-process.ts";

interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

interface TemplateResource {
  readonly Type: string;
  readonly Properties: {
    readonly Description?: string;
    readonly Handler?: string;
    readonly Runtime?: string;
    readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
    readonly Code?: { readonly S3Key: { readonly "Fn::Sub"?: string } | string };
  };
}

/** One function as it was synthesised: where its asset was unpacked, and what its template says. */
interface Deployed {
  readonly folder: string;
  readonly file: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const synthTimeoutMs = 240_000;
const healFunction = "heal";
let synthesised: string;
let check: Deployed;
let heal: Deployed;
let widget: Deployed;

beforeAll(async () => {
  synthesised = await mkdtemp(join(tmpdir(), "tallystick-assets-"));
  const out = join(synthesised, "cdk.out");
  const { code, output } = await runCdk(["synth", "--quiet", "--output", out]);
  if (code !== 0) throw new Error(output);
  const template: Template = JSON.parse(await readFile(join(out, "Tallystick.template.json"), "utf8"));
  check = await unpack(out, template, /^Tallystick check/);
  heal = await unpack(out, template, /^Tallystick heal/);
  widget = await unpack(out, template, /^Tallystick widget/);
  await LocalDurableTestRunner.setupTestEnvironment({ skipTime: false });
}, synthTimeoutMs);

afterAll(async () => {
  await LocalDurableTestRunner.teardownTestEnvironment();
  await rm(synthesised, { recursive: true, force: true });
});

/** Lambda unpacks an asset into a folder of its own, with nothing beside it. */
async function unpack(out: string, { Resources }: Template, description: RegExp): Promise<Deployed> {
  const found = Object.values(Resources).filter(
    ({ Type, Properties }) =>
      Type === "AWS::Lambda::Function" && description.test(Properties.Description ?? ""),
  );
  const [one] = found;
  if (one === undefined || found.length > 1) throw new Error(`${found.length} functions are ${description}`);
  const { Code, Handler, Runtime, Environment } = one.Properties;
  expect({ Handler, Runtime }).toEqual({ Handler: "index.handler", Runtime: "nodejs24.x" });
  const hash = /[0-9a-f]{64}/.exec(JSON.stringify(Code))?.[0];
  const folder = join(synthesised, `task-${hash}`);
  await cp(join(out, `asset.${hash}`), folder, { recursive: true });
  return { folder, file: join(folder, "index.mjs"), variables: Environment?.Variables ?? {} };
}

/** What stands around both functions. */
interface Bed {
  readonly bench: FunctionBench;
  readonly table: Awaited<ReturnType<typeof openTable>>;
}

/** The template's own environment, with what CloudFormation would fill in taken from the sandbox. */
function environmentOf({ variables, folder }: Deployed, { bench, table }: Bed): Record<string, string> {
  const { aws, railway } = bench.fleet;
  const filledIn: Readonly<Record<string, string>> = {
    [settings.signingSeedSecret]: "tallystick/signing-seed",
    [settings.topicArn]: bench.topicArn,
    [settings.healFunction]: aws.functions.create(healFunction, { durable: true }),
    [settings.stateTable]: tableName,
  };
  const resolved = Object.entries(variables).map(([name, value]) => {
    const text = typeof value === "string" ? value : filledIn[name];
    if (text === undefined) throw new Error(`nothing is known to fill ${name} with`);
    return [name, text] as const;
  });
  return {
    ...Object.fromEntries(resolved),
    LAMBDA_TASK_ROOT: folder,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    [settings.railwayApiUrl]: railway.apiUrl,
    // The asset's own fleet is the example's; the sandbox's stands elsewhere.
    [settings.fleet]: bench.fleetFile,
  };
}

/** The check function's asset in a process of its own, over a fleet of the sandbox. */
async function openCheck(drifted: boolean) {
  const bench = await openFunction({ hosts: ["vps"] });
  const bed: Bed = { bench, table: await openTable() };
  if (drifted) await bench.fleet.rotate("AUTH");
  const lambda = await Lambda.start(environmentOf(check, bed), pathToFileURL(check.file).href);
  onTestFinished(async () => {
    bench.keep(lambda.log.join("\n"));
    await lambda.stop();
  });
  return { ...bed, lambda };
}

/** The heal function's asset, loaded anew and run by AWS's own local runner. */
async function runHeal(bed: Bed, payload: unknown) {
  const { bench } = bed;
  const variables = { ...environmentOf(heal, bed), NODE_OPTIONS: undefined };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  // Another address, or the module that other variables were read by would be given once more.
  const url = `${pathToFileURL(heal.file).href}?${bench.topicArn}`;
  const { handler }: { handler: DurableLambdaHandler } = await import(/* @vite-ignore */ url);
  const runner = new LocalDurableTestRunner<HealResult>({ handlerFunction: handler });
  const execution = await runner.run({ payload });
  bench.keep(execution.getHistoryEvents());
  return execution;
}

const labelEvent = (arn: string, name: string) => ({
  version: "0",
  source: "aws.secretsmanager",
  "detail-type": "Secret Label Updated",
  resources: [arn],
  detail: { name, labelUpdated: "AWSCURRENT", versionId: "v" },
});

/** What the widget's asset shows, in a process of its own. */
async function showWidget(bed: Bed): Promise<unknown> {
  const lambda = await Lambda.start(environmentOf(widget, bed), pathToFileURL(widget.file).href);
  onTestFinished(() => lambda.stop());
  return lambda.invoke({ widgetContext: { theme: "dark" } });
}

describe("the synthesised asset of check, unpacked and loaded", () => {
  it("looks when the schedule ticks", async () => {
    const { lambda } = await openCheck(false);

    const answer = await lambda.invoke({});

    expect(answer).toMatchObject({
      kind: "returned",
      result: { status: "in-sync", run: { trigger: "schedule" } },
    });
  });

  it("looks when a secret's label moves, and only for the fleet's own", async () => {
    const { lambda } = await openCheck(false);
    const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:";

    const own = await lambda.invoke(labelEvent(`${arn}prod/AUTH-AbCdEf`, "prod/AUTH"));
    const other = await lambda.invoke(labelEvent(`${arn}prod/other-AbCdEf`, "prod/other"));

    expect(own).toMatchObject({ kind: "returned", result: { run: { trigger: "label" } } });
    expect(other).toMatchObject({ kind: "returned", result: { ignored: expect.any(String) } });
  });

  it("looks when somebody asks it to, and refuses what it does not know", async () => {
    const { lambda, bench } = await openCheck(true);

    const good = await lambda.invoke({ mode: "observe", environments: ["api"] });
    const bad = await lambda.invoke({ mode: "repair everything" });

    expect(good).toMatchObject({
      kind: "returned",
      result: { status: "drifted", heals: [], environments: [{ name: "api" }] },
    });
    expect(bad).toMatchObject({
      kind: "failed",
      error: { message: expect.stringContaining("nothing was touched") },
    });
    expect(bench.fleet.mutations()).toEqual([]);
  });

  it("reads the fleet that travels with it where none other is named", async () => {
    const bed = await openCheck(false);
    const variables = environmentOf(check, bed);
    variables[settings.fleet] = check.variables[settings.fleet] as string;
    const lambda = await Lambda.start(variables, pathToFileURL(check.file).href);
    onTestFinished(() => lambda.stop());

    const answer = await lambda.invoke({ mode: "observe", environments: ["no-such"] });

    expect(answer).toMatchObject({
      error: { message: expect.stringContaining("it has railway-production, vps, mac-mini") },
    });
  });
});

describe("the synthesised assets of check and heal, together", () => {
  it("take a fleet from drift to a verified repair", async () => {
    const { bench, table, lambda } = await openCheck(true);
    const found = await lambda.invoke({});
    const [order] = bench.fleet.aws.functions.invocations;

    const execution = await runHeal({ bench, table }, order?.payload);
    const after = await lambda.invoke({});

    expect(found).toMatchObject({
      result: {
        status: "drifted",
        heals: [{ status: "started", execution: order?.durableExecutionName }],
      },
    });
    expect(execution.getResult()).toMatchObject({
      status: "in-sync",
      heals: [{ environment: "api", secrets: ["AUTH"], status: "healed" }],
    });
    expect(after).toMatchObject({ result: { status: "in-sync", heals: [] } });
    expect(bench.mails().map(({ subject }) => subject)).toEqual([
      "Tallystick: api held an old AUTH - repaired, verified",
    ]);
    const items = bench.keep(await table.scan());
    const shown = bench.keep(await showWidget({ bench, table }));
    expect(shown).toMatchObject({ kind: "returned", result: expect.stringContaining("2 runs") });
    expect([...new Set(items.map(({ pk }) => pk?.S))].toSorted()).toEqual(
      ["claim", "heal", "holder", "matter", "report", "run", "version"].toSorted(),
    );
  });
});
