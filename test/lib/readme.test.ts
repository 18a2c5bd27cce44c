import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { metricNames } from "../../functions/contract.ts";
import { alarmSlugs } from "../../lib/alarm-slugs.ts";
import { contextKeys } from "../../lib/config.ts";
import { templateOf } from "./stack-bed.ts";

const readme = await readFile("README.md", "utf8");

describe("what README says of the stack", () => {
  it("names every setting of a deployment", () => {
    expect(contextKeys.filter((key) => !readme.includes(`-c ${key}=`))).toEqual([]);
  });

  it("names only outputs that are there", () => {
    const named = [...readme.matchAll(/\$\(out ([A-Za-z]+)\)/g)].map(([, name = ""]) => name);
    const outputs = Object.keys(templateOf().findOutputs("*"));

    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((name) => !outputs.includes(name))).toEqual([]);
  });

  it("counts the alarms and the metrics that are paid for", () => {
    const alarms = Object.values(templateOf().findResources("AWS::CloudWatch::Alarm"));
    const watched = alarms.map(({ Properties }) => {
      const metrics: { MetricStat?: object }[] | undefined = Properties["Metrics"];
      return metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1;
    });
    const total = watched.reduce((sum, count) => sum + count, 0);

    expect(readme).toContain(
      `| alarms | ${alarmSlugs.length}, over ${total} metrics at 0.10 | ${(total / 10).toFixed(2)} |`,
    );
    expect(readme).toContain(`| custom metrics | ${Object.keys(metricNames).length} at 0.30`);
  });
});

describe("what RUNBOOK says of the stack", () => {
  it("names only outputs that are there", async () => {
    const runbook = await readFile("RUNBOOK.md", "utf8");
    const named = [...runbook.matchAll(/(?:\$\(|`)out ([A-Za-z]+)/g)].map(([, name = ""]) => name);
    const outputs = Object.keys(templateOf().findOutputs("*"));

    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !outputs.includes(name))).toEqual([]);
  });
});
