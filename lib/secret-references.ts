import type { Fleet } from "../functions/core/fleet.ts";

/** The ids of all secrets in Secrets Manager that a fleet names, each once, in order. */
export interface SecretReferences {
  /** Sources of truth: their versions are listed and read. */
  readonly sources: readonly string[];
  /** Tokens and headers: one value each, and no history. */
  readonly credentials: readonly string[];
}

export type SecretReferencesReading =
  | { readonly kind: "references"; readonly references: SecretReferences }
  | { readonly kind: "mistakes"; readonly mistakes: readonly string[] };

interface Place {
  readonly path: string;
  readonly source: { readonly secretsManager: string } | { readonly env: string };
}

const namePattern = /^[A-Za-z0-9/_+=.@-]{1,512}$/;
const arnPattern = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]{1,519}$/;

/**
 * Finds what the stack has to grant. An id becomes part of an IAM resource: one with a `*` or a `?` in it would
 * open secrets that the fleet does not name.
 */
export function readSecretReferences(fleet: Fleet): SecretReferencesReading {
  const sources = sourcesOf(fleet);
  const credentials = credentialsOf(fleet);
  const mistakes = [...sources, ...credentials].flatMap(mistakeOf);
  if (mistakes.length > 0) return { kind: "mistakes", mistakes };
  return { kind: "references", references: { sources: idsOf(sources), credentials: idsOf(credentials) } };
}

function sourcesOf({ secrets }: Fleet): Place[] {
  return Object.entries(secrets).map(([name, { source }]) => ({ path: `secrets.${name}.source`, source }));
}

function credentialsOf({ environments }: Fleet): Place[] {
  return Object.entries(environments).flatMap(([name, { headers = {}, railway }]) => [
    ...Object.entries(headers).flatMap(([header, source]) =>
      typeof source === "string" ? [] : [{ path: `environments.${name}.headers.${header}`, source }],
    ),
    ...(railway ? [{ path: `environments.${name}.railway.token`, source: railway.token }] : []),
  ]);
}

function mistakeOf({ path, source }: Place): string[] {
  if ("env" in source) {
    return [
      `${path}: expected { secretsManager: name }: what is deployed has no environment variable of yours`,
    ];
  }
  const id = source.secretsManager;
  const isFit = id.startsWith("arn:") ? arnPattern.test(id) : namePattern.test(id);
  return isFit ? [] : [`${path}: expected a secret's name (letters, digits and /_+=.@-) or its ARN`];
}

function idsOf(places: readonly Place[]): string[] {
  const ids = places.flatMap(({ source }) => ("env" in source ? [] : [source.secretsManager]));
  return [...new Set(ids)].sort();
}

/** What AWS puts at the end of every secret's ARN. */
const arnEnding = /-[A-Za-z0-9]{6}$/;

/** The names that a secret of this id may have: an ARN does not tell whether its last six characters are AWS's own. */
export function possibleNames(id: string): readonly string[] {
  const [, ofArn] = /^arn:.*:secret:(.*)$/.exec(id) ?? [];
  if (ofArn === undefined) return [id];
  return arnEnding.test(ofArn) ? [ofArn, ofArn.replace(arnEnding, "")] : [ofArn];
}
