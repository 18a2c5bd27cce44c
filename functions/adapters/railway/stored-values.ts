import type { StoredValue, StoredValues } from "../../core/observation.ts";
import type { VariableNames } from "../../core/ports.ts";
import type { Secret } from "../../protocol/secret.ts";
import type { VariableRow, VariablesAnswer } from "./answers.ts";

/** Which of a service's variables are its own, and which names the environment shares. */
export interface VariableOrigins {
  readonly own: ReadonlyMap<string, VariableRow>;
  readonly shared: ReadonlySet<string>;
}

/** Sorts an environment's rows for one of its services, or for itself; a shared row has no service. */
export function originsFor(serviceId: string | null, rows: readonly VariableRow[]): VariableOrigins {
  const own = rows.filter((row) => row.serviceId === serviceId);
  const shared = serviceId === null ? [] : rows.filter((row) => row.serviceId === null);
  return {
    own: new Map(own.map((row) => [row.name, row])),
    shared: new Set(shared.map(({ name }) => name)),
  };
}

/** A service's variables as they are written and as they are rendered. */
export interface ServiceVariables {
  readonly written: VariablesAnswer;
  readonly rendered: VariablesAnswer;
}

/** What Railway holds, by the fleet's names. Without origins nothing is said to be inherited. */
export function storedValues(
  names: VariableNames,
  variables: ServiceVariables,
  origins?: VariableOrigins,
): StoredValues {
  return new Map([...names].map(([secret, variable]) => [secret, storedValue(variable, variables, origins)]));
}

/** What a deployment was started with, by the fleet's names: all of it rendered, none of it a link. */
export function startedValues(names: VariableNames, variables: VariablesAnswer): StoredValues {
  return storedValues(names, { written: variables, rendered: variables });
}

/** Inherited comes first: what a shared variable holds is none of this service's, even if it is sealed. */
export function storedValue(
  variable: string,
  { written, rendered }: ServiceVariables,
  origins?: VariableOrigins,
): StoredValue {
  const held = written.get(variable);
  const row = origins?.own.get(variable);
  const value = renderedValue(rendered.get(variable));
  if (held !== undefined && row === undefined && origins?.shared.has(variable))
    return { kind: "inherited", ...value };
  const isLinked = row !== undefined && row.references.length > 0;
  if (held === null || row?.isSealed) return isLinked ? { kind: "reference", ...value } : { kind: "sealed" };
  if (held === undefined) return { kind: "unset" };
  return isLinked || containsTemplate(held)
    ? { ...reference(held, written), ...value }
    : { kind: "value", value: held };
}

/** What stayed a template was not rendered, and a sealed one is null: of neither is the value known. */
function renderedValue(value: Secret | null | undefined): { readonly value?: Secret } {
  return value == null || containsTemplate(value) ? {} : { value };
}

/** Railway renders whatever contains this, and documents no way to escape it. */
export function containsTemplate(value: Secret): boolean {
  return value.satisfies((text) => text.includes("${{"));
}

/**
 * Only names are told. What stands alone between the braces is one if it has an owner, or if the service does
 * have a variable of that name: a value that somebody put between braces by mistake is no name.
 */
function reference(
  held: Secret,
  variables: VariablesAnswer,
): { readonly kind: "reference"; readonly to?: string } {
  const inner = /^\$\{\{\s*([^{}]{1,200}?)\s*\}\}$/.exec(held.reveal().trim())?.[1];
  const isOwned = inner !== undefined && ownedName.test(inner);
  const isNeighbour = inner !== undefined && variables.has(inner);
  return isOwned || isNeighbour ? { kind: "reference", to: inner } : { kind: "reference" };
}

/** `shared.NAME` or `Service name.NAME`. */
const ownedName = /^[\p{L}\p{N}][\p{L}\p{N} _-]{0,63}\.[A-Za-z_][A-Za-z0-9_]{0,63}$/u;
