import { setTimeout as wait } from "node:timers/promises";
import { AwsError } from "./wire/aws-error.ts";

/** How a request is made to fail: the HTTP status, AWS's error code and a message. */
export type Failure = { readonly status: number; readonly code: string; readonly message: string };

/** A fault for the next request of one operation. */
export type Fault =
  | { readonly kind: "fail"; readonly operation: string; readonly failure: Failure }
  | { readonly kind: "delay"; readonly operation: string; readonly delayMs: number };

/** Faults that wait for their requests; each is met once, in the order in which they were planted. */
export class Faults {
  readonly #planted: Fault[];
  readonly #closing: AbortSignal;

  constructor(planted: readonly Fault[], closing: AbortSignal) {
    this.#planted = [...planted];
    this.#closing = closing;
  }

  plant(fault: Fault): void {
    this.#planted.push(fault);
  }

  /** Lets a request run into what was planted for its operation: one delay and one failure at most. */
  async meet(operation: string): Promise<void> {
    const delay = this.#take("delay", operation);
    const failing = this.#take("fail", operation);
    if (delay?.kind === "delay") await this.#delay(delay.delayMs);
    if (failing?.kind === "fail") {
      const { status, code, message } = failing.failure;
      throw new AwsError(code, message, status);
    }
  }

  #take(kind: Fault["kind"], operation: string): Fault | undefined {
    const index = this.#planted.findIndex((fault) => fault.kind === kind && fault.operation === operation);
    return index === -1 ? undefined : this.#planted.splice(index, 1)[0];
  }

  async #delay(delayMs: number): Promise<void> {
    try {
      await wait(delayMs, undefined, { signal: this.#closing });
    } catch {
      throw new AwsError("ServiceUnavailable", "The stand-in was closed during a planted delay", 503);
    }
  }
}
