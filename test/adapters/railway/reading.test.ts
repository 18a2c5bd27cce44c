import { expect, test } from "vitest";
import { errorOf } from "../../../functions/adapters/railway/failure.ts";
import { readExchange } from "../../../functions/adapters/railway/reading.ts";

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | object;
}

const reading = { purpose: "reading a service", mutates: false };
const writing = { purpose: "setting a service's variables", mutates: true };

function readAnswer({ status = 200, headers = {}, body }: Answer) {
  return readExchange({
    kind: "answered",
    status,
    header: (name) => headers[name],
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

const nowMs = Date.UTC(2026, 7, 1);

function errorFor(answer: Answer, operation = reading) {
  const result = readAnswer(answer);
  if (result.kind !== "failed") throw new Error("the answer was not read as a failure");
  return errorOf(result.failure, operation, nowMs);
}

function graphql(message: string, rest: object = { extensions: { code: "INTERNAL_SERVER_ERROR" } }): object {
  return { data: null, errors: [{ message, ...rest }] };
}

test("gives the data of an answer without errors", () => {
  expect(readAnswer({ body: { data: { a: 1 }, errors: [] } })).toEqual({ kind: "data", data: { a: 1 } });
});

test.for<[string, Answer, string, boolean]>([
  ["Not Authorized", { body: graphql("Not Authorized") }, "railway-not-authorized", false],
  ["Project Token not found", { body: graphql("Project Token not found") }, "railway-not-authorized", false],
  [
    "UNAUTHENTICATED",
    { body: graphql("?", { extensions: { code: "UNAUTHENTICATED" } }) },
    "railway-not-authorized",
    false,
  ],
  ["2FA", { body: graphql("Two Factor Authentication Required") }, "railway-not-authorized", false],
  ["HTTP 401", { status: 401, body: "" }, "railway-not-authorized", false],
  ["HTTP 403", { status: 403, body: "{}" }, "railway-not-authorized", false],
  ["HTTP 429", { status: 429, body: graphql("Too many requests") }, "railway-throttled", true],
  ["Cloudflare's text", { status: 429, body: "error code: 1015" }, "railway-throttled", true],
  ["Cloudflare's page", { status: 403, body: "<html>Access denied</html>" }, "railway-throttled", true],
  [
    "the deployment limit",
    { body: graphql("Service deployment rate limit exceeded") },
    "railway-throttled",
    true,
  ],
  ["too quickly", { body: graphql("You are doing that too quickly") }, "railway-throttled", true],
  ["ServiceInstance not found", { body: graphql("ServiceInstance not found") }, "railway-refused", false],
  ["no snapshot", { body: graphql("Cannot redeploy without a snapshot") }, "railway-refused", false],
  ["a problem", { body: graphql("Problem processing request", {}) }, "railway-refused", false],
  ["HTTP 400", { status: 400, body: graphql("Unknown argument") }, "railway-refused", false],
  ["HTTP 404", { status: 404, body: "<html>" }, "railway-refused", false],
  ["a redirect", { status: 302, body: "" }, "railway-refused", false],
  ["HTTP 500", { status: 500, body: "" }, "railway-unreachable", true],
  ["HTTP 503 with JSON", { status: 503, body: graphql("Not Authorized") }, "railway-unreachable", true],
  ["no JSON", { body: "<html>welcome</html>" }, "railway-malformed", false],
  ["no data", { body: { data: null } }, "railway-malformed", false],
  ["data beside errors", { body: { data: { a: 1 }, errors: [{ message: "no" }] } }, "railway-refused", false],
])("classifies %s", ([, answer, code, retryable]) => {
  expect(errorFor(answer)).toMatchObject({ code, retryable });
});

test("says of Not Authorized that it may mean either, and what to try", () => {
  const { message } = errorFor({ body: graphql("Not Authorized") });

  expect(message).toContain("not permitted");
  expect(message).toContain("does not exist");
  expect(message).toContain("Compare the fleet's project, environment and service ids");
});

test.for([
  ["2400", 2_400_000],
  ["Wed, 21 Oct 2026 07:28:00 GMT", undefined],
  ["-1", undefined],
] as const)("reads Retry-After %s as %s milliseconds", ([header, expected]) => {
  const error = errorFor({ status: 429, headers: { "retry-after": header }, body: "{}" });

  expect(error.retryAfterMs).toBe(expected);
});

test("tells the status, the code and the trace where their form is safe", () => {
  const body = graphql("x", { extensions: { code: "BAD_USER_INPUT" }, traceId: "552778-abc" });

  expect(errorFor({ status: 400, body }).message).toContain("(HTTP 400, BAD_USER_INPUT, trace 552778-abc)");
});

test("leaves out a code or a trace of another form", () => {
  const body = graphql("x", { extensions: { code: "bad: sk_live" }, traceId: "sk_live/1" });

  expect(errorFor({ body }).message).toMatch(/\(HTTP 200\)$/);
});

test.for([{ status: 502, body: "" }, { body: graphql("Problem processing request") }, { body: "no JSON" }])(
  "says that a mutation's outcome is unclear: %o",
  (answer) => {
    const error = errorFor(answer, writing);

    expect(error.message).toContain("read before trying again");
    expect(error.retryable).toBe(false);
  },
);

test.for([
  { status: 429, body: "{}" },
  { status: 400, body: graphql("Unknown argument") },
  { body: graphql("Not Authorized") },
])("does not call a mutation's outcome unclear where nothing was carried out: %o", (answer) => {
  expect(errorFor(answer, writing).message).not.toContain("read before trying again");
});

test.for([
  [{ kind: "unanswered", because: "timeout" }, "did not answer in time"],
  [{ kind: "unanswered", because: "network", word: "ECONNREFUSED" }, "could not be reached"],
  [{ kind: "oversized" }, "larger than any"],
] as const)("words what did not become an answer: %o", ([exchange, words]) => {
  const result = readExchange(exchange);

  expect(result.kind === "failed" && errorOf(result.failure, reading, nowMs).message).toContain(words);
});

test("says when a throttled call may go on", () => {
  const error = errorFor({ status: 429, headers: { "retry-after": "2400" }, body: "{}" });

  expect(error.message).toContain("It goes on at 2026-08-01 00:40 UTC");
});
