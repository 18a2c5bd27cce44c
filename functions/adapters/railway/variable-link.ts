import type { VariableLink } from "../../core/observation.ts";
import type { VariableRow } from "./answers.ts";

/** A service of an environment, and the name that references call it by. */
export interface NamedService {
  readonly id: string;
  readonly name: string;
}

/** Where a reference stands, and what there is around it. */
interface LinkPlace {
  /** Whose variable the reference is. */
  readonly serviceId: string;
  readonly services: readonly NamedService[];
  /** All rows of the environment. */
  readonly rows: readonly VariableRow[];
}

/**
 * What `shared.NAME`, `Service name.NAME` or `NAME` points to, with the rows that refer to it. Undefined where it is no
 * variable with a value of its own, or where what hangs on it cannot be told for sure. Pure.
 */
export function linkOf(to: string, place: LinkPlace): VariableLink | undefined {
  const target = targetOf(to, place.serviceId, place.services);
  if (target === undefined) return undefined;
  const { services, rows } = place;
  const [row, ...namesakes] = rows.filter((each) => isAt(each, target));
  if (row === undefined || namesakes.length > 0 || row.references.length > 0) return undefined;
  const referring = rows.filter((each) => refersTo(each, target, services));
  const isChained = referring.some((each) =>
    rows.some((other) => refersTo(other, { serviceId: each.serviceId, variable: each.name }, services)),
  );
  if (isChained) return undefined;
  const users = referring.map(({ serviceId, name }) => ({ serviceId, variable: name }));
  // A shared variable that takes its value from it reaches nobody knows whom.
  if (users.some(({ serviceId }) => serviceId === null)) return undefined;
  const own = target.serviceId === null ? [] : [{ ...target, serviceId: target.serviceId }];
  return { ...target, users: [...own, ...(users as VariableLink["users"])] };
}

type Target = Pick<VariableLink, "serviceId" | "variable">;

function targetOf(to: string, serviceId: string, services: readonly NamedService[]): Target | undefined {
  const { owner, variable } = parts(to);
  if (owner === undefined) return { serviceId, variable };
  const named = services.filter(({ name }) => name === owner);
  // A service of that name would make it ambiguous.
  if (owner === "shared") return named.length > 0 ? undefined : { serviceId: null, variable };
  const [service] = named;
  return service === undefined || named.length > 1 ? undefined : { serviceId: service.id, variable };
}

function isAt({ serviceId, name }: VariableRow, target: Target): boolean {
  return serviceId === target.serviceId && name === target.variable;
}

/** An owner that nobody knows may be this one by another name: what might refer to it counts as if it did. */
export function refersTo(row: VariableRow, target: Target, services: readonly NamedService[]): boolean {
  return row.references.some((reference) => {
    const { owner, variable } = parts(reference);
    if (variable !== target.variable) return false;
    if (owner === undefined) return row.serviceId === target.serviceId;
    if (owner === "shared" && target.serviceId === null) return true;
    const named = services.filter(({ name }) => name === owner);
    return (named.length === 0 && owner !== "shared") || named.some(({ id }) => id === target.serviceId);
  });
}

/** With or without its braces: Railway does not document the form of a row's references. */
function parts(reference: string): { readonly owner?: string; readonly variable: string } {
  const bare = reference.replace(/^\s*\$\{\{\s*|\s*\}\}\s*$/g, "").trim();
  const dot = bare.lastIndexOf(".");
  return dot === -1
    ? { variable: bare }
    : { owner: bare.slice(0, dot).trim(), variable: bare.slice(dot + 1).trim() };
}
