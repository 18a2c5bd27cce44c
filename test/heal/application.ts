import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createResponder, type Tally } from "../../functions/responder/index.ts";

/** Who a process says it is. */
interface ProcessIdentity {
  readonly instance?: string;
  readonly deployment?: string;
  readonly startedAtMs: number;
}

export interface ApplicationOptions {
  readonly publicKey: string;
  readonly now: () => number;
  readonly identity: ProcessIdentity;
  /** The fleet's names of what it holds, and how it reads each as it really uses it. */
  readonly secrets: Readonly<Record<string, () => string | null | undefined>>;
  /** What it makes of its answer before it sends it: for responders that tell less. */
  readonly disguise?: (tally: Tally) => object;
}

export interface Application {
  readonly origin: string;
  /** Paths in the order in which they were asked for. */
  readonly paths: readonly string[];
  stop(): Promise<void>;
}

/**
 * An application in the test's own process. `/health/ENVIRONMENT` answers for that environment of the fleet,
 * `/needs/SECRET` takes the secret in `X-Secret`, `/skills` needs none.
 */
export async function startApplication(options: ApplicationOptions): Promise<Application> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    paths.push(path);
    const [, kind, name = ""] = path.split("/");
    if (kind === "health") void answerHealth(options, name, request, response);
    else if (kind === "needs") answerNeed(options, name, request, response);
    else response.writeHead(kind === "skills" ? 200 : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    paths,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerHealth(
  { publicKey, now, identity, secrets, disguise = (tally) => tally }: ApplicationOptions,
  environment: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { instance, deployment, startedAtMs } = identity;
  const responder = createResponder({
    environment,
    publicKeys: [publicKey],
    secrets,
    ...(instance !== undefined && { instance }),
    ...(deployment !== undefined && { deployment }),
    startedAt: new Date(startedAtMs).toISOString(),
    now,
  });
  const tally = await responder.answer(request.headers["tally-challenge"]?.toString());
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ status: "ok", ...(tally && { tally: disguise(tally) }) }));
}

function answerNeed(
  { secrets }: ApplicationOptions,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const held = secrets[name]?.();
  const isRight = typeof held === "string" && request.headers["x-secret"] === held;
  response.writeHead(isRight ? 200 : 401).end();
}
