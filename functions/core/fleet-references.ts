import type { FleetMistake } from "./fleet.ts";

type Path = readonly (string | number)[];
type Entries = readonly (readonly [string, unknown])[];

/**
 * Finds what the form alone cannot show: names that point nowhere and addresses that would send a secret in
 * clear. It reads data of unknown shape, so that these mistakes are told together with those of form.
 */
export function referenceMistakes(data: unknown): FleetMistake[] {
  const secrets = entriesOf(member(data, "secrets"));
  const environments = entriesOf(member(data, "environments"));
  const known = {
    secrets: new Set(secrets.map(([name]) => name)),
    environments: new Set(environments.map(([name]) => name)),
  };
  return [
    ...emptiness(data, "secrets", "at least one secret"),
    ...emptiness(data, "environments", "at least one environment"),
    ...forbiddenName(data, "secrets"),
    ...forbiddenName(data, "environments"),
    ...environments.flatMap(([name, entry]) => environmentMistakes(["environments", name], entry, known)),
    ...sharedVariableMistakes(environments, known),
  ];
}

/** Two environments may stand for one service, but not put two secrets into one of its variables. */
function sharedVariableMistakes(environments: Entries, known: Known): FleetMistake[] {
  const taken = new Map<string, { readonly secret: string; readonly environment: string }>();
  return environments.flatMap(([environment, entry]) => {
    const railway = member(entry, "railway");
    if (!isRecord(railway)) return [];
    const service = [railway["project"], railway["environment"], railway["service"]];
    return variablesOf(entry, known).flatMap(([secret, variable]) => {
      const place = JSON.stringify([service, variable]);
      const first = taken.get(place) ?? { secret, environment };
      taken.set(place, first);
      const expected =
        "a variable of its own: another environment of this service puts another secret into it";
      const clashes = first.secret !== secret && first.environment !== environment;
      return clashes ? [{ path: ["environments", environment, "variables", secret], expected }] : [];
    });
  });
}

function variablesOf(entry: unknown, known: Known): readonly (readonly [secret: string, variable: string])[] {
  const listed = member(entry, "secrets");
  const held = Array.isArray(listed) ? listed.filter((name) => typeof name === "string") : [...known.secrets];
  return [...new Set(held)].map((secret) => {
    const named = member(member(entry, "variables"), secret);
    return [secret, typeof named === "string" ? named : secret] as const;
  });
}

/** A fleet without secrets or environments would be in sync for ever, having seen nothing. */
function emptiness(data: unknown, key: string, expected: string): FleetMistake[] {
  const entries = member(data, key);
  return isRecord(entries) && Object.keys(entries).length === 0 ? [{ path: [key], expected }] : [];
}

/** The schema passes over this key without a word, as if the entry had not been written. */
function forbiddenName(data: unknown, key: string): FleetMistake[] {
  const forbidden = member(member(data, key), "__proto__");
  return forbidden === undefined ? [] : [{ path: [key, "__proto__"], expected: "another name" }];
}

interface Known {
  readonly secrets: ReadonlySet<string>;
  readonly environments: ReadonlySet<string>;
}

function environmentMistakes(path: Path, entry: unknown, known: Known): FleetMistake[] {
  const listed = member(entry, "secrets");
  const held = Array.isArray(listed) ? listed.filter((name) => typeof name === "string") : [...known.secrets];
  const allowHttp = member(entry, "allowHttp") === true;
  return [
    ...(isRecord(entry) && entry["health"] === undefined && entry["railway"] === undefined
      ? [{ path, expected: "health (a URL) or railway (ids and token): there is no other way to see it" }]
      : []),
    ...(member(entry, "evidence") === "snapshot" && !isRecord(member(entry, "railway"))
      ? [{ path: [...path, "evidence"], expected: "railway beside it: only its deployments have snapshots" }]
      : []),
    ...clearTextMistakes([...path, "health"], member(entry, "health"), allowHttp),
    ...(Array.isArray(listed) ? unknownSecrets([...path, "secrets"], [...listed.entries()], known) : []),
    ...entriesOf(member(entry, "variables")).flatMap(([name]) =>
      known.secrets.has(name)
        ? []
        : [{ path: [...path, "variables", name], expected: "the name of a secret of this fleet" }],
    ),
    ...duplicateVariables([...path, "variables"], member(entry, "variables"), held),
    ...entriesOf(member(entry, "capabilities")).flatMap(([name, capability]) =>
      capabilityMistakes([...path, "capabilities", name], capability, {
        ...known,
        held: new Set(held),
        allowHttp,
      }),
    ),
  ];
}

/** Two secrets in one variable would overwrite each other at every repair. */
function duplicateVariables(path: Path, variables: unknown, held: readonly string[]): FleetMistake[] {
  const names = [...new Set(held)].map((secret) => {
    const named = member(variables, secret);
    return [secret, typeof named === "string" ? named : secret] as const;
  });
  return names.flatMap(([secret, variable], index) =>
    names.slice(0, index).some(([, earlier]) => earlier === variable)
      ? [
          {
            path: [...path, secret],
            expected: "a variable of its own: another secret of this environment is in it already",
          },
        ]
      : [],
  );
}

function capabilityMistakes(
  path: Path,
  capability: unknown,
  known: Known & { held: ReadonlySet<string>; allowHttp: boolean },
): FleetMistake[] {
  const sent: readonly (readonly [Path, unknown])[] = [
    [[...path, "bearer"], member(capability, "bearer")],
    ...entriesOf(member(capability, "header")).map(
      ([header, name]) => [[...path, "header", header], name] as const,
    ),
  ];
  const verifier = member(capability, "verifier");
  return [
    ...sent.flatMap(([where, name]) =>
      typeof name !== "string" || known.held.has(name)
        ? []
        : [{ path: where, expected: "a secret that this environment holds" }],
    ),
    ...(typeof verifier === "string" && !known.environments.has(verifier)
      ? [{ path: [...path, "verifier"], expected: "the name of an environment of this fleet" }]
      : []),
    ...clearTextMistakes(
      [...path, "url"],
      member(capability, "url"),
      known.allowHttp || member(capability, "allowHttp") === true,
    ),
  ];
}

function unknownSecrets(
  path: Path,
  listed: readonly (readonly [number, unknown])[],
  known: Known,
): FleetMistake[] {
  return listed.flatMap(([index, name]) =>
    typeof name !== "string" || known.secrets.has(name)
      ? []
      : [{ path: [...path, index], expected: "the name of a secret of this fleet" }],
  );
}

function clearTextMistakes(path: Path, url: unknown, allowHttp: boolean): FleetMistake[] {
  if (typeof url !== "string" || allowHttp) return [];
  const parsed = URL.parse(url);
  if (parsed === null || parsed.protocol !== "http:" || isLoopback(parsed.hostname)) return [];
  return [
    {
      path,
      expected: "https (http only for loopback, or with allowHttp: true where the network itself is private)",
    },
  ];
}

/** Whether a URL's host is this machine, by name or by address. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.[0-9]{1,3}){3}$/.test(hostname);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function member(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function entriesOf(value: unknown): Entries {
  return isRecord(value) ? Object.entries(value) : [];
}
