/** What a version holds: text or bytes. */
export type SecretValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array };

/** One version; a rotation makes it before there is a value to put in. */
export type Version = {
  readonly id: string;
  readonly createdAtMs: number;
  readonly stages: Set<string>;
  value?: SecretValue;
  lastAccessedAtMs?: number;
};

/** How and when a secret is rotated. */
export type Rotation = {
  lambdaArn: string;
  automaticallyAfterDays?: number | undefined;
  duration?: string | undefined;
  scheduleExpression?: string | undefined;
  lastRotatedAtMs?: number;
};

/** A secret that was deleted and can be restored until its window ends. */
type Deletion = { readonly requestedAtMs: number; readonly endsAtMs: number };

/** A secret with all its versions, oldest first. */
export type Secret = {
  readonly arn: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly tags: Map<string, string>;
  readonly versions: Map<string, Version>;
  changedAtMs: number;
  description?: string | undefined;
  kmsKeyId?: string | undefined;
  type?: string | undefined;
  rotation?: Rotation;
  deletion?: Deletion | undefined;
};

/** One day in milliseconds. */
export const dayMs = 86_400_000;

/** Says whether two values are the same. */
export function sameValue(one: SecretValue, other: SecretValue): boolean {
  if (one.kind === "text") return other.kind === "text" && one.text === other.text;
  return other.kind === "bytes" && Buffer.from(one.bytes).equals(other.bytes);
}
