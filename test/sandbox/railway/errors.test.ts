import { expect, test } from "vitest";
import { ask, operations, post } from "./fixtures/graphql-client.ts";
import { startQuietRailway } from "./fixtures/quiet-railway.ts";
import { gateway, gatewayIds, gatewayScope } from "./fixtures/small-world.ts";

const upsertInput = { ...gatewayIds, name: "AUTH_SECRET", value: "canary-4711", skipDeploys: true };

test("answers 200 with errors and a trace when an operation fails", async () => {
  const { railway } = await startQuietRailway();
  const ids = { environmentId: gatewayIds.environmentId, serviceId: "nowhere" };

  const { status, text } = await post(railway.apiUrl, operations.instance, ids);

  expect(status).toBe(200);
  expect(JSON.parse(text).errors).toMatchObject([
    {
      message: "ServiceInstance not found",
      path: ["serviceInstance"],
      extensions: { code: "INTERNAL_SERVER_ERROR" },
      traceId: expect.stringMatching(/^\d{19}$/),
    },
  ]);
});

test("answers a bad id without code, path or extensions", async () => {
  const { railway } = await startQuietRailway();

  const answer = await ask(railway.apiUrl, operations.variables, { ...gatewayIds, serviceId: "nowhere" });

  expect(answer).toEqual({
    data: null,
    errors: [{ message: "Problem processing request", traceId: expect.any(String) }],
  });
});

test.for([
  ["a document that is none", "query {", {}, "GRAPHQL_PARSE_FAILED"],
  ["a field that does not exist", "{ secrets }", {}, "GRAPHQL_VALIDATION_FAILED"],
  ["a variable of the wrong type", operations.upsert, { input: { name: 1 } }, "BAD_USER_INPUT"],
] as const)("answers 400 to %s", async ([, query, variables, code]) => {
  const { railway } = await startQuietRailway();

  const { status, text } = await post(railway.apiUrl, query, variables);

  expect(status).toBe(400);
  expect(JSON.parse(text).errors[0]).toMatchObject({ extensions: { code }, traceId: expect.any(String) });
});

test.for([
  [{ kind: "not-authorized" }, "Not Authorized"],
  [{ kind: "problem" }, "Problem processing request"],
  [{ kind: "deploy-rate-limit" }, "Service deployment rate limit exceeded"],
  [{ kind: "error", message: "Deployment not found" }, "Deployment not found"],
] as const)("fails with the planted error, once, and does nothing: %o", async ([fault, message]) => {
  const { railway } = await startQuietRailway();
  railway.plant({ ...fault, operation: "variableUpsert" });

  const first = await ask(railway.apiUrl, operations.upsert, { input: upsertInput });
  const stored = railway.state.stored(gatewayScope);
  const second = await ask(railway.apiUrl, operations.upsert, { input: upsertInput });

  expect(first.errors).toMatchObject([{ message }]);
  expect(stored).toHaveProperty("AUTH_SECRET", "secret-1");
  expect(second.data).toEqual({ variableUpsert: true });
});

test.for([
  [operations.upsert, upsertInput],
  [operations.collectionUpsert, { ...gatewayIds, variables: { AUTH_SECRET: "canary-4711" } }],
] as const)("repeats the value in an error when that is planted: %s", async ([query, input]) => {
  const { railway } = await startQuietRailway();
  railway.plant({ kind: "problem", echoValueInError: true });

  const { errors } = await ask(railway.apiUrl, query, { input });

  expect(errors).toMatchObject([{ message: "Problem processing request (canary-4711)" }]);
});

test("leaves other operations alone, and stops when the fault is taken out", async () => {
  const { railway } = await startQuietRailway();
  const takeOut = railway.plant({ kind: "not-authorized", operation: "variables", times: "always" });

  const other = await ask(railway.apiUrl, operations.forDeployment, gatewayIds);
  const hit = await ask(railway.apiUrl, operations.variables, gatewayIds);
  const again = await ask(railway.apiUrl, operations.variables, gatewayIds);
  takeOut();
  const after = await ask(railway.apiUrl, operations.variables, gatewayIds);

  expect([other, hit, again, after].map(({ errors }) => errors?.length ?? 0)).toEqual([0, 1, 1, 0]);
});

test("sends a server failure that is no JSON", async () => {
  const { railway } = await startQuietRailway();
  railway.plant({ kind: "unavailable", status: 503 });

  const { status, text } = await post(railway.apiUrl, operations.variables, gatewayIds);

  expect(status).toBe(503);
  expect(text).toBe("upstream connect error");
});

test.for([
  ["before", "secret-1"],
  ["after", "canary-4711"],
] as const)("cuts the connection off %s carrying a write out", async ([when, stored]) => {
  const { railway } = await startQuietRailway();
  railway.plant({ kind: "cut-off", when });

  const exchange = ask(railway.apiUrl, operations.upsert, { input: upsertInput });

  await expect(exchange).rejects.toThrow("fetch failed");
  expect(railway.state.stored(gatewayScope)).toHaveProperty("AUTH_SECRET", stored);
});

test("keeps ids, names and flags of every call, and no value", async () => {
  const { railway, clock } = await startQuietRailway();
  await ask(railway.apiUrl, operations.upsert, { input: upsertInput });
  const inline = `mutation { variableUpsert(input: {
    projectId: "p", environmentId: "e", name: "OTHER", value: "canary-4711"
  }) }`;

  await ask(railway.apiUrl, inline);

  expect(railway.calls).toEqual([
    {
      operation: "variableUpsert",
      at: clock.now(),
      ids: { ...gatewayIds, serviceId: gateway },
      variableNames: ["AUTH_SECRET"],
      flags: { skipDeploys: true },
      query: "source=test",
    },
    expect.objectContaining({ ids: { projectId: "p", environmentId: "e" }, variableNames: ["OTHER"] }),
  ]);
  expect(JSON.stringify(railway.calls)).not.toContain("canary-4711");
});
