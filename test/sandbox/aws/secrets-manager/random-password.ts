import { randomInt } from "node:crypto";
import type { GetRandomPasswordRequest } from "@aws-sdk/client-secrets-manager";
import { AwsError } from "../wire/aws-error.ts";
import { checkRange } from "./secret-limits.ts";

const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/** Makes a password of the kinds of characters asked for, one of each kind unless told otherwise. */
export function randomPassword(request: GetRandomPasswordRequest): string {
  const { PasswordLength: length = 32, RequireEachIncludedType: eachType = true } = request;
  checkRange("password's length", length, 1, 4096);
  const kinds = kindsOf(request);
  if (kinds.length === 0 || (eachType && kinds.length > length)) {
    throw new AwsError(
      "InvalidParameterException",
      "The password cannot hold the kinds of characters asked for.",
    );
  }
  const required = eachType ? kinds.map(pick) : [];
  const all = kinds.join("");
  const rest = Array.from({ length: length - required.length }, () => pick(all));
  return shuffle([...required, ...rest]).join("");
}

function kindsOf(request: GetRandomPasswordRequest): string[] {
  const lowercase = "abcdefghijklmnopqrstuvwxyz";
  const kinds = [
    request.ExcludeLowercase ? "" : lowercase,
    request.ExcludeUppercase ? "" : lowercase.toUpperCase(),
    request.ExcludeNumbers ? "" : "0123456789",
    request.ExcludePunctuation ? "" : punctuation,
    request.IncludeSpace ? " " : "",
  ];
  const excluded = new Set(request.ExcludeCharacters);
  return kinds
    .map((kind) => [...kind].filter((c) => !excluded.has(c)).join(""))
    .filter((kind) => kind !== "");
}

function pick(characters: string): string {
  return characters.charAt(randomInt(characters.length));
}

function shuffle(characters: string[]): string[] {
  const left = [...characters];
  return characters.flatMap(() => left.splice(randomInt(left.length), 1));
}
