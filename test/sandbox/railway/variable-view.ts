import type { Estate, Place } from "./estate.ts";
import { type Reference, renderTemplate } from "./template.ts";
import type { Scope, VariableStore } from "./variable-store.ts";

/** A value and whether Railway would hide it. */
export interface VisibleValue {
  readonly value: string;
  readonly sealed: boolean;
}

/** Values by name. */
export type VisibleValues = ReadonlyMap<string, VisibleValue>;

/** References that point at each other would otherwise never end. */
const referenceDepthMax = 8;

/** What a service sees of the stored variables: its own, the inherited ones, and references resolved. */
export class VariableView {
  readonly #estate: Estate;
  readonly #store: VariableStore;

  constructor(estate: Estate, store: VariableStore) {
    this.#estate = estate;
    this.#store = store;
  }

  /** Inherited shared variables look exactly like own ones here (facts/railway.md, 1). */
  unrendered(scope: Scope): VisibleValues {
    return new Map<string, VisibleValue>([...this.#inherited(scope), ...this.#store.rows(scope)]);
  }

  rendered(scope: Scope): VisibleValues {
    const values = [...this.unrendered(scope)];
    return new Map(values.map(([name, value]) => [name, this.#render(scope, value, referenceDepthMax)]));
  }

  #inherited(scope: Scope): [string, VisibleValue][] {
    if (scope.serviceId === null) return [];
    const names = this.#estate.place(scope.environmentId, scope.serviceId)?.service.inherits ?? [];
    const shared = this.#store.rows({ ...scope, serviceId: null });
    return [...shared].filter(([name]) => names.includes(name));
  }

  /** What a sealed value went into is hidden too, for it could be read back from there. */
  #render(scope: Scope, template: VisibleValue, depth: number): VisibleValue {
    let sealed = template.sealed;
    const value = renderTemplate(template.value, (reference) => {
      const owner = this.#ownerOf(scope, reference);
      const target = owner && this.unrendered(owner).get(reference.name);
      if (!owner || !target || depth === 0) return "";
      const rendered = this.#render(owner, target, depth - 1);
      sealed ||= rendered.sealed;
      return rendered.value;
    });
    return { value, sealed };
  }

  #ownerOf(scope: Scope, { owner }: Reference): Scope | undefined {
    if (owner === null) return scope;
    if (owner === "shared") return { ...scope, serviceId: null };
    const place = this.#estate.placesIn(scope.environmentId).find(({ service }) => service.name === owner);
    return place && scopeOf(place);
  }
}

/** The scope of a service's own variables. */
export function scopeOf({ environment, service }: Place): Scope {
  return { environmentId: environment.id, serviceId: service.id };
}

/** What Railway itself adds to a service's variables at deploy time, over any variable of the same name. */
export function providedVariables({ project, environment, service }: Place): Record<string, string> {
  return {
    RAILWAY_PROJECT_ID: project.id,
    RAILWAY_ENVIRONMENT_ID: environment.id,
    RAILWAY_SERVICE_ID: service.id,
  };
}

/** Sealed values are present with null (facts/railway.md, 1). */
export function masked(values: VisibleValues): Record<string, string | null> {
  return Object.fromEntries([...values].map(([name, { value, sealed }]) => [name, sealed ? null : value]));
}

/** The values as a process gets them. */
export function revealed(values: VisibleValues): Record<string, string> {
  return Object.fromEntries([...values].map(([name, { value }]) => [name, value]));
}
