import type { Identify } from "./identifiers.ts";
import type { World, WorldVariables } from "./world.ts";

/** Where a variable is stored: with a service, or (null) shared in the environment. */
export interface Scope {
  readonly environmentId: string;
  readonly serviceId: string | null;
}

/** A variable as it is stored: the value is a template that has not been rendered. */
export interface StoredVariable {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly sealed: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

type Rows = ReadonlyMap<string, StoredVariable>;

/** The stored variables of every scope. */
export class VariableStore {
  readonly #scopes = new Map<string, Rows>();
  readonly #identify: Identify;

  constructor(identify: Identify) {
    this.#identify = identify;
  }

  rows(scope: Scope): Rows {
    return this.#scopes.get(scopeKey(scope)) ?? new Map();
  }

  /** The scope's rows as they are now: later writes do not change what was taken. */
  own(scope: Scope): readonly StoredVariable[] {
    return [...this.rows(scope).values()];
  }

  /** Keeps the id and the seal of a row that exists: a sealed variable may be overwritten, never un-sealed. */
  set(scope: Scope, name: string, value: string, now: number): void {
    const before = this.rows(scope).get(name);
    const row = before ?? { id: this.#identify("variable"), name, sealed: false, createdAt: now };
    this.#write(scope, [...this.own(scope), { ...row, value, updatedAt: now }]);
  }

  /** Says whether there was such a variable. */
  delete(scope: Scope, name: string): boolean {
    const kept = this.own(scope).filter((row) => row.name !== name);
    const existed = kept.length < this.own(scope).length;
    this.#write(scope, kept);
    return existed;
  }

  /** Says whether there was such a variable. */
  seal(scope: Scope, name: string, now: number): boolean {
    const row = this.rows(scope).get(name);
    if (row) this.#write(scope, [...this.own(scope), { ...row, sealed: true, updatedAt: now }]);
    return row !== undefined;
  }

  /** Makes the scope hold these rows and no others, as a rollback does. */
  putBack(scope: Scope, rows: readonly StoredVariable[]): void {
    this.#write(scope, rows);
  }

  fill(scope: Scope, variables: WorldVariables, now: number): void {
    for (const [name, variable] of Object.entries(variables)) {
      this.set(scope, name, typeof variable === "string" ? variable : variable.value, now);
      if (typeof variable !== "string") this.seal(scope, name, now);
    }
  }

  #write(scope: Scope, rows: readonly StoredVariable[]): void {
    this.#scopes.set(scopeKey(scope), new Map(rows.map((row) => [row.name, row])));
  }
}

/** A store that holds what the world declares. */
export function createVariableStore(world: World, identify: Identify, now: number): VariableStore {
  const store = new VariableStore(identify);
  for (const { id: environmentId, sharedVariables, services } of world.projects.flatMap(
    (p) => p.environments,
  )) {
    store.fill({ environmentId, serviceId: null }, sharedVariables ?? {}, now);
    for (const { id: serviceId, variables } of services) {
      store.fill({ environmentId, serviceId }, variables ?? {}, now);
    }
  }
  return store;
}

function scopeKey({ environmentId, serviceId }: Scope): string {
  return `${environmentId}/${serviceId ?? ""}`;
}
