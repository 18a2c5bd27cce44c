// SPDX-License-Identifier: MIT
import { type TrustedKeys, trustKeys } from "../protocol/challenge-check.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { environmentPattern, isLabel, isSecretName, labelPattern } from "../protocol/names.ts";

/** Reads a value as the process really uses it, at the moment of the answer. Nothing is `null`; empty is a value. */
export type SecretGetter = () => string | null | undefined;

export interface ResponderOptions {
  /** The environment's name in the fleet; no other environment may have it. */
  readonly environment: string;
  /** The checker's public keys, raw 32 bytes in base64url; two while its seed rotates. */
  readonly publicKeys: readonly string[];
  /** By the fleet's names: what the process uses. */
  readonly secrets: Readonly<Record<string, SecretGetter>>;
  /** By the fleet's names: what its configuration holds now, and a restart would bring in. @default - nothing */
  readonly stored?: Readonly<Record<string, SecretGetter>>;
  /** Which of several instances this is. @default - RAILWAY_REPLICA_ID, where it is set */
  readonly instance?: string;
  /** @default - RAILWAY_DEPLOYMENT_ID, where it is set */
  readonly deployment?: string;
  /** UTC, as `2026-11-22T10:00:00Z`. @default - the moment of `createResponder` */
  readonly startedAt?: string;
  /** @default - RAILWAY_ENVIRONMENT_ID and RAILWAY_SERVICE_ID, where both are set */
  readonly place?: Place;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

type Getters = Readonly<Record<string, SecretGetter>>;

interface Place {
  readonly environment: string;
  readonly service: string;
}

/** What an answer says about who gives it; the members' names are those of the wire. */
export interface Identity {
  readonly environment: string;
  readonly instance?: string;
  readonly deployment?: string;
  readonly startedAt?: string;
  readonly place?: Place;
}

export interface Configuration {
  readonly identity: Identity;
  readonly keys: TrustedKeys;
  readonly now: () => number;
}

/** @throws ProtocolError `responder-unfit` with every mistake at once; never with a value. */
export function readConfiguration(options: ResponderOptions): Configuration {
  const { environment, instance, deployment, startedAt, place, secrets, stored, now = Date.now } = options;
  const started = startedAt === undefined ? now() : Date.parse(startedAt);
  const mistakes = [
    ...textMistakes("environment", environment, environmentPattern),
    ...textMistakes("instance", instance ?? "-", labelPattern),
    ...textMistakes("deployment", deployment ?? "-", labelPattern),
    ...(place ? textMistakes("place.environment", place.environment, labelPattern) : []),
    ...(place ? textMistakes("place.service", place.service, labelPattern) : []),
    ...(Number.isNaN(started) ? ["startedAt must be a date"] : []),
    ...getterMistakes("secrets", secrets),
    ...getterMistakes("stored", stored ?? {}),
  ];
  let keys: TrustedKeys | undefined;
  try {
    keys = trustKeys(options.publicKeys);
  } catch (error) {
    mistakes.push(error instanceof ProtocolError ? error.message : "publicKeys must be a list of texts");
  }
  if (!keys || mistakes.length > 0) throw new ProtocolError("responder-unfit", mistakes.join("; "));
  return { identity: identityOf(options, timestamp(started)), keys, now };
}

function textMistakes(option: string, value: unknown, pattern: RegExp): string[] {
  return typeof value === "string" && pattern.test(value) ? [] : [`${option} must match ${pattern.source}`];
}

/** Names are told by their position: where a caller mixed up name and value, the name is the secret. */
function getterMistakes(option: string, getters: Getters): string[] {
  if (typeof getters !== "object" || getters === null) return [`${option} must be an object`];
  return Object.entries(getters).flatMap(([name, getter], index) =>
    isSecretName(name) && typeof getter === "function"
      ? []
      : [`${option}: entry ${index + 1} must be a name with a function`],
  );
}

function identityOf(options: ResponderOptions, startedAt: string | undefined): Identity {
  const instance = options.instance ?? railway("REPLICA_ID");
  const deployment = options.deployment ?? railway("DEPLOYMENT_ID");
  const [environment, service] = [railway("ENVIRONMENT_ID"), railway("SERVICE_ID")];
  const place = options.place ?? (environment && service && { environment, service });
  return {
    environment: options.environment,
    ...(instance && { instance }),
    ...(deployment && { deployment }),
    ...(startedAt && { startedAt }),
    ...(place && { place }),
  };
}

/** Deno asks for leave before it shows a variable; without it, the variable is as good as unset. */
function railway(name: string): string | undefined {
  try {
    const text = globalThis.process?.env[`RAILWAY_${name}`];
    return text && isLabel(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Without milliseconds. Workers stop the clock at 1970 outside of a request; that is no time to tell. */
export function timestamp(milliseconds: number): string | undefined {
  return milliseconds > 0 ? `${new Date(milliseconds).toISOString().slice(0, 19)}Z` : undefined;
}
