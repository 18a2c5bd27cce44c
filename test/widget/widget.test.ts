import { describe, expect, it } from "vitest";
import { createDynamodbMemory } from "../../functions/adapters/dynamodb-memory.ts";
import { lastContent } from "../../functions/widget/last-content.ts";
import { createWidget } from "../../functions/widget/widget.ts";
import { openTable, tableName } from "../adapters/dynamodb-bed.ts";
import { incident } from "../command-line/reports.ts";

const madeAtMs = Date.parse(incident.run.startedAt) + incident.run.durationMs;
const nowMs = madeAtMs + 60_000;

async function openMemory() {
  const { client, endpoint, plant, scan } = await openTable();
  return { memory: createDynamodbMemory(client, tableName), endpoint, plant, scan };
}

describe("what the widget shows", () => {
  it("is nothing where no check has been remembered", async () => {
    const { memory } = await openMemory();

    expect(await lastContent(memory, nowMs)).toBeUndefined();
  });

  it("is the last whole report with the runs of thirty days", async () => {
    const { memory } = await openMemory();
    const run = { durationMs: 1, trigger: "schedule", status: "in-sync", wrong: [] };
    await memory.noteReport(incident);
    await memory.noteRun({ ...run, id: "young", startedAtMs: nowMs - 29 * 86_400_000 });
    await memory.noteRun({ ...run, id: "old", startedAtMs: nowMs - 31 * 86_400_000 });

    const content = await lastContent(memory, nowMs);

    expect(content).toMatchObject({ report: incident, laterHeals: [] });
    expect(content?.runs.map(({ id }) => id)).toEqual(["young"]);
  });

  it("has the repairs that ended after the report was made, and no others", async () => {
    const { memory } = await openMemory();
    await memory.noteReport(incident);
    const claim = async (id: string, startedAtMs: number, endMs?: number) => {
      const heals = [{ id, environment: id, targets: [], startedAtMs }];
      await memory.claimHeal({ id, services: [], heals, startedAtMs, untilMs: startedAtMs + 1 });
      if (endMs !== undefined)
        await memory.endHeal({ id, environment: id, startedAtMs }, { atMs: endMs, status: "healed" });
    };
    await claim("before", madeAtMs - 2_000, madeAtMs - 1_000);
    await claim("across", madeAtMs - 1_000, madeAtMs + 1_000);
    await claim("begun-by-it", madeAtMs - 500);
    await claim("after", madeAtMs + 2_000);

    const content = await lastContent(memory, nowMs);

    expect(content?.laterHeals?.map(({ id }) => id)).toEqual(["across", "after"]);
  });

  it("is said to be cut where it is", async () => {
    const { memory, plant, scan } = await openMemory();
    await memory.noteReport(incident);
    const [item] = await scan();
    await plant({ ...item, isCut: { BOOL: true } });

    expect((await lastContent(memory, nowMs))?.note).toContain("too large");
  });
});

describe("the widget", () => {
  const logged: unknown[] = [];
  const logger = { error: (...entry: unknown[]) => logged.push(entry) };

  it("answers in markdown what it is, without looking at anything", async () => {
    const widget = createWidget({ logger, variables: {} });

    expect(await widget({ describe: true })).toMatch(/^## Tallystick\n/);
  });

  it("shows that it is not set up, rather than nothing", async () => {
    const widget = createWidget({ logger, variables: {} });

    const shown = await widget({ widgetContext: { theme: "dark" } });

    expect(shown).toContain('class="tally dark');
    expect(shown).toContain("TALLYSTICK_STATE_TABLE has to name the state table");
    expect(logged).toContainEqual(["nothing could be shown", { code: "setting-missing" }]);
  });
});
