import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "aws-lambda";
import { onTestFinished, vi } from "vitest";
import { settings } from "../../functions/contract.ts";
import type { Report } from "../../functions/core/report.ts";
import { openSmallFleet, type SmallFleet, type SmallFleetOptions, seed } from "../heal/small-fleet.ts";

type Invoke = (event: unknown, context: Partial<Context>) => Promise<unknown>;

export interface HandlerBenchOptions extends SmallFleetOptions {
  /** Set over what the bench sets; undefined takes a variable away. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

const mailAddress = "you@example.com";
const seedSecret = "tallystick/signing-seed";

/** The exported handler as Lambda loads it: with its environment, and with all that it writes kept. */
export interface HandlerBench {
  readonly fleet: SmallFleet;
  readonly topicArn: string;
  readonly fleetFile: string;
  /** Gives what the handler returns, or rejects as it does. */
  invoke(event: unknown): Promise<unknown>;
  /** An event that has to come to a report. */
  report(event: unknown): Promise<Report>;
  /** Every JSON document that it wrote: log lines and metrics. */
  written(): readonly Readonly<Record<string, unknown>>[];
  logged(message: string): readonly Readonly<Record<string, unknown>>[];
  /** The metrics of its embedded metric format documents, one object for each document. */
  metrics(): readonly Readonly<Record<string, number>>[];
  mails(): ReturnType<SmallFleet["aws"]["mailbox"]>;
  /** Everything outside of itself that it has asked. */
  contacts(): number;
}

export async function openHandler(options: HandlerBenchOptions = {}): Promise<HandlerBench> {
  const fleet = await openSmallFleet({ ...options, time: "real" });
  const folder = await mkdtemp(join(tmpdir(), "tallystick-check-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const fleetFile = join(folder, "fleet.yaml");
  await writeFile(fleetFile, JSON.stringify(fleet.data, undefined, 2));
  fleet.aws.secrets.plant(seedSecret, seed);
  const topicArn = fleet.aws.topics.create("tallystick-drift").arn;
  fleet.aws.topics.enrol(topicArn, { protocol: "email", endpoint: mailAddress });
  setVariables({
    AWS_ENDPOINT_URL: fleet.aws.endpoint,
    POWERTOOLS_METRICS_DISABLED: "false",
    [settings.fleet]: fleetFile,
    [settings.signingSeedSecret]: seedSecret,
    [settings.topicArn]: topicArn,
    [settings.railwayApiUrl]: fleet.railway.apiUrl,
    ...options.variables,
  });
  const lines = keepConsole(fleet);
  vi.resetModules();
  const { handler } = await import("../../functions/check/handler.ts");
  const asked = fleet.aws.requests.length;
  const bench: HandlerBench = {
    ...{ fleet, topicArn, fleetFile },
    async invoke(event) {
      try {
        return keep(fleet, await (handler as unknown as Invoke)(event, context));
      } catch (error) {
        throw keep(fleet, error);
      }
    },
    report: async (event) => (await bench.invoke(event)) as Report,
    written: () => lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)),
    logged: (message) => bench.written().filter((line) => line["message"] === message),
    metrics: () => bench.written().flatMap(metricsOf),
    mails: () => keep(fleet, fleet.aws.mailbox(mailAddress)),
    contacts: () => fleet.aws.requests.length - asked + fleet.railway.calls.length + fleet.healthAsks(),
  };
  return bench;
}

const context: Partial<Context> = {
  functionName: "tallystick-check",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:eu-west-1:111122223333:function:tallystick-check",
  memoryLimitInMB: "512",
  awsRequestId: "request-1",
};

function setVariables(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** Powertools writes through the console when it is told that this is no Lambda. */
function keepConsole(fleet: SmallFleet): string[] {
  const lines: string[] = [];
  for (const method of ["debug", "info", "log", "warn", "error"] as const) {
    const spy = vi.spyOn(console, method).mockImplementation((line: unknown) => {
      lines.push(String(line));
      fleet.outputs.push(String(line));
    });
    onTestFinished(() => spy.mockRestore());
  }
  return lines;
}

function metricsOf(line: Readonly<Record<string, unknown>>): Readonly<Record<string, number>>[] {
  if (!("_aws" in line)) return [];
  const entries = Object.entries(line).flatMap(([name, value]) =>
    typeof value === "number" ? [[name, value] as const] : [],
  );
  return [Object.fromEntries(entries)];
}

function keep<Output>(fleet: SmallFleet, output: Output): Output {
  fleet.outputs.push(output);
  return output;
}
