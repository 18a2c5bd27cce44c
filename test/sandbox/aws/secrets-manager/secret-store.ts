import { randomInt, randomUUID } from "node:crypto";
import { AwsError } from "../wire/aws-error.ts";
import { type LabelUpdatedEvent, labelUpdatedEvent, silentLabels } from "./label-updated-event.ts";
import { dayMs, type Secret, type SecretValue, sameValue, type Version } from "./secret.ts";
import { checkName } from "./secret-limits.ts";
import { type LabelMove, moveLabel } from "./staging-labels.ts";
import { chooseVersion, type NewVersion, putVersion, type VersionChoice } from "./version-history.ts";

/** Where and when the store lives, and who hears of its labels. */
export type SecretStoreOptions = {
  readonly clock: () => number;
  readonly region: string;
  readonly accountId: string;
  readonly onLabelUpdated?: ((event: LabelUpdatedEvent) => void) | undefined;
};

/** What a new secret is made of. */
export type NewSecret = Pick<Secret, "name" | "description" | "kmsKeyId" | "type"> & {
  readonly token?: string;
  readonly value?: SecretValue | undefined;
  readonly tags?: ReadonlyMap<string, string>;
};

/** Secrets, their versions and their labels: the service's state without its wire. */
export class SecretStore {
  readonly #options: SecretStoreOptions;
  readonly #secrets = new Map<string, Secret>();
  readonly #denied = new Set<string>();

  constructor(options: SecretStoreOptions) {
    this.#options = options;
  }

  /** Sets up a secret in one line: makes it, or gives it a new current text; answers the version's id. */
  plant(name: string, text: string): string {
    const known = this.all().some((secret) => secret.name === name);
    const secret = known ? this.live(name) : this.create({ name }).secret;
    return this.put(secret, { token: randomUUID(), value: { kind: "text", text } }).id;
  }

  /** Every secret, those that wait for their deletion included, oldest first. */
  all(): readonly Secret[] {
    const now = this.now();
    for (const { name, deletion } of this.#secrets.values()) {
      if (deletion !== undefined && deletion.endsAtMs <= now) this.#secrets.delete(name);
    }
    return [...this.#secrets.values()];
  }

  /** The secret of a name, of an ARN, or of an ARN without the six characters that AWS appends. */
  find(id: string): Secret {
    const found = this.all().find(({ name, arn }) => name === id || arn === id || arn.slice(0, -7) === id);
    if (found !== undefined) return found;
    throw new AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  }

  /** The same, for operations that refuse a secret which waits for its deletion. */
  live(id: string): Secret {
    const secret = this.find(id);
    if (secret.deletion === undefined) return secret;
    const message = "You can't perform this operation on the secret because it was marked for deletion.";
    throw new AwsError("InvalidRequestException", message);
  }

  /** Makes a secret, with a first version where there is a value. */
  create(request: NewSecret): { secret: Secret; version: Version | undefined } {
    const { name, token = randomUUID(), value, tags, ...described } = request;
    checkName(name);
    const existing = this.all().find((secret) => secret.name === name);
    if (existing !== undefined) return this.#createAgain(existing, token, value);
    const now = this.now();
    const arn = this.arnOf(name);
    const secret: Secret = {
      ...described,
      ...{ name, arn, createdAtMs: now, changedAtMs: now, tags: new Map(tags), versions: new Map() },
    };
    this.#secrets.set(name, secret);
    return { secret, version: value && this.put(secret, { token, value }) };
  }

  /** Adds a version and moves the labels it asks for. */
  put(secret: Secret, request: NewVersion): Version {
    const { version, moved } = putVersion(secret, request, this.now());
    this.touch(secret);
    for (const label of moved) this.#tell(secret, label, version);
    return version;
  }

  /** Moves or removes one label. */
  moveLabel(secret: Secret, move: LabelMove): void {
    const target = moveLabel(secret.versions, move);
    this.touch(secret);
    if (target !== undefined) this.#tell(secret, move.label, target);
  }

  /** The version asked for with its value; notes the day, and only the day, on which it was read. */
  read(secret: Secret, choice: VersionChoice): Version & { value: SecretValue } {
    if (this.#denied.has(secret.arn)) {
      const message = `User is not authorized to perform: secretsmanager:GetSecretValue on resource: ${secret.arn}`;
      throw new AwsError("AccessDeniedException", message);
    }
    const version = chooseVersion(secret, choice);
    version.lastAccessedAtMs = Math.floor(this.now() / dayMs) * dayMs;
    return version;
  }

  /** Refuses every reading of a secret's value, until the function it answers is called. */
  deny(id: string): () => void {
    const { arn } = this.find(id);
    this.#denied.add(arn);
    return () => void this.#denied.delete(arn);
  }

  /** Forgets a secret at once. */
  remove(secret: Secret): void {
    this.#secrets.delete(secret.name);
  }

  /** Notes that a secret was changed. */
  touch(secret: Secret): void {
    secret.changedAtMs = this.now();
  }

  now(): number {
    return this.#options.clock();
  }

  /** An ARN with six fresh characters at its end, as AWS makes them so that a name used again is another secret. */
  arnOf(name: string): string {
    const { region, accountId } = this.#options;
    const suffix = randomInt(36 ** 5, 36 ** 6).toString(36);
    return `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${suffix}`;
  }

  /** Creating again is refused, save where it is the same request, sent twice. */
  #createAgain(secret: Secret, token: string, value: SecretValue | undefined) {
    if (secret.deletion !== undefined) {
      const message =
        "You can't create this secret because a secret with this name is already scheduled for deletion.";
      throw new AwsError("InvalidRequestException", message);
    }
    const version = secret.versions.get(token);
    if (value && version?.value && sameValue(version.value, value)) return { secret, version };
    const message = `The operation failed because the secret ${secret.name} already exists.`;
    throw new AwsError("ResourceExistsException", message);
  }

  #tell(secret: Secret, label: string, version: Version): void {
    if (silentLabels.has(label)) return;
    const { region, accountId: account, onLabelUpdated } = this.#options;
    const detail = { name: secret.name, labelUpdated: label, versionId: version.id };
    onLabelUpdated?.(labelUpdatedEvent({ arn: secret.arn, account, region, nowMs: this.now(), detail }));
  }
}
