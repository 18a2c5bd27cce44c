import type { Context } from "aws-lambda";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createDynamodbMemory } from "../../functions/adapters/dynamodb-memory.ts";
import { settings } from "../../functions/contract.ts";
import { openTable, tableName } from "../adapters/dynamodb-bed.ts";
import { canary, expectNoCanary } from "../canaries.ts";
import { incident } from "../command-line/reports.ts";

const secretKey = canary("widget's own credentials");
type Invoke = (event: unknown, context: Partial<Context>) => Promise<string>;

/** The exported handler as Lambda loads it, over a table of the test's own. */
async function openWidget() {
  const table = await openTable();
  vi.stubEnv("AWS_REGION", "eu-west-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretKey);
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", table.endpoint);
  vi.stubEnv(settings.stateTable, tableName);
  vi.resetModules();
  const { handler } = await import("../../functions/widget/handler.ts");
  const invoke = (event: unknown) => (handler as unknown as Invoke)(event, { functionName: "widget" });
  return { ...table, invoke, memory: createDynamodbMemory(table.client, tableName) };
}

describe("the widget's handler", () => {
  beforeEach(() => vi.unstubAllEnvs());

  it("shows the last report in the dashboard's theme", async () => {
    const { invoke, memory } = await openWidget();
    await memory.noteReport(incident);

    const light = await invoke({});
    const dark = await invoke({ widgetContext: { theme: "dark", width: 588 }, own: "parameter" });

    expect(light).toMatch(/^<div class="tally light[\s\S]*OPENCLAW_GATEWAY_TOKEN/);
    expect(dark).toMatch(/^<div class="tally dark/);
    expectNoCanary(light + dark, [secretKey]);
  });

  it("says so where no check has been remembered yet", async () => {
    const { invoke } = await openWidget();

    expect(await invoke({ widgetContext: { theme: "a new one" } })).toContain(
      "No check has been remembered yet",
    );
  });

  it("shows why it can show nothing, without what it read", async () => {
    const { invoke, plant } = await openWidget();
    await plant({
      pk: { S: "report" },
      sk: { S: "last" },
      gzip: { B: Buffer.from(secretKey) },
      isCut: { BOOL: false },
    });

    const shown = await invoke({});

    expect(shown).toContain("What was found cannot be shown");
    expect(shown).toContain("form that is not known");
    expectNoCanary(shown, [secretKey]);
  });

  it("documents itself", async () => {
    const { invoke } = await openWidget();

    expect(await invoke({ describe: true })).toContain("reads the state table alone");
  });
});
