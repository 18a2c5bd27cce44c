import * as z from "zod";
import { durationMs, durationPattern } from "./duration.ts";
import { referenceMistakes } from "./fleet-references.ts";
import { limits } from "./limits.ts";

const environmentName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    "an environment's name: lower-case letters, digits and hyphens, at most 63",
  );
const secretName = z
  .string()
  .regex(
    /^(?!__proto__$)[A-Za-z_][A-Za-z0-9_.-]{0,127}$/,
    "a secret's name: a letter or underscore, then letters, digits, _ . or -, at most 128",
  );
const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,254}$/, "a variable's name: letters, digits and underscores")
  .regex(/^(?!RAILWAY_)/, "another name: Railway overrides RAILWAY_* at every deployment");
const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, "an HTTP header's name");
const duration = z
  .string()
  .regex(durationPattern, "a duration such as 30s, 15m, 6h or 30d")
  .transform(durationMs)
  .describe("a whole number and s, m, h or d");
const url = z.string().refine(isHttpUrl, "an http or https URL without user name and password");
const environmentVariable = z.string().min(1, "the name of an environment variable");

const secretsManagerSource = z
  .strictObject({
    secretsManager: z.string().min(1, "the name or ARN of a secret in AWS Secrets Manager"),
    jsonKey: z.string().min(1, "the key in the secret's JSON object").optional(),
  })
  .describe("A secret in AWS Secrets Manager");
const credentialEnvSource = z.strictObject({ env: environmentVariable });
const envSource = z
  .strictObject({
    env: environmentVariable,
    older: z.array(environmentVariable).max(limits.versionsMax).optional().describe("newest first"),
    pending: environmentVariable.optional(),
  })
  .describe("Environment variables of the checker itself, for laptops");

/** Where a credential of the checker itself is read: one value, no history. */
const credentialSource = z.union([secretsManagerSource, credentialEnvSource]);

const secretEntry = z.strictObject({
  source: z.union([secretsManagerSource, envSource]),
  expires: z
    .strictObject({ after: duration.optional(), warn: duration.default(5 * 86_400_000) })
    .optional()
    .describe("how long a value lives; a JWT's own exp is read without this"),
});

const capability = z.strictObject({
  url,
  method: z.enum(["GET", "HEAD", "POST", "PUT"]).default("GET"),
  body: z.json().optional().describe("sent as JSON"),
  bearer: secretName.optional().describe("the secret sent as Authorization: Bearer"),
  header: z.record(headerName, secretName).optional().describe("header → the secret sent in it"),
  verifier: environmentName
    .optional()
    .describe("the environment that checks the secret; default: this one, where the URL is its own"),
  deniedStatuses: z
    .array(z.int().min(400).max(499))
    .min(1)
    .optional()
    .describe("default 401 and 403; a 403 blames the secret only where it is written here"),
  allowHttp: z.boolean().optional(),
});

/** Ids are compared: two spellings of one would look like two services, repaired side by side. */
const railwayId = (what: string) => z.string().trim().toLowerCase().min(1, what);

const railway = z.strictObject({
  project: railwayId("Railway's project id"),
  environment: railwayId("Railway's environment id"),
  service: railwayId("Railway's service id"),
  token: credentialSource,
  allowOthersPending: z
    .boolean()
    .optional()
    .describe("redeploy also where that ships variables that somebody changed and did not deploy"),
});

const environmentEntry = z.strictObject({
  health: url.optional(),
  headers: z.record(headerName, z.union([z.string(), credentialSource])).optional(),
  instances: z.int().min(1).max(limits.instancesMax).default(1),
  allowHttp: z.boolean().default(false),
  secrets: z.array(secretName).optional().describe("default: all of the fleet"),
  railway: railway.optional(),
  evidence: z
    .literal("snapshot", {
      error: "snapshot, or nothing: where a process answers, it is always believed first",
    })
    .optional()
    .describe("judge by what the serving deployment was started with, where no process answers"),
  variables: z
    .record(secretName, variableName)
    .optional()
    .describe("secret → its name in Railway, where it differs"),
  capabilities: z
    .record(
      z
        .string()
        .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._:/-]{0,63}$/u, "a capability's name, at most 64 characters"),
      capability,
    )
    .optional(),
  unseenAfter: duration
    .optional()
    .describe("how long it may be silent before people are told; default: the policy's"),
});

const policy = z.strictObject({
  mode: z.enum(["observe", "approve", "fix"]).default("approve"),
  environmentsPerRunMax: z
    .int()
    .min(1)
    .default(5)
    .describe("how many environments one run repairs; the next goes on"),
  cooldown: duration
    .default(durationMs("1h"))
    .describe("how long the same version is not pushed again into the same environment"),
  fixesPerDayMax: z.int().min(1).default(3).describe("repairs of one environment in 24 hours"),
  remindEvery: duration
    .default(durationMs("24h"))
    .describe("how often people are told again of what goes on"),
  unseenAfter: duration
    .default(durationMs("24h"))
    .describe("how long an environment may be silent before people are told"),
});

/** The schema of a fleet file; `fleet.schema.json` is emitted from it. */
const fleetSchema = z.strictObject({
  $schema: z.string().optional(),
  secrets: z.record(secretName, secretEntry),
  environments: z.record(environmentName, environmentEntry),
  policy: policy.prefault({}),
});

export type Fleet = z.output<typeof fleetSchema>;
export type SecretEntry = z.output<typeof secretEntry>;
export type SecretSource = SecretEntry["source"];
export type CredentialSource = z.output<typeof credentialSource>;
export type EnvironmentEntry = z.output<typeof environmentEntry>;
export type RailwayEntry = z.output<typeof railway>;
export type Capability = z.output<typeof capability>;
type Policy = z.output<typeof policy>;
export type PolicyMode = Policy["mode"];

/** One mistake in a fleet file: where, and what was expected there. */
export interface FleetMistake {
  readonly path: readonly (string | number)[];
  readonly expected: string;
}

export type FleetReading =
  | { readonly kind: "fleet"; readonly fleet: Fleet }
  | { readonly kind: "mistakes"; readonly mistakes: readonly FleetMistake[] };

/** Reads a fleet from data of unknown shape; reports every mistake, of form and of reference, at once. */
export function readFleet(data: unknown): FleetReading {
  const parsed = parse(data);
  if (parsed === "endless") return { kind: "mistakes", mistakes: [{ path: [], expected: endlessWords }] };
  const ofForm = parsed.success ? [] : parsed.error.issues.flatMap(mistakesOf);
  const mistakes = [...ofForm, ...referenceMistakes(data)];
  if (!parsed.success || mistakes.length > 0) return { kind: "mistakes", mistakes };
  return { kind: "fleet", fleet: parsed.data };
}

const endlessWords = "less nesting, and nothing that holds itself";

/** A capability's body may be any JSON: one that holds itself, as YAML can, would be followed without end. */
function parse(data: unknown): z.ZodSafeParseResult<Fleet> | "endless" {
  try {
    JSON.stringify(data);
    return fleetSchema.safeParse(data);
  } catch {
    return "endless";
  }
}

/** The JSON schema that editors read. */
export function fleetJsonSchema(): object {
  return { title: "Tallystick fleet", ...z.toJSONSchema(fleetSchema, { io: "input" }) };
}

/** The secrets that an environment holds: its own list, else all of the fleet. */
export function secretsOf(fleet: Fleet, environment: EnvironmentEntry): readonly string[] {
  return environment.secrets ?? Object.keys(fleet.secrets);
}

/** What a secret is called in an environment's Railway service. */
export function variableOf(environment: EnvironmentEntry, secret: string): string {
  // A map, for a secret may be called `constructor`: what an object inherits is no variable's name.
  return new Map(Object.entries(environment.variables ?? {})).get(secret) ?? secret;
}

/** The secrets that a capability sends. */
export function dependenciesOf(capability: Capability): readonly string[] {
  const named = [capability.bearer, ...Object.values(capability.header ?? {})];
  return [...new Set(named.filter((name) => name !== undefined))];
}

function mistakesOf(issue: z.core.$ZodIssue): FleetMistake[] {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      expected: "no such setting: remove it, or see the README for the name that was meant",
    }));
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map(({ message }) => ({ path, expected: message }));
  }
  if (issue.code === "invalid_union") return [{ path, expected: unionWords(path) }];
  return [{ path, expected: issue.message }];
}

/** A union's own message says "Invalid input"; people need to hear which forms there are. */
function unionWords(path: readonly (string | number)[]): string {
  if (path.includes("headers")) return "a text, { secretsManager: … } or { env: … }";
  return "{ secretsManager: name, jsonKey?: key } or { env: NAME }";
}

function isHttpUrl(text: string): boolean {
  const parsed = URL.parse(text);
  return (
    parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === "" && parsed.password === ""
  );
}
