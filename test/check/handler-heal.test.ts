import { describe, expect, it } from "vitest";
import { metricNames, settings } from "../../functions/contract.ts";
import { openHandler } from "./handler-bench.ts";

const healArn = "arn:aws:lambda:eu-west-1:111122223333:function:heal:live";
const durableHeal = { [settings.healFunction]: healArn, [settings.healKind]: "durable" };

describe("the check function with a heal function", () => {
  it("starts it with names and ids alone, and reports what it is called", async () => {
    const bench = await openHandler({ hosts: ["vps"], variables: durableHeal });
    bench.fleet.aws.functions.create("heal", { durable: true });
    await bench.fleet.rotate("AUTH");

    const report = await bench.report({});

    const { invocations } = bench.keep(bench.fleet.aws.functions);
    expect(invocations).toMatchObject([
      {
        invocationType: "Event",
        payload: {
          run: { id: report.run.id, trigger: "schedule" },
          targets: [{ environment: "api", secret: "AUTH", versionId: report.secrets[0]?.version?.id }],
        },
      },
    ]);
    expect(report.heals).toMatchObject([
      { environment: "api", status: "started", execution: invocations[0]?.durableExecutionName },
    ]);
    expect(bench.mails()).toEqual([]);
    expect(bench.fleet.mutations()).toEqual([]);
    expect(bench.metrics()).toMatchObject([
      { [metricNames.healsVerified]: 0, [metricNames.healsFailed]: 0, [metricNames.runCompleted]: 1 },
    ]);
  });

  it("tells people, and counts a failed repair, where it cannot be started", async () => {
    const bench = await openHandler({ hosts: ["vps"], variables: durableHeal });
    await bench.fleet.rotate("AUTH");

    const report = await bench.report({});

    expect(report.heals).toMatchObject([{ status: "failed", reason: "heal-not-started" }]);
    expect(bench.mails()).toHaveLength(1);
    expect(bench.metrics()).toMatchObject([{ [metricNames.healsFailed]: 1 }]);
  });

  it("ends failed where it is not told of what kind the heal function is", async () => {
    const variables = { ...durableHeal, [settings.healKind]: "lasting" };
    const bench = await openHandler({ hosts: ["vps"], variables });

    await expect(bench.invoke({})).rejects.toThrow(`${settings.healKind} must be one of durable, plain`);
    expect(bench.contacts()).toBe(0);
  });
});
