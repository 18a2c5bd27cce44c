import type { Place } from "./estate.ts";
import type { Identify } from "./identifiers.ts";

type Values = Readonly<Record<string, string>>;

/** What waits in one environment to be committed. */
export interface StagedPatch {
  readonly id: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The variables of each service. */
  readonly services: Readonly<Record<string, Values>>;
}

/** The changes that people prepared in the dashboard: one patch for each environment, which nobody has committed. */
export class StagedChanges {
  readonly #patches = new Map<string, StagedPatch>();
  readonly #identify: Identify;

  constructor(identify: Identify) {
    this.#identify = identify;
  }

  stage({ environment, service }: Place, variables: Values, now: number): void {
    const patch = this.of(environment.id, now);
    const services = {
      ...patch.services,
      [service.id]: { ...patch.services[service.id], ...variables },
    };
    this.#patches.set(environment.id, { ...patch, services, updatedAt: now });
  }

  find(environmentId: string): StagedPatch | undefined {
    return this.#patches.get(environmentId);
  }

  /** A patch is there from the first look on, even if nothing has been staged. */
  of(environmentId: string, now: number): StagedPatch {
    const patch = this.find(environmentId) ?? {
      id: this.#identify("patch"),
      createdAt: now,
      updatedAt: now,
      services: {},
    };
    this.#patches.set(environmentId, patch);
    return patch;
  }
}
