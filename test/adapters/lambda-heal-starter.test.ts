import { LambdaClient, type LambdaClientConfig } from "@aws-sdk/client-lambda";
import { expect, it, onTestFinished, vi } from "vitest";
import { awsClientBounds } from "../../functions/adapters/aws-bounds.ts";
import { createLambdaHealStarter, type HealFunction } from "../../functions/adapters/lambda-heal-starter.ts";
import type { HealOrder, HealStarter } from "../../functions/core/ports.ts";
import { canary, expectNoCanary } from "../canaries.ts";
import { openTestBed } from "../sandbox/aws/test-bed.ts";
import { openNothing } from "./http-endpoint.ts";

const arn = "arn:aws:lambda:eu-west-1:111122223333:function:tallystick-heal:live";
const name = "9f".repeat(32);
const order: HealOrder = {
  run: { id: "run-1", trigger: "schedule" },
  claim: { id: "claim-1", startedAtMs: 0 },
  targets: [{ environment: "vps", secret: "AUTH_SECRET", versionId: "version-2" }],
};
const nextRun: HealOrder = { ...order, run: { id: "run-2", trigger: "schedule" } };
const notStarted = { name: "TallystickError", code: "heal-not-started" };

function starterAt(
  endpoint: string,
  kind: HealFunction["kind"],
  config: LambdaClientConfig = {},
): HealStarter {
  const client = new LambdaClient({ ...awsClientBounds, endpoint, ...config });
  onTestFinished(() => client.destroy());
  return createLambdaHealStarter(client, { arn, kind });
}

/** A heal function on a stand-in of a test's own, and what starts it. */
async function openHeal(kind: HealFunction["kind"] = "durable", config: LambdaClientConfig = {}) {
  const { aws } = await openTestBed();
  aws.functions.create("tallystick-heal", { durable: kind === "durable" });
  return { aws, starter: starterAt(aws.endpoint, kind, config) };
}

it("starts a durable execution under the order's name", async () => {
  const { aws, starter } = await openHeal();

  expect(await starter.start(name, order)).toBe("started");

  expect(aws.functions.invocations).toEqual([
    {
      functionArn: arn,
      invocationType: "Event",
      durableExecutionName: name,
      executionArn: expect.stringContaining(`/durable-execution/${name}/`),
      payload: order,
    },
  ]);
});

it("starts the same order once, however often it is told to", async () => {
  const { aws, starter } = await openHeal();

  expect([await starter.start(name, order), await starter.start(name, order)]).toEqual([
    "started",
    "started",
  ]);

  expect(aws.functions.invocations).toHaveLength(1);
});

it("says that a name is taken by another order", async () => {
  const { aws, starter } = await openHeal();
  await starter.start(name, order);

  expect(await starter.start(name, nextRun)).toBe("taken");

  expect(aws.functions.invocations).toMatchObject([{ payload: order }]);
});

it("starts a plain function without a name, each time it is told to", async () => {
  const { aws, starter } = await openHeal("plain");

  expect([await starter.start(name, order), await starter.start(name, order)]).toEqual([
    "started",
    "started",
  ]);

  expect(aws.functions.invocations).toEqual([
    { functionArn: arn, invocationType: "Event", payload: order },
    { functionArn: arn, invocationType: "Event", payload: order },
  ]);
});

it("sends the order and nothing else: names and ids", async () => {
  const { aws, starter } = await openHeal();

  await starter.start(name, order);

  const [sent] = aws.functions.invocations;
  expect(Object.keys(sent?.payload ?? {}).sort()).toEqual(["claim", "run", "targets"]);
  expect(wordsIn(sent?.payload).sort()).toEqual(
    [...["run-1", "schedule", "claim-1", 0], ...["vps", "AUTH_SECRET", "version-2"]].sort(),
  );
  expect(aws.requests).toEqual([{ operation: "Invoke", ids: [arn, name] }]);
});

/** Every value in plain data, however deep. */
function wordsIn(data: unknown): unknown[] {
  return typeof data === "object" && data !== null ? Object.values(data).flatMap(wordsIn) : [data];
}

it("names the function that it may not start, and nothing of the order or of AWS's words", async () => {
  const { aws, starter } = await openHeal();
  const words = canary("AWS's words");
  aws.failNext("Invoke", { status: 403, code: "AccessDeniedException", message: words });

  const starting = starter.start(name, order);

  await expect(starting).rejects.toMatchObject({ ...notStarted, retryable: false });
  await expect(starting).rejects.toThrow(arn);
  const error: unknown = await starting.catch((caught: unknown) => caught);
  expectNoCanary(error, [words]);
  for (const word of ["AUTH_SECRET", "version-2", "run-1"]) expect(String(error)).not.toContain(word);
  expect(aws.functions.invocations).toEqual([]);
});

it.each(["durable", "plain"] as const)("tells that the %s function does not exist", async (kind) => {
  const { aws } = await openTestBed();

  await expect(starterAt(aws.endpoint, kind).start(name, order)).rejects.toMatchObject({
    ...notStarted,
    retryable: false,
    message: expect.stringContaining("not-found"),
  });
});

it("tells that a function is not of the kind that it was said to be", async () => {
  const { aws } = await openHeal("plain");

  await expect(starterAt(aws.endpoint, "durable").start(name, order)).rejects.toMatchObject(notStarted);

  expect(aws.functions.invocations).toEqual([]);
});

it("may be tried again where Lambda throttles", async () => {
  const { aws, starter } = await openHeal("durable", { maxAttempts: 1 });
  aws.failNext("Invoke", { status: 429, code: "TooManyRequestsException", message: "Rate Exceeded." });

  await expect(starter.start(name, order)).rejects.toMatchObject({ ...notStarted, retryable: true });
  expect(await starter.start(name, order)).toBe("started");
});

it("says that Lambda cannot be reached", async () => {
  const starter = starterAt(await openNothing(), "durable", { maxAttempts: 1 });

  await expect(starter.start(name, order)).rejects.toMatchObject({
    ...notStarted,
    retryable: true,
    message: expect.stringContaining("unreachable"),
  });
});

const impatient = { requestHandler: { ...awsClientBounds.requestHandler, requestTimeout: 500 } };

it("gives up on an answer that never comes", async () => {
  const { aws, starter } = await openHeal("durable", { ...impatient, maxAttempts: 1 });
  aws.delayNext("Invoke", 60_000);

  await expect(starter.start(name, order)).rejects.toMatchObject({ ...notStarted, retryable: true });
});

it("bounds a start with all its attempts", async () => {
  const { aws, starter } = await openHeal();
  aws.delayNext("Invoke", 60_000);
  const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => {
    const bound = new AbortController();
    setTimeout(() => bound.abort(), 100);
    return bound.signal;
  });
  onTestFinished(() => timeout.mockRestore());

  await expect(starter.start(name, order)).rejects.toMatchObject({ ...notStarted, retryable: true });

  expect(timeout.mock.calls).toEqual([[20_000]]);
});

it("starts once what it asked for twice, since the first answer was late", async () => {
  const { aws, starter } = await openHeal("durable", impatient);
  aws.delayNext("Invoke", 800);

  expect(await starter.start(name, order)).toBe("started");

  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(aws.requests).toHaveLength(2);
  expect(aws.functions.invocations).toHaveLength(1);
});
