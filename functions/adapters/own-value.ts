import type { Truth } from "../core/observation.ts";
import { Secret } from "../protocol/secret.ts";

export type Unreadable = Extract<Truth, { kind: "unreadable" }>;

export function unreadable(code: string, detail: string): Unreadable {
  return { kind: "unreadable", code, detail };
}

/** What a store holds at one place: `undefined` where that is bytes, not text. */
export interface Content {
  /** What messages call the place: the fleet's own name for it. */
  readonly place: string;
  readonly text: Secret | undefined;
}

export type OwnValue = { readonly kind: "value"; readonly value: Secret } | Unreadable;

/** Takes a secret's own value out of what is stored: all of it, or one key of a JSON object. */
export function ownValue({ place, text }: Content, jsonKey: string | undefined): OwnValue {
  if (text === undefined) {
    return unreadable("binary", `${place} holds bytes (SecretBinary); store it as text (SecretString)`);
  }
  const own =
    jsonKey === undefined ? { kind: "value" as const, value: text } : memberOf(place, text, jsonKey);
  if (own.kind === "value" && !own.value.satisfies((value) => value.isWellFormed())) {
    const where = jsonKey === undefined ? place : `${place}, key ${jsonKey},`;
    return unreadable("ill-formed", `${where} is no well-formed Unicode text; store it again`);
  }
  return own;
}

function memberOf(place: string, text: Secret, key: string): OwnValue {
  const object = parseObject(text);
  if (object === undefined) {
    return unreadable("not-json", `${place} holds no JSON object; store one, or leave out jsonKey ${key}`);
  }
  const member = Object.hasOwn(object, key) ? object[key] : undefined;
  if (member === undefined) {
    return unreadable("key-missing", `${place} has no key ${key}; store it there, or correct jsonKey`);
  }
  if (typeof member !== "string") {
    return unreadable("not-text", `${place}, key ${key}, is no text; store it in quotes`);
  }
  return { kind: "value", value: new Secret(member) };
}

/** The error of `JSON.parse` is dropped: it quotes what it could not read. */
function parseObject(text: Secret): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.reveal());
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
