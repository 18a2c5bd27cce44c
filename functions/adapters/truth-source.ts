import type { SecretEntry, SecretSource } from "../core/fleet.ts";
import type { TruthSource } from "../core/ports.ts";
import type { EntriesFrom, EnvironmentSource, SecretsManagerSource, SourceReader } from "./source-reader.ts";

type Entries = ReadonlyMap<string, SecretEntry>;

/** One source of truth for a fleet whose secrets live in several places: each is read where it lives. */
export function createTruthSource(readers: {
  readonly secretsManager: SourceReader<SecretsManagerSource>;
  readonly environment: SourceReader<EnvironmentSource>;
}): TruthSource {
  const read = async (secrets: Entries, reading: "readCurrent" | "readHistory") => {
    const [ofSecretsManager, ofEnvironment] = await Promise.all([
      readers.secretsManager[reading](entriesFrom(secrets, isInSecretsManager)),
      readers.environment[reading](entriesFrom(secrets, isInEnvironment)),
    ]);
    return new Map([...ofSecretsManager, ...ofEnvironment]);
  };
  return {
    readCurrent: (secrets) => read(secrets, "readCurrent"),
    readHistory: (secrets) => read(secrets, "readHistory"),
    readCredential: async (source) =>
      "secretsManager" in source
        ? readers.secretsManager.readCredential(source)
        : readers.environment.readCredential(source),
  };
}

function isInSecretsManager(source: SecretSource): source is SecretsManagerSource {
  return "secretsManager" in source;
}

function isInEnvironment(source: SecretSource): source is EnvironmentSource {
  return "env" in source;
}

function entriesFrom<Source extends SecretSource>(
  secrets: Entries,
  isFrom: (source: SecretSource) => source is Source,
): EntriesFrom<Source> {
  const entries = new Map<string, SecretEntry & { readonly source: Source }>();
  for (const [name, entry] of secrets) {
    const { source } = entry;
    if (isFrom(source)) entries.set(name, { ...entry, source });
  }
  return entries;
}
