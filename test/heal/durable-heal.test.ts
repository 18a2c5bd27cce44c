import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { metricNames, settings } from "../../functions/contract.ts";
import { openHeal, orderFor } from "./heal-bench.ts";

beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: false }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

const mutationsOfOneHeal = ["variableCollectionUpsert", "deploymentRedeploy"];

/** A fleet whose one service on Railway holds the value before the current one. */
async function openDrifted(options: Parameters<typeof openHeal>[0] = {}) {
  const bench = await openHeal({ hosts: ["vps"], ...options });
  const current = await bench.fleet.rotate("AUTH");
  return { bench, current };
}

describe("an execution of heal", () => {
  it("writes, redeploys, waits, verifies, and tells its end", async () => {
    const { bench, current } = await openDrifted();

    const execution = await bench.execute(orderFor("api"));

    expect(execution.getResult()).toMatchObject({
      status: "in-sync",
      heals: [
        {
          environment: "api",
          secrets: ["AUTH"],
          status: "healed",
          was: [{ verdict: { kind: "behind" }, cause: "variable", action: "set-and-redeploy" }],
        },
      ],
    });
    expect(bench.fleet.mutations()).toEqual(mutationsOfOneHeal);
    expect(bench.fleet.stored("api")["AUTH"]).toBe(current);
    expect(bench.mails().map(({ subject }) => subject)).toEqual([
      "Tallystick: api held an old AUTH - repaired, verified",
    ]);
    expect(bench.logged("heal completed")).toMatchObject([{ report: { run: { id: "run-1" } } }]);
    expect(bench.metrics()).toEqual([{ [metricNames.healsVerified]: 1, [metricNames.healsFailed]: 0 }]);
  });

  it("has steps that are named, and hold neither a value nor a fingerprint", async () => {
    const { bench } = await openDrifted();

    const execution = await bench.execute(orderFor("api"));

    const names = execution
      .getOperations()
      .flatMap((each) => (each.getType() === "STEP" ? [each.getName()] : []));
    expect(names).toEqual([
      ...["begin", "start", "judge-again", "write", "redeploy", "deployment", "verify-api", "end"],
      ...["look-again", "record", "tell"],
    ]);
    const history = JSON.stringify(execution.getHistoryEvents());
    expect(history).toContain("set-and-redeploy");
    expect(history.replaceAll(/publicKey\\*":\\*"[^"\\]*/g, ""), "32 bytes in base64url").not.toMatch(
      /[A-Za-z0-9_-]{43}/,
    );
  });

  it("tells a deployment that fails, and counts it", async () => {
    const { bench } = await openDrifted();
    bench.fleet.railway.plant({ kind: "deployment", fate: "fails-healthcheck" });

    const execution = await bench.execute(orderFor("api"));

    expect(execution.getResult()).toMatchObject({
      status: "drifted",
      heals: [{ status: "failed", reason: "deployment-failed" }],
    });
    expect(bench.fleet.mutations()).toEqual(mutationsOfOneHeal);
    expect(bench.mails()[0]?.body).toContain("holds an old AUTH - not repaired. Somebody has to act.");
    expect(bench.metrics()).toEqual([{ [metricNames.healsVerified]: 0, [metricNames.healsFailed]: 1 }]);
  });

  it("is resumed after every wait, and does and says each thing once", async () => {
    const { bench } = await openDrifted({ deployingMs: 3_500 });

    const execution = await bench.execute(orderFor("api"));

    expect(execution.getInvocations().length).toBeGreaterThan(3);
    expect(bench.fleet.mutations()).toEqual(mutationsOfOneHeal);
    const steps = bench.logged("heal step").map(({ step }) => step);
    expect(steps.filter((step) => step === "redeploying")).toHaveLength(1);
    // What kind of token it is was learnt by the first invocation.
    expect(bench.fleet.calls("projectToken")).toBe(1);
    expect(bench.mails()).toHaveLength(1);
  });
});

describe("an order", () => {
  it("cannot have anything pushed but what is current", async () => {
    const { bench, current } = await openDrifted();

    await bench.execute({
      ...orderFor("api"),
      targets: [{ environment: "api", secret: "AUTH", versionId: "the version before" }],
    });

    expect(bench.fleet.stored("api")["AUTH"]).toBe(current);
  });

  it.each([
    ["is no object", "AUTH"],
    ["has more than an order has", { ...orderFor("api"), value: "x" }],
    ["has no targets", { ...orderFor("api"), targets: [] }],
    [
      "names a target without its environment",
      { ...orderFor("api"), targets: [{ secret: "AUTH", versionId: "v" }] },
    ],
  ])("that %s ends the execution failed, and nothing is touched", async (_what, event) => {
    const { bench } = await openDrifted();

    const execution = await bench.execute(event);

    expect(execution.getStatus()).toBe("FAILED");
    expect(execution.getError().errorMessage).toMatch(/^nothing was touched: /);
    expect(bench.contacts()).toBe(0);
  });

  it("of what the fleet does not have is refused with all its mistakes at once", async () => {
    const { bench } = await openDrifted();
    const [target] = orderFor("apo").targets;

    const execution = await bench.execute({
      ...orderFor("apo"),
      targets: [target, { environment: "api", secret: "OTHER", versionId: "v" }],
    });

    expect(execution.getError().errorMessage).toMatch(/"apo" is no environment.*"OTHER" is no secret/);
    expect(bench.fleet.mutations()).toEqual([]);
  });

  it("for a host that nothing can be pushed to is refused", async () => {
    const { bench } = await openDrifted();

    const execution = await bench.execute(orderFor("vps"));

    expect(execution.getError().errorMessage).toContain("vps is not on Railway");
  });

  it("by the schedule is withheld where the policy leaves repairs to a person, whose own is not", async () => {
    const { bench } = await openDrifted({ mode: "approve" });

    const scheduled = await bench.execute(orderFor("api"));
    const mutated = bench.fleet.mutations().length;
    const asked = await bench.execute({ ...orderFor("api"), run: { id: "run-2", trigger: "manual" } });

    expect(scheduled.getResult()).toMatchObject({ heals: [{ status: "withheld", reason: "mode" }] });
    expect(mutated).toBe(0);
    expect(asked.getResult()).toMatchObject({ heals: [{ status: "healed" }] });
  });

  it("is withheld where the policy only observes", async () => {
    const { bench } = await openDrifted({ mode: "observe" });

    const execution = await bench.execute(orderFor("api"));

    expect(execution.getResult()).toMatchObject({ heals: [{ status: "withheld", reason: "mode" }] });
    expect(bench.fleet.mutations()).toEqual([]);
  });
});

describe("an execution that cannot do its work", () => {
  it("is invoked once more where its seed cannot be read just now, and mends what it had begun", async () => {
    const { bench } = await openDrifted({ deployingMs: 3_500 });
    let invocations = 0;
    const failing: typeof bench.handler = async (event, context) => {
      invocations += 1;
      if (invocations === 2)
        for (let failures = 0; failures < 6; failures += 1)
          bench.fleet.aws.failNext("GetSecretValue", {
            status: 500,
            code: "InternalServiceError",
            message: "no",
          });
      // The local runner takes a failed invocation for the end; Lambda makes another.
      return bench.handler(event, context).catch(() => bench.handler(event, context));
    };

    const execution = await bench.execute(orderFor("api"), failing);

    expect(invocations).toBeGreaterThan(1);
    expect(execution.getResult()).toMatchObject({ heals: [{ status: "healed" }] });
    expect(bench.fleet.mutations()).toEqual(mutationsOfOneHeal);
  });

  it("ends failed, and does not throw, where its seed is not there: Lambda would try again without end", async () => {
    const { bench } = await openDrifted({ variables: { [settings.signingSeedSecret]: "no/such/seed" } });

    const execution = await bench.execute(orderFor("api"));

    expect(execution.getStatus()).toBe("FAILED");
    expect(execution.getError().errorMessage).toContain("no/such/seed");
    expect(bench.fleet.mutations()).toEqual([]);
  });

  it("tells its end a little later where it cannot be told at once, and counts it once", async () => {
    const { bench } = await openDrifted();
    for (let failures = 0; failures < 3; failures += 1)
      bench.fleet.aws.failNext("Publish", { status: 500, code: "InternalError", message: "no" });

    await bench.execute(orderFor("api"));

    expect(bench.mails()).toHaveLength(1);
    expect(bench.metrics()).toHaveLength(1);
  });

  it("ends failed where nobody could be told, and its end is in the log all the same", async () => {
    const { bench } = await openDrifted({
      variables: { [settings.topicArn]: "arn:aws:sns:eu-west-1:111122223333:none" },
    });

    const execution = await bench.execute(orderFor("api"));

    expect(execution.getStatus()).toBe("FAILED");
    expect(execution.getError().errorMessage).toContain("the message was not published");
    expect(bench.logged("heal completed")).toHaveLength(1);
    expect(bench.metrics()).toMatchObject([{ [metricNames.healsVerified]: 1 }]);
  });
});
