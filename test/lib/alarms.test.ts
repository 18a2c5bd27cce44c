import { describe, expect, it } from "vitest";
import { alarmSlugs } from "../../lib/alarm-slugs.ts";
import { templateOf } from "./stack-bed.ts";

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: readonly object[];
  readonly OKActions: readonly object[];
  readonly InsufficientDataActions?: readonly object[];
  readonly EvaluationPeriods: number;
  readonly Period?: number;
  readonly Metrics?: readonly { readonly MetricStat?: { readonly Period: number } }[];
}

function alarmsOf(context: Readonly<Record<string, unknown>> = {}): readonly AlarmProperties[] {
  const found = templateOf({ context }).findResources("AWS::CloudWatch::Alarm");
  return Object.values(found).map(({ Properties }) => Properties);
}

function alarm(slug: string, context: Readonly<Record<string, unknown>> = {}): AlarmProperties | undefined {
  return alarmsOf(context).find(({ AlarmName }) => AlarmName === `Tallystick-${slug}`);
}

const operations = [{ Ref: expect.stringContaining("TopicsOperations") }];
const daySeconds = 86_400;

describe("the alarms", () => {
  it("are those of the list, each named after its stack", () => {
    const names = alarmsOf({ stack: "Second" }).map(({ AlarmName }) => AlarmName);
    expect(names.toSorted()).toEqual(alarmSlugs.map((slug) => `Second-${slug}`).toSorted());
  });

  it.each(alarmSlugs)("tell people of %s and of its end, and what to do", (slug) => {
    const found = alarm(slug);
    expect(found?.AlarmActions).toEqual(operations);
    expect(found?.OKActions).toEqual(operations);
    expect(found?.AlarmDescription).toMatch(new RegExp(`^[A-Z].{30,}\\. What to do: RUNBOOK\\.md#${slug}$`));
  });

  it("tell that nobody looks, by what is missing", () => {
    expect(alarm("not-running")).toMatchObject({
      ...{
        MetricName: "RunCompleted",
        Statistic: "Sum",
        Period: 21_600,
        EvaluationPeriods: 2,
        DatapointsToAlarm: 2,
      },
      ...{ ComparisonOperator: "LessThanThreshold", Threshold: 1, TreatMissingData: "breaching" },
    });
  });

  it("keep what they know of drift while nobody looks", () => {
    expect(alarm("drift-persists")).toMatchObject({
      ...{ MetricName: "HoldersWrong", Statistic: "Minimum", EvaluationPeriods: 2, DatapointsToAlarm: 2 },
      TreatMissingData: "ignore",
    });
  });

  it("are silent of the unknown until somebody has answered, and tell when all fall silent", () => {
    expect(alarm("unknown-persists")).toMatchObject({
      ...{
        MetricName: "HoldersUnseen",
        Statistic: "Minimum",
        EvaluationPeriods: 3,
        TreatMissingData: "missing",
      },
      InsufficientDataActions: operations,
    });
    const others = alarmsOf().filter(({ InsufficientDataActions }) => InsufficientDataActions !== undefined);
    expect(others).toHaveLength(1);
  });

  it.each([
    {
      durable: "true",
      metrics: [
        "DurableExecutionFailed",
        "DurableExecutionStopped",
        "DurableExecutionTimedOut",
        "HealsFailed",
      ],
    },
    { durable: "false", metrics: ["Errors", "HealsFailed"] },
  ])("sum up a repair's failures (durable: $durable)", ({ durable, metrics }) => {
    const text = JSON.stringify(alarm("heal-failed", { durable })?.Metrics);
    const named = [...text.matchAll(/"MetricName":"(\w+)"/g)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(metrics);
  });

  it.each(["5m", "55m", "1h", "6h", "24h"])("stay within CloudWatch's bounds at every %s", (every) => {
    const periods = alarmsOf({ every }).flatMap(({ EvaluationPeriods, Period, Metrics = [] }) =>
      [Period, ...Metrics.map(({ MetricStat }) => MetricStat?.Period)]
        .filter((period) => period !== undefined)
        .map((period) => ({ period, total: period * EvaluationPeriods })),
    );
    expect(periods.length).toBeGreaterThan(alarmSlugs.length);
    for (const { period, total } of periods) {
      expect(period % 60).toBe(0);
      expect(period).toBeLessThanOrEqual(daySeconds);
      // CloudWatch, PutMetricAlarm: a day in all for periods below an hour, seven for longer ones.
      expect(total).toBeLessThanOrEqual(period < 3_600 ? daySeconds : 7 * daySeconds);
    }
  });
});

describe("the dashboard", () => {
  it("asks its five questions in order, after the alarms", () => {
    const [dashboard] = Object.values(templateOf().findResources("AWS::CloudWatch::Dashboard"));
    const text = JSON.stringify(dashboard);
    const parts = [
      "Proves that every",
      "Alarms",
      "Is it running?",
      "Is anything wrong, and since when?",
      "What did it do?",
      "How long was it wrong? (ms)",
      "How long does it take? (ms)",
    ];
    const places = parts.map((part) => text.indexOf(part));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });
});
