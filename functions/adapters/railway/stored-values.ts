import type { StoredValue, StoredValues } from "../../core/observation.ts";
import type { VariableNames } from "../../core/ports.ts";
import type { Secret } from "../../protocol/secret.ts";
import type { VariableRow, VariablesAnswer } from "./answers.ts";

/** Which of a service's variables are its own, and which names the environment shares. */
export interface VariableOrigins {
  readonly own: ReadonlyMap<string, VariableRow>;
  readonly shared: ReadonlySet<string>;
}

/** Sorts an environment's rows for one of its services; a shared row has no service. */
export function originsFor(serviceId: string, rows: readonly VariableRow[]): VariableOrigins {
  const own = rows.filter((row) => row.serviceId === serviceId);
  const shared = rows.filter((row) => row.serviceId === null);
  return {
    own: new Map(own.map((row) => [row.name, row])),
    shared: new Set(shared.map(({ name }) => name)),
  };
}

/** What Railway holds, by the fleet's names. Without origins nothing is said to be inherited. */
export function storedValues(
  names: VariableNames,
  variables: VariablesAnswer,
  origins?: VariableOrigins,
): StoredValues {
  return new Map([...names].map(([secret, variable]) => [secret, storedValue(variable, variables, origins)]));
}

/** Inherited comes first: what a shared variable holds is none of this service's, even if it is sealed. */
export function storedValue(
  variable: string,
  variables: VariablesAnswer,
  origins?: VariableOrigins,
): StoredValue {
  const held = variables.get(variable);
  const row = origins?.own.get(variable);
  if (held !== undefined && row === undefined && origins?.shared.has(variable)) return { kind: "inherited" };
  const isLinked = row !== undefined && row.references.length > 0;
  if (held === null || row?.isSealed) return isLinked ? { kind: "reference" } : { kind: "sealed" };
  if (held === undefined) return { kind: "unset" };
  return isLinked || containsTemplate(held) ? reference(held, variables) : { kind: "value", value: held };
}

/** Railway renders whatever contains this, and documents no way to escape it. */
export function containsTemplate(value: Secret): boolean {
  return value.satisfies((text) => text.includes("${{"));
}

/**
 * Only names are told. What stands alone between the braces is one if it has an owner, or if the service does
 * have a variable of that name: a value that somebody put between braces by mistake is no name.
 */
function reference(held: Secret, variables: VariablesAnswer): StoredValue {
  const inner = /^\$\{\{\s*([^{}]{1,200}?)\s*\}\}$/.exec(held.reveal().trim())?.[1];
  const isOwned = inner !== undefined && ownedName.test(inner);
  const isNeighbour = inner !== undefined && variables.has(inner);
  return isOwned || isNeighbour ? { kind: "reference", to: inner } : { kind: "reference" };
}

/** `shared.NAME` or `Service name.NAME`. */
const ownedName = /^[\p{L}\p{N}][\p{L}\p{N} _-]{0,63}\.[A-Za-z_][A-Za-z0-9_]{0,63}$/u;
