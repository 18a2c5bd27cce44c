import type { Filter } from "@aws-sdk/client-secrets-manager";
import { AwsError } from "../wire/aws-error.ts";
import type { Secret } from "./secret.ts";

/** Says whether a secret passes every filter; within one filter one value is enough. */
export function passesFilters(secret: Secret, filters: readonly Filter[] = []): boolean {
  return filters.every(({ Key, Values = [] }) => Values.some((value) => passes(secret, Key, value)));
}

/** A leading exclamation mark turns a value round. */
function passes(secret: Secret, key: string | undefined, value: string): boolean {
  if (value.startsWith("!")) return !passes(secret, key, value.slice(1));
  switch (key) {
    case "name":
      return secret.name.startsWith(value);
    case "description":
      return startsWithAnyCase(secret.description ?? "", value);
    case "tag-key":
      return [...secret.tags.keys()].some((tag) => tag.startsWith(value));
    case "tag-value":
      return [...secret.tags.values()].some((tag) => tag.startsWith(value));
    case "all":
      return wordsOf(secret).some((word) => startsWithAnyCase(word, value));
    default:
      throw new AwsError("ValidationException", `The stand-in does not know the filter ${key}`);
  }
}

function startsWithAnyCase(text: string, start: string): boolean {
  return text.toLowerCase().startsWith(start.toLowerCase());
}

function wordsOf({ name, description = "", tags }: Secret): string[] {
  return [name, description, ...tags.keys(), ...tags.values()].flatMap((text) => text.split(/\W+/));
}
