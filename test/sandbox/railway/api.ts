import { GraphQLError, parse } from "graphql";
import { Access, type Credentials, findToken } from "./access.ts";
import { type Call, describeCalls, isJson } from "./calls.ts";
import type { Clock } from "./clock.ts";
import type { Estate } from "./estate.ts";
import type { FaultBook } from "./faults.ts";
import type { GraphqlAnswer, GraphqlService, Operation } from "./graphql-service.ts";
import { EdgeGate, proPlanLimits, type Quota, QuotaCounter } from "./request-limits.ts";
import type { World } from "./world.ts";

/** An HTTP request, as far as the API looks at it. */
export interface ApiRequest {
  readonly query: string;
  readonly credentials: Credentials;
  readonly body: string;
}

/** An HTTP answer, or the end of the connection without one. */
export type ApiAnswer = HttpAnswer | "cut-off";

interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface ApiParts {
  readonly clock: Clock;
  readonly world: World;
  readonly estate: Estate;
  readonly faults: FaultBook;
  readonly graphql: GraphqlService;
}

/** The API from Cloudflare's edge down to the resolvers, without sockets. */
export class Api {
  readonly calls: Call[] = [];
  readonly #parts: ApiParts;
  readonly #gate = new EdgeGate();
  readonly #quotas: QuotaCounter;

  constructor(parts: ApiParts) {
    this.#parts = parts;
    this.#quotas = new QuotaCounter(parts.world.limits ?? proPlanLimits);
  }

  async answer(request: ApiRequest): Promise<ApiAnswer> {
    const operation = readOperation(request.body);
    const names = this.#record(operation, request.query);
    return this.#edgeAnswer(request, names) ?? (await this.#innerAnswer(request, operation, names));
  }

  #record(operation: Operation | GraphQLError, query: string): string[] {
    if (operation instanceof GraphQLError) return [];
    const now = this.#parts.clock.now();
    const calls = describeCalls(operation.document, operation.variables, now, query);
    this.calls.push(...calls);
    return calls.map((call) => call.operation);
  }

  /** Cloudflare knows nothing of the API's own limits: its page has none of their headers (facts/railway.md, 6). */
  #edgeAnswer({ query }: ApiRequest, names: readonly string[]): HttpAnswer | undefined {
    const { clock, faults } = this.#parts;
    if (query !== "") return undefined;
    const isAdmitted = this.#gate.admits(clock.now());
    const planted = faults.takeExchangeFault("edge-blocked", names);
    if (isAdmitted && !planted) return undefined;
    return planted?.page === "html" ? accessDeniedPage : accessDeniedText;
  }

  async #innerAnswer(
    { credentials }: ApiRequest,
    operation: Operation | GraphQLError,
    names: readonly string[],
  ): Promise<ApiAnswer> {
    const { clock, estate, faults, graphql, world } = this.#parts;
    const token = findToken(world.tokens, credentials);
    const quota = this.#quotas.take(token?.value ?? "", clock.now());
    const refusal = this.#refusal(quota, names);
    if (refusal) return refusal;
    const answer =
      operation instanceof GraphQLError
        ? graphql.rejection("GRAPHQL_PARSE_FAILED", [operation])
        : await graphql.answer(operation, { access: new Access(estate, token, credentials) });
    if (faults.takeCutOff("after", names)) return "cut-off";
    return jsonAnswer(answer, quota);
  }

  #refusal({ headers, retryAfterSeconds }: Quota, names: readonly string[]): ApiAnswer | undefined {
    const { faults } = this.#parts;
    if (faults.takeCutOff("before", names)) return "cut-off";
    const unavailable = faults.takeExchangeFault("unavailable", names);
    if (unavailable) return { status: unavailable.status, headers, body: "upstream connect error" };
    const seconds = faults.takeExchangeFault("rate-limited", names)?.retryAfterSeconds ?? retryAfterSeconds;
    return seconds === null ? undefined : tooManyRequests(headers, seconds);
  }
}

function readOperation(body: string): Operation | GraphQLError {
  try {
    const { query, variables, operationName } = JSON.parse(body);
    return {
      document: parse(String(query)),
      variables: isJson(variables) ? variables : {},
      operationName: typeof operationName === "string" ? operationName : null,
    };
  } catch (error) {
    return error instanceof GraphQLError ? error : new GraphQLError("Body is not a GraphQL request");
  }
}

const textHeaders = { "Content-Type": "text/plain; charset=UTF-8" };
const accessDeniedText = { status: 429, headers: textHeaders, body: "error code: 1015" };
const accessDeniedPage = {
  status: 429,
  headers: { "Content-Type": "text/html; charset=UTF-8" },
  body: "<!DOCTYPE html><html><head><title>Access denied</title></head><body>Error 1015</body></html>",
};

const jsonHeaders = { "Content-Type": "application/json; charset=utf-8" };

function jsonAnswer({ status, body }: GraphqlAnswer, { headers }: Quota): HttpAnswer {
  return { status, headers: { ...jsonHeaders, ...headers }, body: JSON.stringify(body) };
}

function tooManyRequests(headers: Quota["headers"], retryAfterSeconds: number): HttpAnswer {
  return {
    status: 429,
    headers: {
      ...jsonHeaders,
      ...headers,
      "X-RateLimit-Remaining": "0",
      "Retry-After": String(retryAfterSeconds),
    },
    body: JSON.stringify({ errors: [{ message: "Too many requests" }] }),
  };
}
