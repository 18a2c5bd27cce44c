import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Agent } from "undici";
import { onTestFinished } from "vitest";
import { createRailway } from "../../../functions/adapters/railway/railway.ts";
import type { RailwayEntry } from "../../../functions/core/fleet.ts";
import type { Clock, Railway } from "../../../functions/core/ports.ts";
import { Secret } from "../../../functions/protocol/secret.ts";

/** What a server that is not Railway answers; `cut` ends the connection instead, `silence` keeps it open. */
export type PlantedAnswer =
  | "cut"
  | "silence"
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string | object;
    };

/** One request as it came in. */
interface SeenRequest {
  /** The operation's name without `tallystick`, such as `Service`. */
  readonly operation: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly variables: Readonly<Record<string, unknown>>;
}

/** By operation; an array gives one answer after the other, the last one for ever. */
export type PlantedAnswers = Readonly<Record<string, PlantedAnswer | readonly PlantedAnswer[]>>;

export const ids = { project: "project-1", environment: "environment-1", service: "service-1" } as const;
export const entry: RailwayEntry = { ...ids, token: { env: "RAILWAY_TOKEN" } };
export const names = new Map([["AUTH", "AUTH_SECRET"]]);

export const projectTokenAnswer = {
  body: {
    data: {
      projectToken: {
        project: { id: ids.project, name: "shop" },
        environment: { id: ids.environment, name: "production" },
      },
    },
  },
} satisfies PlantedAnswer;

/** A deployment as Railway words it. */
export function deployment(changes: object = {}): object {
  return {
    id: "deployment-1",
    status: "SUCCESS",
    createdAt: "2026-08-01T00:00:00.000Z",
    instances: [{ status: "RUNNING" }],
    canRedeploy: true,
    snapshotId: "snapshot-1",
    ...changes,
  };
}

/** What the service's deployments are answered with. */
export function instance(active: readonly object[] = [deployment()], latest: object | null = null) {
  return {
    ...{ numReplicas: 1, sleepApplication: false, cronSchedule: null },
    ...{ activeDeployments: active, latestDeployment: latest ?? active.at(-1) ?? null },
  };
}

/** A service whose references render to what they are written as; `changes` replace parts of its instance. */
export function serviceAnswer(variables: object, serviceInstance: object = instance()): PlantedAnswer {
  return { body: { data: { variables, rendered: variables, serviceInstance } } };
}

/** The last page of an environment's variable rows. */
export function rowsAnswer(rows: readonly object[] = []): PlantedAnswer {
  return { body: { data: { environment: { variables: rowsPage(rows) } } } };
}

/** What is read before a write: the owner's variables and all rows. */
export function writtenAnswer(variables: object, rows: readonly object[]): PlantedAnswer {
  return { body: { data: { variables, environment: { variables: rowsPage(rows) } } } };
}

function rowsPage(rows: readonly object[]): object {
  const edges = rows.map((row) => ({
    node: { serviceId: ids.service, isSealed: false, references: [], ...row },
  }));
  return { edges, pageInfo: { hasNextPage: false, endCursor: null } };
}

/** A service that is well; every answer can be replaced. */
export function healthyAnswers(changes: PlantedAnswers = {}): PlantedAnswers {
  const variables = { AUTH_SECRET: "value-1" };
  return {
    TokenPlace: projectTokenAnswer,
    VariableRows: rowsAnswer([{ name: "AUTH_SECRET" }]),
    Service: serviceAnswer(variables),
    WrittenVariables: writtenAnswer(variables, [{ name: "AUTH_SECRET" }]),
    ServiceDeployments: { body: { data: { serviceInstance: instance() } } },
    SetVariables: { body: { data: { variableCollectionUpsert: true } } },
    Redeploy: {
      body: { data: { deploymentRedeploy: deployment({ id: "deployment-2", status: "QUEUED" }) } },
    },
    ...changes,
  };
}

/** A GraphQL error at HTTP 200, as Railway sends nearly all of its errors. */
export function graphqlError(message: string, changes: object = {}): PlantedAnswer {
  const extensions = { code: "INTERNAL_SERVER_ERROR" };
  return {
    body: { data: null, errors: [{ message, extensions, traceId: "5527782523421805956", ...changes }] },
  };
}

/** A clock on which every wait is over at once; `slept` has the waits. */
export function createInstantClock(): Clock & {
  readonly slept: readonly number[];
  advance(ms: number): void;
} {
  const slept: number[] = [];
  let now = Date.UTC(2026, 7, 1);
  return {
    slept,
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
}

/** A real HTTP server that gives planted answers, and the adapter connected to it. */
export interface PlantedRailway {
  readonly railway: Railway;
  readonly apiUrl: string;
  readonly dispatcher: Agent;
  readonly requests: readonly SeenRequest[];
  readonly clock: ReturnType<typeof createInstantClock>;
  /** The operations in the order in which they came. */
  operations(): readonly string[];
}

interface PlantedOptions {
  readonly token?: string;
  /** The query string that the address has from the beginning. */
  readonly search?: string;
  readonly requestTimeoutMs?: number;
}

/** Closes itself at the end of the test. */
export async function plantRailway(
  answers: PlantedAnswers,
  { token = "token-1", search = "", ...rest }: PlantedOptions = {},
): Promise<PlantedRailway> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void readRequest(request).then((seen) => {
      const before = requests.filter(({ operation }) => operation === seen.operation).length;
      requests.push(seen);
      give(answerFor(answers, seen.operation, before), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const dispatcher = new Agent();
  onTestFinished(async () => {
    await dispatcher.close();
    await new Promise((resolve) => server.close(resolve));
  });
  const clock = createInstantClock();
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql/v2${search}`;
  const railway = createRailway({
    apiUrl,
    dispatcher,
    clock,
    credential: async () => new Secret(token),
    ...rest,
  });
  return {
    railway,
    apiUrl,
    dispatcher,
    requests,
    clock,
    operations: () => requests.map(({ operation }) => operation),
  };
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const { query, variables } = JSON.parse(await text(request));
  const operation = /tallystick(\w+)/.exec(query)?.[1] ?? "";
  return { operation, url: request.url ?? "", headers: request.headers, variables };
}

function answerFor(answers: PlantedAnswers, operation: string, before: number): PlantedAnswer {
  const planted = answers[operation];
  if (planted === undefined) return { status: 500, body: `nothing is planted for ${operation}` };
  if (!isList(planted)) return planted;
  return planted[Math.min(before, planted.length - 1)] ?? "cut";
}

function isList(planted: PlantedAnswer | readonly PlantedAnswer[]): planted is readonly PlantedAnswer[] {
  return Array.isArray(planted);
}

function give(answer: PlantedAnswer, response: ServerResponse): void {
  if (answer === "silence") return;
  if (answer === "cut") {
    response.destroy();
    return;
  }
  const { status = 200, headers = {}, body } = answer;
  const isText = typeof body === "string";
  response.writeHead(status, { "content-type": isText ? "text/html" : "application/json", ...headers });
  response.end(isText ? body : JSON.stringify(body));
}
