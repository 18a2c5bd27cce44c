import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { awsClientBounds } from "../../functions/adapters/aws-bounds.ts";
import { createDynamodbMemory } from "../../functions/adapters/dynamodb-memory.ts";
import { createInProcessMemory } from "../../functions/adapters/in-process-memory.ts";
import { limits } from "../../functions/core/limits.ts";
import type { Memory } from "../../functions/core/ports.ts";
import { canary, expectNoCanary } from "../canaries.ts";
import { openTable, tableName } from "./dynamodb-bed.ts";
import { openEndpoint, openNothing } from "./http-endpoint.ts";
import { claimOf, matterOf, plainMemory } from "./memory-contract.ts";
import { anyOperations } from "./memory-operations.ts";

const now = Date.parse("2026-11-22T12:00:00.000Z");
const day = 86_400;
const unreadable = { name: "TallystickError", code: "memory-unreadable" };

function memoryAt(endpoint: string, config: DynamoDBClientConfig = {}): Memory {
  const client = new DynamoDBClient({ ...awsClientBounds, endpoint, maxAttempts: 1, ...config });
  onTestFinished(() => client.destroy());
  return createDynamodbMemory(client, tableName);
}

async function openMemory() {
  const table = await openTable();
  return { ...table, memory: createDynamodbMemory(table.client, tableName) };
}

/** One of everything. */
async function fill(memory: Memory): Promise<void> {
  await memory.noteHolders([
    { environment: "vps", secret: "AUTH", after: { verdict: "behind", sinceMs: now } },
  ]);
  await memory.noteVersions([{ secret: "AUTH", versionId: "version-2", firstSeenMs: now }]);
  await memory.claimHeal(claimOf("heal-1", ["vps"]));
  await memory.endHeal(
    { id: "heal-1", environment: "vps", startedAtMs: now },
    { atMs: now, status: "healed" },
  );
  const claim = { tellerId: "run-1", nowMs: now, untilMs: now + 1 };
  await memory.noteMatters([{ key: "matter-1", before: 0, after: matterOf(1) }], claim);
  await memory.claimMatters([{ key: "matter-1", before: 1 }], claim);
  await memory.noteRun({
    ...{ id: "run-1", startedAtMs: now, durationMs: 5, trigger: "schedule", status: "drifted" },
    wrong: [{ environment: "vps", secret: "AUTH", verdict: "behind" }],
  });
}

/** Every call of the port. */
const calls: readonly (readonly [name: string, call: (memory: Memory) => Promise<unknown>])[] = [
  ["recall", (memory) => memory.recall(now)],
  [
    "noteHolders",
    (memory) =>
      memory.noteHolders([
        { environment: "vps", secret: "AUTH", after: { verdict: "behind", sinceMs: now } },
      ]),
  ],
  ["noteVersions", (memory) => memory.noteVersions([{ secret: "A", versionId: "1", firstSeenMs: now }])],
  ["claimHeal", (memory) => memory.claimHeal(claimOf("heal-1", ["vps"]))],
  [
    "endHeal",
    (memory) =>
      memory.endHeal({ id: "1", environment: "vps", startedAtMs: now }, { atMs: now, status: "healed" }),
  ],
  ["renewHeal", (memory) => memory.renewHeal(claimOf("heal-1", ["vps"]))],
  ["proveHeal", (memory) => memory.proveHeal({ id: "1", environment: "vps", startedAtMs: now }, now)],
  ["releaseHeal", (memory) => memory.releaseHeal(claimOf("heal-1", ["vps"]))],
  [
    "noteRun",
    (memory) =>
      memory.noteRun({
        ...{ id: "1", startedAtMs: now, durationMs: 1, trigger: "hand", status: "failed", wrong: [] },
      }),
  ],
  ["recallRuns", (memory) => memory.recallRuns(now)],
  ["recallMatters", (memory) => memory.recallMatters()],
  [
    "claimMatters",
    (memory) =>
      memory.claimMatters([{ key: "a", before: 0 }], { tellerId: "1", nowMs: now, untilMs: now + 1 }),
  ],
  [
    "noteMatters",
    (memory) =>
      memory.noteMatters([{ key: "a", before: 0, after: matterOf(1) }], {
        ...{ tellerId: "1", nowMs: now, untilMs: now + 1 },
      }),
  ],
];

describe("the table's items", () => {
  it("hold names, ids, words and times, and an end where they may be forgotten", async () => {
    const { memory, scan } = await openMemory();
    await fill(memory);

    const items = (await scan()).toSorted((one, other) =>
      (one["pk"]?.S ?? "") < (other["pk"]?.S ?? "") ? -1 : 1,
    );

    const at = { N: String(now) };
    const writeId = { S: expect.stringMatching(/^[0-9a-f-]{36}$/) };
    const life = (days: number) => ({ N: String(now / 1_000 + days * day) });
    expect(items).toEqual([
      {
        ...{ pk: { S: "claim" }, sk: { S: "services" } },
        "service project/environment/vps": {
          M: { id: { S: "heal-1" }, untilMs: { N: String(now + 600_000) }, writeId },
        },
      },
      {
        ...{ pk: { S: "heal" }, sk: { S: "2026-11-22T12:00:00.000Z heal-1" } },
        ...{ id: { S: "heal-1" }, startedAtMs: at, ttl: life(30) },
        heals: {
          S: '[{"environment":"vps","targets":[{"secret":"AUTH_SECRET","versionId":"version-2"}]}]',
        },
        "end vps": { S: `{"atMs":${now},"status":"healed"}` },
      },
      {
        ...{ pk: { S: "holder" }, sk: { S: '["vps","AUTH"]' }, writeId },
        ...{ environment: { S: "vps" }, secret: { S: "AUTH" }, verdict: { S: "behind" }, sinceMs: at },
      },
      {
        ...{ pk: { S: "matter" }, sk: { S: '["matter-1"]' }, key: { S: "matter-1" }, revision: { N: "1" } },
        memory: { S: expect.stringContaining('"toldAtMs"') },
        ...{ tellerId: { S: "run-1" }, untilMs: { N: String(now + 1) }, ttl: life(90), writeId },
      },
      {
        ...{ pk: { S: "run" }, sk: { S: "2026-11-22T12:00:00.000Z run-1" }, id: { S: "run-1" } },
        ...{ startedAtMs: at, durationMs: { N: "5" }, trigger: { S: "schedule" }, status: { S: "drifted" } },
        wrong: { S: '[{"environment":"vps","secret":"AUTH","verdict":"behind"}]' },
        ...{ wrongCount: { N: "1" }, ttl: life(90) },
      },
      {
        ...{ pk: { S: "version" }, sk: { S: '["AUTH","version-2"]' } },
        ...{ secret: { S: "AUTH" }, versionId: { S: "version-2" }, firstSeenMs: at },
      },
    ]);
  });

  it("hold nothing of the environment that they are written in", async () => {
    const value = canary("a secret in the environment");
    vi.stubEnv("AUTH_SECRET", value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { memory, scan } = await openMemory();

    await fill(memory);

    const items = await scan();
    expect(items).toHaveLength(6);
    expectNoCanary(items, [value]);
  });

  it("are read page by page, strongly consistent, in a handful of queries", async () => {
    const { memory, client } = await openMemory();
    const holders = Array.from({ length: 2_000 }, (_, index) => ({
      ...{ environment: `e${index}`, secret: "S".repeat(128) },
      after: { verdict: "v".repeat(600), sinceMs: now },
    }));
    await memory.noteHolders(holders);
    const queries: object[] = [];
    client.middlewareStack.add(
      (next) => (args) => {
        queries.push(args.input);
        return next(args);
      },
      { step: "initialize" },
    );

    expect((await memory.recall(now)).holders.size).toBe(holders.length);

    const ofHolders = queries.filter((query) => JSON.stringify(query).includes('"holder"'));
    expect(ofHolders.length).toBeGreaterThan(1);
    expect(queries.length).toBe(ofHolders.length + 3);
    expect(queries).toEqual(queries.map(() => expect.objectContaining({ ConsistentRead: true })));
  });

  it("may have attributes that only a newer version knows, and reasons that only it gives", async () => {
    const { memory, plant, scan } = await openMemory();
    await fill(memory);
    for (const item of await scan()) {
      const newer = { ...item, later: { S: "unknown" } };
      await plant(
        item["pk"]?.S === "heal"
          ? { ...newer, "end vps": { S: `{"atMs":${now},"status":"failed","reason":"of-next-year"}` } }
          : newer,
      );
    }

    const { heals, holders } = await memory.recall(now);

    expect(heals).toMatchObject([{ id: "heal-1", end: { atMs: now, status: "failed" } }]);
    expect(holders.size).toBe(1);
  });
});

/** As the version wrote it that kept no repairs. */
const oldRun = {
  ...{ id: { S: "run-0" }, startedAtMs: { N: String(now) }, durationMs: { N: "5" } },
  ...{ trigger: { S: "label" }, status: { S: "drifted" }, wrongCount: { N: "1" } },
  wrong: { S: '[{"environment":"vps","secret":"AUTH","verdict":"behind"}]' },
};

describe("a run that an older version kept", () => {
  it("is recalled without what that did not keep", async () => {
    const { memory, plant } = await openMemory();
    await plant({ pk: { S: "run" }, sk: { S: "2026-11-22T12:00:00.000Z run-0" }, ...oldRun });

    expect(await memory.recallRuns(now)).toEqual([
      {
        ...{ id: "run-0", startedAtMs: now, durationMs: 5, trigger: "label", status: "drifted" },
        wrong: [{ environment: "vps", secret: "AUTH", verdict: "behind" }],
      },
    ]);
  });
});

describe("a table that cannot be read", () => {
  const cases = [
    ["ThrottlingException", 400, "throttled", true],
    ["ProvisionedThroughputExceededException", 400, "throttled", true],
    ["AccessDeniedException", 400, "access-denied", false],
    ["ResourceNotFoundException", 400, "not-found", false],
    ["ExpiredTokenException", 400, "no-credentials", false],
    ["ValidationException", 400, "refused", false],
    ["InternalServerError", 500, "unreachable", true],
  ] as const;

  it.each(cases)("is told of in our words for %s", async (name, status, code, retryable) => {
    const words = canary("AWS's words");
    const { origin } = await openEndpoint((_, response) => {
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: words }));
    });

    const error: unknown = await memoryAt(origin)
      .recall(now)
      .catch((caught: unknown) => caught);

    expect(error).toMatchObject({ ...unreadable, retryable, message: expect.stringContaining(`(${code})`) });
    expect(String(error)).toContain(tableName);
    expectNoCanary(error, [words]);
  });

  it.each(calls)("fails %s where nobody listens", async (_, call) => {
    await expect(call(memoryAt(await openNothing()))).rejects.toMatchObject({
      ...unreadable,
      retryable: true,
      message: expect.stringContaining("unreachable"),
    });
  });

  it("gives up on an answer that never comes", async () => {
    const { origin } = await openEndpoint(() => {});
    const impatient = { requestHandler: { ...awsClientBounds.requestHandler, requestTimeout: 200 } };

    await expect(memoryAt(origin, impatient).recall(now)).rejects.toMatchObject({
      ...unreadable,
      retryable: true,
    });
  });

  it("is one that is larger than it may be", async () => {
    const page = { Items: [], Count: 0, LastEvaluatedKey: { pk: { S: "holder" }, sk: { S: "x" } } };
    const { origin, requests } = await openEndpoint((_, response) => {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify(page));
    });

    await expect(memoryAt(origin).recall(now)).rejects.toMatchObject({
      ...unreadable,
      retryable: false,
      message: expect.stringContaining(`${limits.memoryPagesMax} pages`),
    });
    expect(requests.length).toBeLessThanOrEqual(4 * limits.memoryPagesMax);
  });

  it.each([
    ["holder", {}],
    ["holder", { environment: { N: "1" } }],
    ["version", { secret: { S: "AUTH" }, versionId: { S: "1" }, firstSeenMs: { N: "-5" } }],
    ["heal", { id: { S: "1" }, startedAtMs: { N: "1" }, heals: { S: "{not JSON" } }],
    ["heal", { id: { S: "1" }, startedAtMs: { N: "1" }, heals: { S: "[{}]" } }],
    [
      "heal",
      {
        ...{ id: { S: "1" }, startedAtMs: { N: "1" }, heals: { S: '[{"environment":"e","targets":[]}]' } },
        "end e": { S: '{"atMs":1,"status":"unheard-of"}' },
      },
    ],
    ["claim", { "service p/e/s": { S: "mine" } }],
  ])("is one in which somebody else's %s lies", async (partition, attributes) => {
    const { memory, plant } = await openMemory();
    const theirs = canary("somebody else's");
    await plant({ pk: { S: partition }, sk: { S: `9${theirs}` }, ...attributes, theirs: { S: theirs } });

    const error: unknown = await memory.recall(now).catch((caught: unknown) => caught);

    expect(error).toMatchObject({ ...unreadable, retryable: false });
    expect(String(error)).toContain(`"${partition}"`);
    expectNoCanary(error, [theirs]);
  });

  it.each([
    { startedAtMs: { N: "1" }, wrong: { S: "[]" } },
    { ...oldRun, wrong: { S: "{not JSON" } },
    { ...oldRun, heals: { S: "[{}]" } },
  ])("is one in which somebody else's run lies", async (attributes) => {
    const { memory, plant } = await openMemory();
    const theirs = canary("somebody else's run");
    await plant({ pk: { S: "run" }, sk: { S: `9${theirs}` }, ...attributes, theirs: { S: theirs } });

    const error: unknown = await memory.recallRuns(now).catch((caught: unknown) => caught);

    expect(error).toMatchObject({ ...unreadable, retryable: false });
    expect(String(error)).toContain('"run"');
    expectNoCanary(error, [theirs]);
  });

  it("gives a claim back whose repairs could not be noted", async () => {
    const { memory, client } = await openMemory();
    client.middlewareStack.add(
      (next, context) => (args) => {
        if (context["commandName"] === "PutItemCommand")
          throw Object.assign(new Error(), { code: "ECONNRESET" });
        return next(args);
      },
      { step: "initialize" },
    );

    await expect(memory.claimHeal(claimOf("heal-1", ["vps"]))).rejects.toMatchObject(unreadable);

    expect(plainMemory(await memory.recall(now))).toMatchObject({ claimed: [], heals: [] });
  });
});

it("remembers in DynamoDB and in process alike, whatever is done", async () => {
  await fc.assert(
    fc.asyncProperty(anyOperations, async (steps) => {
      const { memory, client } = await openMemory();
      const twin = createInProcessMemory();
      let nowMs = now;
      for (const { operation, afterMs } of steps) {
        const [answer, expected] = [await operation.act(memory, nowMs), await operation.act(twin, nowMs)];
        expect(answer, operation.words).toEqual(expected);
        expect(plainMemory(await memory.recall(nowMs)), operation.words).toEqual(
          plainMemory(await twin.recall(nowMs)),
        );
        nowMs += afterMs;
      }
      client.destroy();
    }),
    { numRuns: 20 },
  );
});
