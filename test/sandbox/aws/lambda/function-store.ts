import { randomUUID } from "node:crypto";
import { AwsError } from "../wire/aws-error.ts";
import type { EventPayload } from "./event-payload.ts";
import { arnOf, type FunctionReference, type Home, notFound, readReference } from "./function-reference.ts";
import { invalidParameter, unfit } from "./refusal.ts";

/** One event that Lambda accepted and hands to the function. */
export type Invocation = {
  /** As it was asked for: with the alias or the version. */
  readonly functionArn: string;
  readonly invocationType: "Event";
  readonly payload: unknown;
  /** Of a durable function only. */
  readonly durableExecutionName?: string;
  readonly executionArn?: string;
};

/** What a function is set up with. */
export type NewFunction = { readonly durable: boolean /** @default "live" */; readonly alias?: string };

export type FunctionStoreOptions = Home & {
  readonly onInvoke?: ((invocation: Invocation) => void) | undefined;
};

/** One event on its way to a function. */
type Delivery = {
  readonly reference: FunctionReference;
  readonly payload: EventPayload;
  readonly executionName: string | undefined;
};

type Execution = { readonly arn: string; readonly text: string };

type Deployed = {
  readonly durable: boolean;
  /** The version that each of its names stands for. */
  readonly versions: ReadonlyMap<string, string>;
  readonly executions: Map<string, Execution>;
};

const namePattern = "[a-zA-Z0-9-_]+";

/** Functions and their durable executions, which never end here: a name that is taken stays taken. */
export class FunctionStore {
  readonly #options: FunctionStoreOptions;
  readonly #functions = new Map<string, Deployed>();
  readonly #invocations: Invocation[] = [];

  constructor(options: FunctionStoreOptions) {
    this.#options = options;
  }

  /** What was handed to functions, oldest first: an execution that already existed is not handed over again. */
  get invocations(): readonly Invocation[] {
    return this.#invocations;
  }

  /** Sets up a function with one published version and an alias of it; answers the alias's ARN. */
  create(name: string, { durable, alias = "live" }: NewFunction): string {
    const { arn } = this.refer(name);
    const versions = new Map(Object.entries({ [alias]: "1", "1": "1", $LATEST: "$LATEST" }));
    this.#functions.set(arn, { durable, versions, executions: new Map() });
    return arnOf({ arn, qualifier: alias });
  }

  /** Reads a function's name or ARN, whether it exists or not. */
  refer(functionName: string, qualifier?: string): FunctionReference {
    return readReference(this.#options, functionName, qualifier);
  }

  /** Accepts an event; answers the ARN of a durable function's execution, be it new or known. */
  accept(delivery: Delivery): string | undefined {
    const { reference, executionName } = delivery;
    if (executionName !== undefined) checkExecutionName(executionName);
    const deployed = this.#functions.get(reference.arn);
    if (deployed === undefined) throw notFound(reference);
    const version = deployed.versions.get(reference.qualifier ?? "$LATEST");
    if (version === undefined) throw notFound(reference);
    if (deployed.durable) return this.#start(deployed, version, delivery);
    if (executionName !== undefined) {
      throw invalidParameter(
        "You cannot specify a durable execution name for a function that is not durable.",
      );
    }
    this.#hand(delivery, {});
    return undefined;
  }

  #start({ executions }: Deployed, version: string, delivery: Delivery): string {
    const { reference, payload, executionName: durableExecutionName = randomUUID() } = delivery;
    if (reference.qualifier === undefined) {
      throw invalidParameter("You cannot invoke a durable function using an unqualified ARN.");
    }
    const existing = executions.get(durableExecutionName);
    if (existing !== undefined) return sameExecution(existing, payload);
    const path = `durable-execution/${durableExecutionName}/${randomUUID()}`;
    const executionArn = `${reference.arn}:${version}/${path}`;
    executions.set(durableExecutionName, { arn: executionArn, text: payload.text });
    this.#hand(delivery, { durableExecutionName, executionArn });
    return executionArn;
  }

  #hand(
    { reference, payload }: Delivery,
    execution: Pick<Invocation, "durableExecutionName" | "executionArn">,
  ): void {
    const functionArn = arnOf(reference);
    const invocation: Invocation = {
      functionArn,
      invocationType: "Event",
      payload: payload.event,
      ...execution,
    };
    this.#invocations.push(invocation);
    this.#options.onInvoke?.(invocation);
  }
}

function checkExecutionName(name: string): void {
  if (!/^[\w-]{1,64}$/.test(name)) throw unfit("durableExecutionName", name, namePattern);
}

function sameExecution({ arn, text }: Execution, payload: EventPayload): string {
  if (text === payload.text) return arn;
  throw new AwsError(
    "DurableExecutionAlreadyStartedException",
    "The durable execution with the specified name has already been started.",
    409,
  );
}
