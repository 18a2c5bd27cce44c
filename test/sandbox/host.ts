import { fileURLToPath } from "node:url";
import { createProcessRunner } from "./railway/process-runner.ts";
import type { RunningReplica } from "./railway/runner.ts";

const entry = fileURLToPath(new URL("./service-process.ts", import.meta.url));

/** The arguments for Node that start one service of the sandbox. */
export const serviceCommand: readonly string[] = [entry];

/**
 * A machine that nobody can push to: its service reads a configuration when it starts, and a person changes the
 * one and restarts the other.
 */
export class Host {
  readonly #name: string;
  readonly #configuration: Map<string, string>;
  #running: RunningReplica | undefined;
  #port = "0";

  constructor(name: string, configuration: Readonly<Record<string, string>>) {
    this.#name = name;
    this.#configuration = new Map(Object.entries(configuration));
  }

  /** Stays the same over restarts. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const labels = {
      projectId: "",
      environmentId: "",
      serviceId: "",
      deploymentId: "",
      replicaId: this.#name,
    };
    this.#running = await createProcessRunner().start(
      { ...Object.fromEntries(this.#configuration), PORT: this.#port },
      { ...labels, command: serviceCommand },
      new AbortController().signal,
    );
    this.#port = new URL(this.#running.url).port;
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
  }

  configure(name: string, value: string): void {
    this.#configuration.set(name, value);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }
}
