import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface Invocation {
  readonly id: number;
  readonly event: unknown;
}

export type InvocationResult =
  | { readonly id: number; readonly kind: "returned"; readonly result: unknown }
  | {
      readonly id: number;
      readonly kind: "failed";
      readonly error: { readonly name: string; readonly message: string };
    };

/** The check function in its own process: what it is given is its environment and events, what it says is its log. */
export class Lambda {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (result: InvocationResult) => void>();
  readonly #ended: Promise<void>;
  #lastId = 0;
  /** Every line that the function wrote: what CloudWatch would keep. */
  readonly log: string[] = [];
  /** Is called with each line as it comes. */
  onLine: (line: string) => void = () => {};

  private constructor(variables: Readonly<Record<string, string>>, handlerFile: string | undefined) {
    const entry = fileURLToPath(new URL("./lambda-process.ts", import.meta.url));
    this.#child = fork(entry, handlerFile === undefined ? [] : [handlerFile], {
      env: { ...variables },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      execArgv: [],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        this.log.push(line);
        this.onLine(line);
      });
    }
    this.#child.on("message", (result: InvocationResult) => this.#waiting.get(result.id)?.(result));
    this.#ended = new Promise((resolve) => this.#child.once("exit", () => resolve()));
  }

  /** Starts the process and waits until the handler is loaded: the source's own, or that of another file. */
  static async start(variables: Readonly<Record<string, string>>, handlerFile?: string): Promise<Lambda> {
    const lambda = new Lambda(variables, handlerFile);
    await Promise.race([
      new Promise((resolve) => lambda.#waiting.set(0, resolve)),
      lambda.#ended.then(() => {
        throw new Error(`the function ended before it was loaded: ${lambda.log.join("\n")}`);
      }),
    ]);
    return lambda;
  }

  async invoke(event: unknown): Promise<InvocationResult> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answered = new Promise<InvocationResult>((resolve) => this.#waiting.set(id, resolve));
    this.#child.send({ id, event } satisfies Invocation);
    const died = this.#ended.then(
      (): InvocationResult => ({
        id,
        kind: "failed",
        error: { name: "Exited", message: "the function's process ended" },
      }),
    );
    return Promise.race([answered, died]);
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }
}
