import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { settings } from "../../functions/contract.ts";
import { openSmallFleet, type SmallFleet, type SmallFleetOptions, seed } from "./small-fleet.ts";

export interface FunctionOptions extends SmallFleetOptions {
  /** Set over what the bench sets; undefined takes a variable away. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

const mailAddress = "you@example.com";
const seedSecret = "tallystick/signing-seed";

/** A function's surroundings as Lambda gives them: its environment, and all that it writes kept. */
export class FunctionBench {
  readonly fleet: SmallFleet;
  readonly topicArn: string;
  readonly fleetFile: string;
  readonly #lines: readonly string[];
  readonly #asked: number;

  constructor(parts: Pick<FunctionBench, "fleet" | "topicArn" | "fleetFile"> & { lines: readonly string[] }) {
    this.fleet = parts.fleet;
    this.topicArn = parts.topicArn;
    this.fleetFile = parts.fleetFile;
    this.#lines = parts.lines;
    this.#asked = parts.fleet.aws.requests.length;
  }

  /** Every JSON document that it wrote: log lines and metrics. */
  written(): readonly Readonly<Record<string, unknown>>[] {
    return this.#lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  }

  logged(message: string): readonly Readonly<Record<string, unknown>>[] {
    return this.written().filter((line) => line["message"] === message);
  }

  /** The metrics of its embedded metric format documents, one object for each document. */
  metrics(): readonly Readonly<Record<string, number>>[] {
    return this.written().flatMap(metricsOf);
  }

  mails(): ReturnType<SmallFleet["aws"]["mailbox"]> {
    return this.keep(this.fleet.aws.mailbox(mailAddress));
  }

  /** Everything outside of itself that it has asked. */
  contacts(): number {
    const { aws, railway } = this.fleet;
    return aws.requests.length - this.#asked + railway.calls.length + this.fleet.healthAsks();
  }

  /** What is kept is searched for secrets when the test ends. */
  keep<Output>(output: Output): Output {
    this.fleet.outputs.push(output);
    return output;
  }
}

/** Opens a fleet and sets a function's environment for it, for as long as the test lasts. */
export async function openFunction(options: FunctionOptions): Promise<FunctionBench> {
  const fleet = await openSmallFleet({ ...options, time: "real" });
  const folder = await mkdtemp(join(tmpdir(), "tallystick-function-"));
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
  return new FunctionBench({ fleet, topicArn, fleetFile, lines });
}

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
