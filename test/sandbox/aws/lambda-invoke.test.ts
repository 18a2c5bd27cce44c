import { type InvokeCommandInput, Lambda } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { startAws } from "./aws-stand-in.ts";
import type { Invocation } from "./lambda/function-store.ts";
import { expectRefusal, openTestBed } from "./test-bed.ts";

const home = "arn:aws:lambda:eu-west-1:111122223333:function";
const payloadBytesMax = 2 ** 20;

/** A function `heal` with the alias `live`, and how it is invoked. */
async function openFunction(durable: boolean) {
  const handed: Invocation[] = [];
  const { aws, lambda } = await openTestBed({ onInvoke: (invocation) => handed.push(invocation) });
  const arn = aws.functions.create("heal", { durable });
  const invoke = (changes: Partial<InvokeCommandInput> = {}) =>
    lambda.invoke({ FunctionName: arn, InvocationType: "Event", ...changes });
  return { aws, arn, invoke, handed };
}

/** Asks without the SDK, which would not send what is wrong. */
async function post(endpoint: string, path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${endpoint}${path}`, { method: "POST", headers, body: "{}" });
  return { status: response.status, code: response.headers.get("x-amzn-errortype") };
}

describe("a durable function", () => {
  it("is started under the name that the caller gives", async () => {
    const { aws, arn, invoke, handed } = await openFunction(true);
    const { StatusCode, DurableExecutionArn } = await invoke({
      DurableExecutionName: "repair-1",
      Payload: '{"targets":[1]}',
    });
    expect(arn).toBe(`${home}:heal:live`);
    expect(StatusCode).toBe(202);
    // AWS Lambda API reference, Execution, DurableExecutionArn: a version, never an alias.
    expect(DurableExecutionArn).toMatch(/^arn:.*:function:heal:1\/durable-execution\/repair-1\/[\w-]+$/);
    const invocation = {
      functionArn: arn,
      invocationType: "Event",
      payload: { targets: [1] },
      durableExecutionName: "repair-1",
      executionArn: DurableExecutionArn,
    };
    expect(handed).toEqual([invocation]);
    expect(aws.functions.invocations).toEqual([invocation]);
  });

  it("is not started again under the same name with the same payload", async () => {
    const { aws, invoke, handed } = await openFunction(true);
    const order = { DurableExecutionName: "repair-1", Payload: "[1]" };
    const first = await invoke(order);
    const second = await invoke(order);
    expect(second).toMatchObject({ StatusCode: 202, DurableExecutionArn: first.DurableExecutionArn });
    expect(handed).toHaveLength(1);
    expect(aws.functions.invocations).toHaveLength(1);
  });

  it("refuses the same name with another payload", async () => {
    const { invoke, handed } = await openFunction(true);
    await invoke({ DurableExecutionName: "repair-1", Payload: "[1]" });
    const second = invoke({ DurableExecutionName: "repair-1", Payload: "[2]" });
    await expectRefusal(second, "DurableExecutionAlreadyStartedException");
    await expect(second).rejects.toMatchObject({ $metadata: { httpStatusCode: 409 }, Type: "User" });
    expect(handed).toHaveLength(1);
  });

  it("lets another function use the same name", async () => {
    const { aws, invoke, handed } = await openFunction(true);
    const other = aws.functions.create("other", { durable: true });
    await invoke({ DurableExecutionName: "repair-1", Payload: "[1]" });
    await invoke({ FunctionName: other, DurableExecutionName: "repair-1", Payload: "[2]" });
    expect(handed).toHaveLength(2);
  });

  it("is given a name of its own where the caller gives none", async () => {
    const { invoke, handed } = await openFunction(true);
    await invoke();
    await invoke();
    expect(new Set(handed.map(({ durableExecutionName }) => durableExecutionName)).size).toBe(2);
    expect(handed[0]?.executionArn).toContain(`/${handed[0]?.durableExecutionName}/`);
  });

  it.each(["heal", `${home}:heal`, "111122223333:function:heal"])(
    "is not invoked as %s, without a qualifier",
    async (FunctionName) => {
      const { invoke, handed } = await openFunction(true);
      await expectRefusal(
        invoke({ FunctionName }),
        "InvalidParameterValueException",
        /^You cannot invoke a durable function using an unqualified ARN\.$/,
      );
      expect(handed).toEqual([]);
    },
  );

  it.each([
    { FunctionName: "heal:live" },
    { FunctionName: "111122223333:function:heal:live" },
    { FunctionName: "heal", Qualifier: "live" },
    { FunctionName: "heal:live", Qualifier: "live" },
  ])("is the same one as %o", async (named) => {
    const { arn, invoke, handed } = await openFunction(true);
    await invoke(named);
    expect(handed).toMatchObject([{ functionArn: arn }]);
  });

  it.each(["1", "$LATEST"])("may be invoked as its version %s", async (version) => {
    const { invoke, handed } = await openFunction(true);
    await invoke({ FunctionName: `heal:${version}` });
    expect(handed[0]?.functionArn).toBe(`${home}:heal:${version}`);
    expect(handed[0]?.executionArn).toContain(`:heal:${version}/durable-execution/`);
  });

  it.each(["x".repeat(65), "two words", "repair/1", "repair.1", "repair:1"])(
    "refuses the execution name %s",
    async (DurableExecutionName) => {
      const { invoke, handed } = await openFunction(true);
      await expectRefusal(invoke({ DurableExecutionName }), "ValidationException", /durableExecutionName/);
      expect(handed).toEqual([]);
    },
  );

  it("takes a name of 64 characters", async () => {
    const { invoke, handed } = await openFunction(true);
    await invoke({ DurableExecutionName: "aZ0-_".padEnd(64, "x") });
    expect(handed).toHaveLength(1);
  });

  it("refuses an empty execution name", async () => {
    const { aws } = await openFunction(true);
    const headers = { "x-amz-invocation-type": "Event", "x-amz-durable-execution-name": "" };
    const { code } = await post(aws.endpoint, "/2015-03-31/functions/heal%3Alive/invocations", headers);
    expect(code).toBe("ValidationException");
  });
});

describe("a function that is not durable", () => {
  it("is invoked each time it is asked for, with or without a qualifier", async () => {
    const { arn, invoke, handed } = await openFunction(false);
    const answers = [
      await invoke({ Payload: "[1]" }),
      await invoke({ FunctionName: "heal", Payload: "[1]" }),
    ];
    expect(answers.map(({ DurableExecutionArn }) => DurableExecutionArn)).toEqual([undefined, undefined]);
    expect(handed).toEqual([
      { functionArn: arn, invocationType: "Event", payload: [1] },
      { functionArn: `${home}:heal`, invocationType: "Event", payload: [1] },
    ]);
  });

  it("refuses an execution name", async () => {
    const { invoke, handed } = await openFunction(false);
    await expectRefusal(invoke({ DurableExecutionName: "repair-1" }), "InvalidParameterValueException");
    expect(handed).toEqual([]);
  });
});

describe("a request to invoke", () => {
  it.each([
    `${home}:hale:live`,
    `${home}:heal:old`,
    "arn:aws:lambda:us-east-1:111122223333:function:heal:live",
    "arn:aws:lambda:eu-west-1:444455556666:function:heal:live",
  ])("finds no %s", async (FunctionName) => {
    const { invoke } = await openFunction(true);
    const asked = invoke({ FunctionName });
    await expectRefusal(asked, "ResourceNotFoundException", /^Function not found: arn:aws:lambda:/);
    await expect(asked).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  it("refuses two qualifiers that differ", async () => {
    const { invoke } = await openFunction(true);
    await expectRefusal(invoke({ Qualifier: "1" }), "InvalidParameterValueException", /qualifier/);
  });

  it.each(["heal function", "arn:aws:sns:eu-west-1:111122223333:heal", `${home}:heal:live:1`])(
    "refuses %s as a function's name",
    async (FunctionName) => {
      const { invoke } = await openFunction(true);
      await expectRefusal(invoke({ FunctionName }), "ValidationException", /functionName/);
    },
  );

  it.each(["{", " ", "undefined"])("refuses the payload %o, which is no JSON", async (Payload) => {
    const { invoke, handed } = await openFunction(true);
    await expectRefusal(invoke({ Payload }), "InvalidRequestContentException");
    expect(handed).toEqual([]);
  });

  it.each([{}, { Payload: "" }])("hands over an empty event for %o", async (without) => {
    const { invoke, handed } = await openFunction(true);
    await invoke(without);
    expect(handed).toMatchObject([{ payload: {} }]);
  });

  it("takes a payload of one megabyte and no byte more", async () => {
    const { invoke, handed } = await openFunction(true);
    const Payload = JSON.stringify("x".repeat(payloadBytesMax - 2));
    await invoke({ Payload });
    expect(handed).toHaveLength(1);
    const larger = invoke({ Payload: `${Payload} ` });
    await expectRefusal(larger, "RequestEntityTooLargeException", /1048577 byte.*limit 1048576/);
    await expect(larger).rejects.toMatchObject({ $metadata: { httpStatusCode: 413 } });
    expect(handed).toHaveLength(1);
  });

  it.each(["RequestResponse", "DryRun", undefined] as const)(
    "is refused with the invocation type %s, which the stand-in does not play",
    async (InvocationType) => {
      const { invoke } = await openFunction(true);
      await expectRefusal(invoke({ InvocationType }), "UnknownOperationException", /Event only/);
    },
  );

  it.each([
    "/2015-03-31/functions/heal/invocation",
    "/2015-03-31/functions/heal/live/invocations",
    "/2014-11-13/functions/heal/invoke-async",
    "/2015-03-31/functions",
  ])("is not understood at %s", async (path) => {
    const { aws } = await openFunction(true);
    expect(await post(aws.endpoint, path)).toEqual({ status: 400, code: "UnknownOperationException" });
  });
});

describe("Lambda's planted faults", () => {
  it("fail the next invocation, once, before the function hears of it", async () => {
    const { aws, invoke, handed } = await openFunction(true);
    aws.failNext("Invoke", { status: 403, code: "AccessDeniedException", message: "not authorized" });
    await expectRefusal(invoke(), "AccessDeniedException", /not authorized/);
    expect(handed).toEqual([]);
    await invoke();
    expect(handed).toHaveLength(1);
  });

  it("let the SDK try again where Lambda is at fault", async () => {
    const { aws, arn, handed } = await openFunction(true);
    aws.failNext("Invoke", { status: 500, code: "ServiceException", message: "sorry" });
    const client = new Lambda({ endpoint: aws.endpoint });
    const { $metadata } = await client.invoke({ FunctionName: arn, InvocationType: "Event" });
    client.destroy();
    expect($metadata.attempts).toBe(2);
    expect(handed).toHaveLength(1);
  });

  it("delay the next invocation, and closing does not wait for it", async () => {
    const aws = await startAws({ clock: () => 0 });
    const FunctionName = aws.functions.create("heal", { durable: true });
    const client = new Lambda({ endpoint: aws.endpoint, maxAttempts: 1 });
    aws.delayNext("Invoke", 3_600_000);
    const refused = expect(client.invoke({ FunctionName, InvocationType: "Event" })).rejects.toThrow();
    await expect.poll(() => aws.requests).toHaveLength(1);
    await aws.close();
    await refused;
    expect(aws.functions.invocations).toEqual([]);
    client.destroy();
  });
});

it("records which function was asked for under which name, and never the payload", async () => {
  const { aws, arn, invoke } = await openFunction(true);
  const word = "tally-canary-5f0e1c7d";
  await invoke({ DurableExecutionName: "repair-1", Payload: JSON.stringify({ word }) });
  const refused = await invoke({ Payload: `{"word":"${word}` }).catch((error: Error) => error.message);
  expect(aws.requests).toEqual([
    { operation: "Invoke", ids: [arn, "repair-1"] },
    { operation: "Invoke", ids: [arn] },
  ]);
  expect(JSON.stringify([aws.requests, refused])).not.toContain(word);
});

it("makes closing fail where the listener of invocations is broken", async () => {
  const onInvoke = () => {
    throw new Error("broken listener");
  };
  const aws = await startAws({ clock: () => 0, onInvoke });
  const FunctionName = aws.functions.create("heal", { durable: false });
  const client = new Lambda({ endpoint: aws.endpoint, maxAttempts: 1 });
  await expectRefusal(client.invoke({ FunctionName, InvocationType: "Event" }), "InternalFailure");
  client.destroy();
  await expect(aws.close()).rejects.toMatchObject({ errors: [new Error("broken listener")] });
});
