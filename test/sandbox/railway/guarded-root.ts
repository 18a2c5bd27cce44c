import { isJson } from "./calls.ts";
import type { FaultBook, ResolverFault } from "./faults.ts";
import type { Context } from "./queries.ts";
import { notAuthorized, ProblemProcessingRequest, RailwayError } from "./railway-error.ts";

type Resolve = (given: never, context: Context) => unknown;

/** The root value to execute on: every field first asks for permission and for a planted fault. */
export function createGuardedRoot(resolvers: Readonly<Record<string, Resolve>>, faults: FaultBook) {
  const guarded = Object.entries(resolvers).map(([field, resolve]) => {
    const guard = (given: never, context: Context): unknown => {
      context.access.requireField(field);
      const fault = faults.takeResolverFault(field);
      if (!fault) return resolve(given, context);
      if (fault.kind === "ignored-write") return true;
      throw errorOf(fault, fault.echoValueInError ? ` (${valuesIn(given).join(", ")})` : "");
    };
    return [field, guard] as const;
  });
  return Object.fromEntries(guarded);
}

function errorOf(fault: Exclude<ResolverFault, { kind: "ignored-write" }>, detail: string): Error {
  switch (fault.kind) {
    case "not-authorized":
      return notAuthorized(detail);
    case "problem":
      return new ProblemProcessingRequest(detail);
    case "deploy-rate-limit":
      return new RailwayError(`Service deployment rate limit exceeded${detail}`);
    case "error":
      return new RailwayError(`${fault.message}${detail}`, { code: fault.code ?? "INTERNAL_SERVER_ERROR" });
    default:
      return fault satisfies never;
  }
}

function valuesIn({ input }: { input?: unknown }): unknown[] {
  if (!isJson(input)) return [];
  return isJson(input["variables"]) ? Object.values(input["variables"]) : [input["value"]];
}
