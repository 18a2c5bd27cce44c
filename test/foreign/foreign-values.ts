import { canary } from "../canaries.ts";

/** One secret of the fleet: all its versions are in the checker's own environment variables. */
export interface SecretVersions {
  readonly current: string;
  /** Newest first. */
  readonly older?: readonly string[];
  readonly pending?: string;
}

/** These show up in every value, and must show up nowhere else. */
export const canaries: string[] = [];

function planted(label: string): string {
  const text = canary(`foreign ${label}`);
  canaries.push(text);
  return text;
}

function tokenOf(label: string): string {
  const part = (data: object) => Buffer.from(JSON.stringify(data)).toString("base64url");
  const signature = planted(label).replace("=", "").replaceAll("+", "-").replaceAll("/", "_");
  return `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: "fleet", exp: 32_503_680_000 })}.${signature}`;
}

function ofLength(length: number, label: string): string {
  return planted(label).repeat(length).slice(0, length);
}

/** Each is made so that the accidents which may befall it give a text that no other accident gives. */
export const secrets = {
  PLAIN_KEY: {
    current: planted("plain"),
    older: [planted("plain, one before"), planted("plain, two before")],
    pending: planted("plain, next"),
  },
  COMPANION_KEY: { current: planted("companion") },
  BLANK_KEY: { current: `  ${planted("blank")}\t` },
  QUOTED_KEY: { current: `"${planted("quoted")}"` },
  SPEECH_KEY: { current: `${planted("speech")} said "\\o/" to 'all'` },
  BEARER_KEY: { current: `Bearer ${tokenOf("bearer")}` },
  TOKEN_KEY: { current: tokenOf("token") },
  FORM_KEY: { current: `${planted("form")} & more` },
  PERCENT_KEY: { current: `${planted("percent")}%2F%3d%C3%A4+%20` },
  BASE64_KEY: { current: Buffer.from(planted("base64")).toString("base64") },
  LINES_KEY: { current: `two "words"\n${planted("lines")}\nend` },
  DOLLAR_KEY: { current: `${planted("dollar")}$tail/\${more}` },
  HASH_KEY: { current: `${planted("hash")}#${planted("after the hash")}` },
  WORDS_KEY: { current: `${planted("words")} ${planted("second word")}` },
  LONG_KEY: { current: ofLength(300, "long") },
  VERY_LONG_KEY: { current: ofLength(1_100, "very long") },
  UMLAUT_KEY: { current: `${planted("umlaut")} Schlüssel für Ærøskøbing ﬁn 🔑` },
} as const satisfies Readonly<Record<string, SecretVersions>>;

export type SecretName = keyof typeof secrets;
export const secretNames = Object.keys(secrets) as SecretName[];

export function currentOf(name: SecretName): string {
  return secrets[name].current;
}

const entries: readonly (readonly [string, SecretVersions])[] = Object.entries(secrets);

/** The fleet file's part on secrets. */
export const secretEntries = Object.fromEntries(
  entries.map(([name, { older, pending }]) => [
    name,
    {
      source: {
        env: name,
        ...(older && { older: older.map((_, index) => `${name}_OLD_${index + 1}`) }),
        ...(pending !== undefined && { pending: `${name}_NEXT` }),
      },
    },
  ]),
);

/** The checker's environment variables that the fleet file speaks of. */
export const variables: Readonly<Record<string, string>> = Object.fromEntries(
  entries.flatMap(([name, { current, older = [], pending }]) => [
    [name, current],
    ...older.map((value, index) => [`${name}_OLD_${index + 1}`, value]),
    ...(pending === undefined ? [] : [[`${name}_NEXT`, pending]]),
  ]),
);
