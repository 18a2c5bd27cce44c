import type { Fate } from "./deployment.ts";

interface Aim {
  /** The root field that is hit. @default any */
  readonly operation?: string;
  /** @default 1 */
  readonly times?: number | "always";
}

/** An error in a 200 answer; with `echoValueInError` it repeats the value that was sent, as careless servers do. */
export type ResolverFault = Aim &
  (
    | ({ readonly echoValueInError?: boolean } & (
        | { readonly kind: "not-authorized" }
        | { readonly kind: "problem" }
        | { readonly kind: "deploy-rate-limit" }
        | { readonly kind: "error"; readonly message: string; readonly code?: string }
      ))
    /** Answers true and does nothing: that a mutation returned true proves nothing. */
    | { readonly kind: "ignored-write" }
  );

/** A fault of the HTTP exchange. */
export type ExchangeFault = Aim &
  (
    | { readonly kind: "rate-limited"; readonly retryAfterSeconds: number }
    /** Hits only requests without a query string, as Cloudflare's rule does. */
    | { readonly kind: "edge-blocked"; readonly page: "text" | "html" }
    | { readonly kind: "unavailable"; readonly status: number }
    /** Ends the connection without an answer, before or after the operation was carried out. */
    | { readonly kind: "cut-off"; readonly when: "before" | "after" }
  );

/** What becomes of the next deployments. */
interface DeploymentFault {
  readonly kind: "deployment";
  readonly fate: Exclude<Fate, "succeeds">;
  /** @default any */
  readonly serviceId?: string;
  /** @default 1 */
  readonly times?: number | "always";
}

/** Anything that can be planted. */
export type Fault = ResolverFault | ExchangeFault | DeploymentFault;

const resolverKinds = ["not-authorized", "problem", "deploy-rate-limit", "error", "ignored-write"];

interface PlantedFault {
  readonly fault: Fault;
  left: number;
}

/** The faults that are planted and not used up; the oldest that fits is taken first. */
export class FaultBook {
  readonly #planted = new Set<PlantedFault>();

  /** Gives a function that takes the fault out again. */
  plant(fault: Fault): () => void {
    const { times = 1 } = fault;
    const planted = { fault, left: times === "always" ? Number.POSITIVE_INFINITY : times };
    this.#planted.add(planted);
    return () => void this.#planted.delete(planted);
  }

  takeResolverFault(operation: string): ResolverFault | undefined {
    return this.#take((fault): fault is ResolverFault => isResolverFault(fault) && hits(fault, [operation]));
  }

  takeExchangeFault<Kind extends ExchangeFault["kind"]>(
    kind: Kind,
    operations: readonly string[],
  ): Extract<ExchangeFault, { kind: Kind }> | undefined {
    return this.#take(
      (fault): fault is Extract<ExchangeFault, { kind: Kind }> =>
        fault.kind === kind && hits(fault, operations),
    );
  }

  takeCutOff(when: "before" | "after", operations: readonly string[]): boolean {
    const fault = this.#take(
      (planted): planted is ExchangeFault =>
        planted.kind === "cut-off" && planted.when === when && hits(planted, operations),
    );
    return fault !== undefined;
  }

  takeFate(serviceId: string): Fate {
    const fault = this.#take(
      (planted): planted is DeploymentFault =>
        planted.kind === "deployment" && (planted.serviceId ?? serviceId) === serviceId,
    );
    return fault?.fate ?? "succeeds";
  }

  #take<Wanted extends Fault>(fits: (fault: Fault) => fault is Wanted): Wanted | undefined {
    for (const planted of this.#planted) {
      const { fault } = planted;
      if (!fits(fault)) continue;
      planted.left -= 1;
      if (planted.left === 0) this.#planted.delete(planted);
      return fault;
    }
    return undefined;
  }
}

function isResolverFault(fault: Fault): fault is ResolverFault {
  return resolverKinds.includes(fault.kind);
}

function hits({ operation }: Aim, operations: readonly string[]): boolean {
  return operation === undefined || operations.includes(operation);
}
