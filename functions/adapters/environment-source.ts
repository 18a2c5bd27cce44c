import { TallystickError } from "../core/errors.ts";
import type { SecretVersion, Truth } from "../core/observation.ts";
import { Secret } from "../protocol/secret.ts";
import { type Unreadable, unreadable } from "./own-value.ts";
import type { EntriesFrom, EnvironmentSource, SourceReader } from "./source-reader.ts";

/** Environment variables, as `process.env` has them. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** True values in the checker's own environment, for laptops: version ids are `env:NAME`, and nothing has a date. */
export function createEnvironmentSource(variables: EnvironmentVariables): SourceReader<EnvironmentSource> {
  const readAll = (secrets: EntriesFrom<EnvironmentSource>, withOlder: boolean) =>
    new Map([...secrets].map(([name, { source }]) => [name, readTruth(variables, source, withOlder)]));
  return {
    readCurrent: async (secrets) => readAll(secrets, false),
    readHistory: async (secrets) => readAll(secrets, true),
    async readCredential({ env }) {
      const reading = readVersion(variables, env);
      if (reading.kind === "unreadable") throw new TallystickError("truth-unreadable", reading.detail);
      return reading.version.value;
    },
  };
}

function readTruth(variables: EnvironmentVariables, source: EnvironmentSource, withOlder: boolean): Truth {
  const reading = readVersion(variables, source.env);
  if (reading.kind === "unreadable") return reading;
  const current = reading.version;
  const [pending] = versionsIn(variables, source.pending === undefined ? [] : [source.pending], [current]);
  const older = withOlder ? versionsIn(variables, source.older ?? [], [current]) : [];
  return { kind: "read", current, ...(pending && { pending }), older, newer: [] };
}

type Reading = { readonly kind: "version"; readonly version: SecretVersion } | Unreadable;

function readVersion(variables: EnvironmentVariables, name: string): Reading {
  const text = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (text === undefined) {
    return unreadable("not-found", `environment variable ${name} is not set; set it, or correct the fleet`);
  }
  if (!text.isWellFormed()) return unreadable("ill-formed", `environment variable ${name} is no UTF-8 text`);
  return { kind: "version", version: { id: `env:${name}`, value: new Secret(text) } };
}

/** The versions that bring a value of their own; a variable that is unset or empty is no version. */
function versionsIn(
  variables: EnvironmentVariables,
  names: readonly string[],
  known: readonly SecretVersion[],
): SecretVersion[] {
  const versions: SecretVersion[] = [];
  for (const name of names) {
    const reading = readVersion(variables, name);
    if (reading.kind === "unreadable" || reading.version.value.satisfies((text) => text === "")) continue;
    const isKnown = [...known, ...versions].some(({ value }) => value.equals(reading.version.value));
    if (!isKnown) versions.push(reading.version);
  }
  return versions;
}
