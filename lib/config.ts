import { durationMs, durationPattern } from "../functions/core/duration.ts";

/** What a person chooses at deployment, apart from the fleet itself. */
export interface Config {
  readonly stackName: string;
  /** How often the schedule looks. */
  readonly everyMs: number;
  /** Whether nothing starts by itself: no schedule, no run after a change of a secret or a deployment. */
  readonly paused: boolean;
  /** Told of what somebody has to act on. */
  readonly alertEmails: readonly string[];
  /** Told of everything. */
  readonly allEmails: readonly string[];
  /** @default - no Slack */
  readonly slack?: SlackChannel;
  /** Whether repairs run as durable executions; false where a Region has none. */
  readonly durable: boolean;
  /** Customer managed keys that encrypt the fleet's secrets. */
  readonly kmsKeyArns: readonly string[];
}

export interface SlackChannel {
  readonly workspaceId: string;
  readonly channelId: string;
}

export type ConfigReading =
  | { readonly kind: "config"; readonly config: Config }
  | { readonly kind: "mistakes"; readonly mistakes: readonly string[] };

type Context = Readonly<Record<string, unknown>>;

const minuteMs = 60_000;
const everyMinMs = 5 * minuteMs;
/** CloudWatch takes no alarm period beyond a day, and the dead-man alarm's period is the schedule's. */
const everyMaxMs = 24 * 60 * minuteMs;

/** CDK's own context keys hold a character that ours never have; whatever else looks like ours is a slip of the hand. */
const ourKey = /^[A-Za-z]+$/;
/** What `-c` takes. @internal */
export const contextKeys = [
  "fleet",
  "stack",
  "every",
  "paused",
  "email",
  "emailAll",
  "slack",
  "durable",
  "kmsKeyArns",
];

/** Reads the CDK context (`-c key=value`); tells all mistakes at once. */
export function readConfig(context: Context): ConfigReading {
  const mistakes: string[] = unknownKeys(context);
  const read = <Value>(key: string, parse: (text: string) => Value | undefined, expected: string) => {
    const text = textOf(context[key]);
    const value = text === undefined ? undefined : parse(text);
    if (context[key] !== undefined && value === undefined) mistakes.push(`${key}: expected ${expected}`);
    return value;
  };
  const alertEmails = read("email", parseEmails, emailsExpected) ?? [];
  const allEmails = read("emailAll", parseEmails, emailsExpected) ?? [];
  const slack = read("slack", parseSlack, "a workspace's and a channel's id, as T0WORKSPACE/C0CHANNEL");
  const config = {
    stackName: read("stack", parseStackName, stackNameExpected) ?? "Tallystick",
    everyMs:
      read("every", parseEvery, "whole minutes from 5m to 24h, such as 15m, 6h or 1d") ?? durationMs("6h"),
    paused: read("paused", parseBoolean, "true or false") ?? false,
    ...{ alertEmails, allEmails },
    ...(slack && { slack }),
    durable: read("durable", parseBoolean, "true or false") ?? true,
    kmsKeyArns: read("kmsKeyArns", parseKeyArns, keyArnsExpected) ?? [],
  };
  if (alertEmails.some((address) => allEmails.includes(address))) {
    mistakes.push("emailAll: expected other addresses than in email: who gets everything gets the alerts");
  }
  return mistakes.length > 0 ? { kind: "mistakes", mistakes } : { kind: "config", config };
}

function unknownKeys(context: Context): string[] {
  return Object.keys(context)
    .filter((key) => ourKey.test(key) && !contextKeys.includes(key))
    .map((key) => `${key}: no such setting; there are ${contextKeys.join(", ")}`);
}

/** The command line gives texts; cdk.json may hold true and false. */
function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : typeof value === "boolean" ? String(value) : undefined;
}

const stackNameExpected =
  "a stack's name: a letter, then letters, digits and hyphens, at most 100 characters";

/** CloudFormation allows 128; the alarms' names begin with it and end with a word of ours. */
function parseStackName(text: string): string | undefined {
  return /^[A-Za-z][A-Za-z0-9-]{0,99}$/.test(text) ? text : undefined;
}

function parseEvery(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined;
  const everyMs = durationMs(text);
  const fits = everyMs >= everyMinMs && everyMs <= everyMaxMs && everyMs % minuteMs === 0;
  return fits ? everyMs : undefined;
}

function parseBoolean(text: string): boolean | undefined {
  return text === "true" ? true : text === "false" ? false : undefined;
}

const emailsExpected = "one or more e-mail addresses, each once, with commas between them";

function parseEmails(text: string): readonly string[] | undefined {
  return parseList(text, /^[^\s@,"\\]+@[^\s@,"\\]+\.[^\s@,"\\]+$/);
}

function parseSlack(text: string): SlackChannel | undefined {
  const [, workspaceId, channelId] = /^(T[A-Z0-9]{2,})\/([CG][A-Z0-9]{2,})$/.exec(text) ?? [];
  return workspaceId !== undefined && channelId !== undefined ? { workspaceId, channelId } : undefined;
}

const keyArnsExpected =
  "ARNs of KMS keys (arn:aws:kms:…:key/…), each once, with commas between them; IAM knows no aliases";

function parseKeyArns(text: string): readonly string[] | undefined {
  return parseList(text, /^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[A-Za-z0-9-]+$/);
}

function parseList(text: string, pattern: RegExp): readonly string[] | undefined {
  const items = text.split(",").map((item) => item.trim());
  const isSound = items.every((item) => pattern.test(item)) && new Set(items).size === items.length;
  return isSound ? items : undefined;
}
