import { describe, expect, it } from "vitest";
import { metricNames } from "../../functions/contract.ts";
import { canary } from "../canaries.ts";
import { openHandler } from "./handler-bench.ts";

const refusal = { status: 400, code: "AccessDeniedException", message: "no" };

describe("a run", () => {
  it("gives a drift as its result, not as a failure", async () => {
    const bench = await openHandler({ hosts: ["vps"], mode: "observe" });
    await bench.fleet.rotate("AUTH");

    const report = await bench.report({});

    expect(report.status).toBe("drifted");
    expect(bench.metrics()).toMatchObject([{ [metricNames.runCompleted]: 1, [metricNames.holdersWrong]: 1 }]);
  });

  it("writes one record and one set of metrics, by the contract's names", async () => {
    const bench = await openHandler({ hosts: ["vps"] });

    const report = await bench.report({});

    expect(bench.logged("run completed")).toMatchObject([{ level: "INFO", report }]);
    expect(bench.metrics()).toEqual([
      {
        [metricNames.runCompleted]: 1,
        [metricNames.holdersInSync]: 2,
        [metricNames.holdersWrong]: 0,
        [metricNames.holdersUnknown]: 0,
        [metricNames.holdersUnseen]: 0,
        [metricNames.capabilitiesDenied]: 0,
        [metricNames.healsVerified]: 0,
        [metricNames.healsFailed]: 0,
        [metricNames.healsWithheld]: 0,
        [metricNames.runDuration]: report.run.durationMs,
      },
    ]);
  });

  it("tells once how long something may have been wrong, and how long it was until its repair", async () => {
    const bench = await openHandler({ hosts: ["vps"], mode: "approve" });
    const well = await bench.report({});
    await bench.fleet.rotate("AUTH");
    const found = await bench.report({});
    await bench.report({});
    await bench.report({ mode: "fix" });

    const holder = found.environments.flatMap(({ secrets }) => secrets).find(({ since }) => since);
    const times = bench.metrics().map((each) => ({
      detect: each[metricNames.timeToDetect],
      repair: each[metricNames.timeToRepair],
    }));
    const api = found.environments.find(({ name }) => name === "api")?.secrets[0];
    expect(holder).toBeDefined();
    expect(api?.rightUntil).toBe(well.run.startedAt);
    expect(times).toEqual([
      { detect: undefined, repair: undefined },
      { detect: expect.any(Number), repair: undefined },
      { detect: undefined, repair: undefined },
      { detect: undefined, repair: expect.any(Number) },
    ]);
  });

  it("counts repairs that are withheld, but for those that its mode does not let it make", async () => {
    const bench = await openHandler({ hosts: ["vps"], mode: "observe" });
    await bench.fleet.rotate("AUTH");
    await bench.report({});
    bench.fleet.putTruth("AUTH", "changeme");
    await bench.report({});

    expect(bench.metrics().map((each) => each[metricNames.healsWithheld])).toEqual([0, 2]);
  });

  it("counts what is wrong, unseen and denied", async () => {
    const bench = await openHandler({
      hosts: ["vps", "mac"],
      mode: "observe",
      entries: ({ originOf }) => ({
        api: {
          capabilities: {
            nudge: { url: `${originOf("api")}/needs/AUTH`, header: { "X-Secret": "AUTH" } },
            skills: { url: `${originOf("api")}/skills` },
          },
        },
        mac: { health: "http://127.0.0.1:9/health" },
      }),
    });
    await bench.fleet.rotate("AUTH");

    await bench.report({});

    expect(bench.metrics()).toMatchObject([
      {
        [metricNames.holdersInSync]: 1,
        [metricNames.holdersWrong]: 1,
        [metricNames.holdersUnknown]: 1,
        [metricNames.capabilitiesDenied]: 1,
      },
    ]);
  });

  it("counts its repairs, and logs their steps", async () => {
    const bench = await openHandler({ services: { api: {}, worker: {} }, hosts: ["vps"] });
    await bench.fleet.rotate("AUTH");
    bench.fleet.railway.plant({ kind: "deployment", fate: "fails-healthcheck", serviceId: "worker" });

    await bench.report({});

    expect(bench.metrics()).toMatchObject([{ [metricNames.healsVerified]: 1, [metricNames.healsFailed]: 1 }]);
    expect(bench.logged("heal step")).toContainEqual(
      expect.objectContaining({ environments: ["api"], step: "redeploying" }),
    );
  });

  it("fails where it can read no truth, and is not counted as completed", async () => {
    const bench = await openHandler({ hosts: ["vps"] });
    bench.fleet.aws.secrets.deny("prod/AUTH");

    await expect(bench.invoke({})).rejects.toMatchObject({ code: "run-failed" });

    const [metrics = {}] = bench.metrics();
    expect(metrics).toMatchObject({ [metricNames.holdersUnknown]: 2 });
    expect(metrics).not.toHaveProperty(metricNames.runCompleted);
    expect(bench.mails()).toMatchObject([{ attributes: { kind: "failed", severity: "alert" } }]);
  });

  it("fails where nobody could be told, and its record is written all the same", async () => {
    const bench = await openHandler({ hosts: ["vps"] });
    await bench.fleet.rotate("AUTH");
    bench.fleet.aws.failNext("Publish", refusal);

    await expect(bench.invoke({})).rejects.toMatchObject({ code: "publish-failed" });

    const [metrics = {}] = bench.metrics();
    expect(metrics).toMatchObject({ [metricNames.healsVerified]: 1 });
    expect(metrics).not.toHaveProperty(metricNames.runCompleted);
    expect(bench.logged("run completed")).toMatchObject([{ report: { heals: [{ status: "healed" }] } }]);
  });

  it("starts with metrics of its own", async () => {
    const bench = await openHandler({ hosts: ["vps"] });
    await bench.report({});

    await bench.report({});

    expect(bench.metrics()).toHaveLength(2);
    expect(bench.metrics()[1]).toMatchObject({
      [metricNames.runCompleted]: 1,
      [metricNames.holdersInSync]: 2,
    });
  });
});

describe("what people are told", () => {
  it("is of a repair, which needs nobody", async () => {
    const bench = await openHandler({ hosts: ["vps"] });
    await bench.fleet.rotate("AUTH");

    await bench.report({});

    expect(bench.mails()).toMatchObject([{ attributes: { severity: "info", kind: "repaired" } }]);
  });

  it("is of a drift, which needs somebody", async () => {
    const bench = await openHandler({ hosts: ["vps", "mac"] });
    bench.fleet.holds("mac", "AUTH", canary("made up"));

    await bench.report({});

    expect(bench.mails()).toMatchObject([{ attributes: { severity: "alert", kind: "drift" } }]);
  });

  it("is nothing where all is in sync", async () => {
    const bench = await openHandler({ hosts: ["vps"] });

    await bench.report({});

    expect(bench.mails()).toEqual([]);
  });

  it("is nothing where something could not be seen", async () => {
    const bench = await openHandler({
      hosts: ["vps"],
      entries: () => ({ asleep: { health: "http://127.0.0.1:9/" } }),
    });

    const report = await bench.report({});

    expect(report.status).toBe("unknown");
    expect(bench.mails()).toEqual([]);
  });

  it("is nothing to others where somebody only looks, by hand", async () => {
    const bench = await openHandler({ hosts: ["vps"] });
    await bench.fleet.rotate("AUTH");

    const report = await bench.report({ mode: "observe" });

    expect(report.status).toBe("drifted");
    expect(bench.mails()).toEqual([]);
  });

  it("is told of a repair that was asked for by hand", async () => {
    const bench = await openHandler({ hosts: ["vps"] });
    await bench.fleet.rotate("AUTH");

    await bench.report({ mode: "fix" });

    expect(bench.mails()).toHaveLength(1);
  });

  it("needs no topic", async () => {
    const bench = await openHandler({ hosts: ["vps"], variables: { TALLYSTICK_TOPIC_ARN: undefined } });
    await bench.fleet.rotate("AUTH");

    const report = await bench.report({});

    expect(report.heals).toMatchObject([{ status: "healed" }]);
  });
});
