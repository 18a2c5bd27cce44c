import type { CredentialSource, SecretEntry, SecretSource } from "../core/fleet.ts";
import type { Truth } from "../core/observation.ts";
import type { Secret } from "../protocol/secret.ts";

export type SecretsManagerSource = Extract<SecretSource, { secretsManager: string }>;
export type EnvironmentSource = Extract<SecretSource, { env: string }>;

/** A fleet's secrets by name, all of one kind of source. */
export type EntriesFrom<Source> = ReadonlyMap<string, SecretEntry & { readonly source: Source }>;

/** A source without a history; of those a credential of the checker's own is read from. */
type CredentialFrom<Source extends SecretSource> = Extract<CredentialSource, Partial<Source>>;

/** One kind of source: the port TruthSource for the secrets that live there. */
export interface SourceReader<Source extends SecretSource> {
  readCurrent(secrets: EntriesFrom<Source>): Promise<ReadonlyMap<string, Truth>>;
  readHistory(secrets: EntriesFrom<Source>): Promise<ReadonlyMap<string, Truth>>;
  /** @throws TallystickError `truth-unreadable` */
  readCredential(source: CredentialFrom<Source>): Promise<Secret>;
}
