import type { ForeignEnvironment, ForeignReplica, Values } from "./foreign-process.ts";
import { secretEntries } from "./foreign-values.ts";

/** One environment: what its process holds and how it behaves, and what the checker has to say of it. */
export interface ForeignCase extends ForeignReplica {
  /** The fleet's name of it. */
  readonly environment: string;
  readonly values: Values;
  /** Secret → verdict, without the sentence; exactly these secrets are asked for. */
  readonly verdicts: Readonly<Record<string, object>>;
  /** The name that the responder itself goes by, where that is another. */
  readonly name?: string;
  /** A key that it trusts beside the checker's, and tries before it. */
  readonly trustsFirst?: string;
  readonly instances?: number;
  readonly replicas?: readonly ForeignReplica[];
}

/** The case as the Python process is told it. */
export function playedBy(one: ForeignCase, publicKey: string): ForeignEnvironment {
  const { environment, verdicts: _, instances: __, trustsFirst, name = environment, ...replica } = one;
  const keys = trustsFirst === undefined ? [publicKey] : [trustsFirst, publicKey];
  return { keys, ...replica, name, path: environment };
}

/** The fleet file of some cases. */
export function fleetOf(cases: readonly ForeignCase[], healthOf: (environment: string) => string): object {
  const environments = cases.map(({ environment, verdicts, instances }) => [
    environment,
    {
      health: healthOf(environment),
      secrets: Object.keys(verdicts),
      ...(instances !== undefined && { instances }),
    },
  ]);
  return { secrets: secretEntries, environments: Object.fromEntries(environments) };
}
