import type { Diagnosis } from "./diagnosis.ts";
import { dependenciesOf, type EnvironmentEntry, type Fleet, secretsOf } from "./fleet.ts";

/** What a call confines a run to; absent means all. */
export interface Scope {
  readonly environments?: readonly string[];
  readonly secrets?: readonly string[];
}

/** The names in a scope that the fleet does not know, in words; empty where there are none. */
export function scopeMistakes(fleet: Fleet, scope: Scope): readonly string[] {
  const unknown = (asked: readonly string[] | undefined, known: object, what: string): string[] =>
    (asked ?? [])
      .filter((name) => !Object.hasOwn(known, name))
      .map(
        (name) => `${JSON.stringify(name)} is no ${what} of this fleet; it has ${listed(Object.keys(known))}`,
      );
  return [
    ...unknown(scope.environments, fleet.environments, "environment"),
    ...unknown(scope.secrets, fleet.secrets, "secret"),
  ];
}

const namesToldMax = 12;

function listed(names: readonly string[]): string {
  const rest = names.length - namesToldMax;
  return rest > 0 ? `${names.slice(0, namesToldMax).join(", ")} and ${rest} more` : names.join(", ");
}

/** The part of a fleet that a scope names. Its secrets all stay: values are compared with each other. */
export function narrowFleet(fleet: Fleet, { environments, secrets }: Scope): Fleet {
  if (environments === undefined && secrets === undefined) return fleet;
  const within = (name: string): boolean => secrets === undefined || secrets.includes(name);
  const kept = Object.entries(fleet.environments)
    .filter(([name]) => environments === undefined || environments.includes(name))
    .map(([name, entry]) => [name, narrowEnvironment(fleet, entry, within)] as const);
  return { ...fleet, environments: Object.fromEntries(kept) };
}

function narrowEnvironment(
  fleet: Fleet,
  entry: EnvironmentEntry,
  within: (secret: string) => boolean,
): EnvironmentEntry {
  const capabilities = Object.entries(entry.capabilities ?? {}).filter(([, capability]) =>
    dependenciesOf(capability).every(within),
  );
  return {
    ...entry,
    secrets: secretsOf(fleet, entry).filter(within),
    capabilities: Object.fromEntries(capabilities),
  };
}

/** Whether an environment of a fleet is there and holds a secret. */
export function isHeldIn(fleet: Fleet, environment: string, secret: string): boolean {
  const entry = fleet.environments[environment];
  return entry !== undefined && secretsOf(fleet, entry).includes(secret);
}

/** The part of a diagnosis that a scope names; `asked` is the fleet narrowed to it. */
export function confineDiagnosis(
  diagnosis: Diagnosis,
  asked: Fleet,
  { environments: names, secrets }: Scope,
): Diagnosis {
  if (names === undefined && secrets === undefined) return diagnosis;
  const environments = [...diagnosis.environments].flatMap(([name, { notes, holders, capabilities }]) => {
    if (asked.environments[name] === undefined) return [];
    const kept = [...holders].filter(([secret]) => isHeldIn(asked, name, secret));
    return [[name, { notes, holders: new Map(kept), capabilities }] as const];
  });
  return {
    environments: new Map(environments),
    secrets: new Map([...diagnosis.secrets].filter(([name]) => secrets?.includes(name) ?? true)),
  };
}
