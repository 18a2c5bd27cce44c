import type { Cause } from "./cause.ts";
import type { EnvironmentEntry, SecretSource } from "./fleet.ts";
import type { StoredVerdict } from "./stored-verdict.ts";

/** The place and the secret that a person is told to mend. */
export interface HandWork {
  readonly environment: string;
  readonly secret: string;
  readonly variable: string;
  readonly entry: EnvironmentEntry;
  readonly source: SecretSource;
  readonly stored?: StoredVerdict;
  /** Why the tool does not do it, where it could do such a thing in principle. */
  readonly obstacle?: string;
}

/** What a person does about a holder that the tool cannot mend, in order; the last step proves it. */
export function handSteps(cause: Cause, work: HandWork): readonly string[] {
  return [...mending[cause](work), proof(work)];
}

/** What a person does when Railway would take the value itself for a template. */
export function templateSteps(work: HandWork): readonly string[] {
  return [
    `The value of ${work.secret} contains \${{, which Railway renders as a reference: it cannot hold the value as it is.`,
    `Issue a value without \${{ and put it into ${sourceWords(work.source)}.`,
    proof(work),
  ];
}

type Steps = (work: HandWork) => readonly string[];

const byConfiguration: Steps = (work) =>
  work.entry.railway === undefined ? hostSteps(work) : undeterminedSteps(work);

const mending: Readonly<Record<Cause, Steps>> = {
  rejected: ({ secret, source }) => [
    `Issue a new ${secret} where it is issued; the present one is held alike by everybody and no longer accepted.`,
    `Put it into ${sourceWords(source)} as the new current version; the next check brings it to where it can be pushed.`,
  ],
  override: ({ variable }) => [
    `In Railway ${variable} is right, and was when the deployment started: something else gives the process another value.`,
    `Look in the service's start command, in a config file or .env in its image, and in code that sets ${variable}; remove it there.`,
    "Redeploy the service.",
  ],
  shared: sharedSteps,
  process: ({ environment }) => [
    `Restart the service on ${environment}: its configuration is right, its process was started before that.`,
  ],
  latent: (work) =>
    isLink(work)
      ? [...linkSteps(work), "No redeploy is needed: the running process is right."]
      : latentSteps(work),
  variable: byConfiguration,
  rollback: byConfiguration,
  undetermined: byConfiguration,
};

function isLink({ stored }: HandWork): boolean {
  return stored?.kind === "reference" || stored?.kind === "inherited";
}

function latentSteps(work: HandWork): readonly string[] {
  return [
    `${setting(work)} The running process is right; the next restart would bring the wrong value in.`,
    "No restart is needed.",
  ];
}

function hostSteps(work: HandWork): readonly string[] {
  return [
    setting(work),
    `Restart the service on ${work.environment}: a process keeps the value it was started with.`,
  ];
}

/** The variable is right and the snapshot could not be read, so a redeploy might change nothing, again and again. */
function undeterminedSteps(work: HandWork): readonly string[] {
  return [
    `In Railway ${work.variable} is right; what the deployment was started with could not be read.`,
    "Redeploy the service once.",
    `If ${work.variable} is still wrong then, something overrides it: look in the start command, config files and code.`,
  ];
}

function sharedSteps(work: HandWork): readonly string[] {
  return [...linkSteps(work), "Redeploy every service that uses it."];
}

function linkSteps(work: HandWork): readonly string[] {
  const to = work.stored?.kind === "reference" && work.stored.to !== undefined ? ` (${work.stored.to})` : "";
  return [
    `In Railway ${work.variable} takes its value from elsewhere${to}; a literal in its place would cut that link.`,
    ...(work.obstacle === undefined ? [] : [`It is not done by itself: ${work.obstacle}.`]),
    `Set what it points to, to the current version of ${work.secret} from ${sourceWords(work.source)}.`,
  ];
}

function setting(work: HandWork): string {
  return `On ${work.environment}, set ${work.variable} to the current version of ${work.secret} in ${sourceWords(work.source)}.${fetching(work.source)}`;
}

function fetching(source: SecretSource): string {
  if (!("secretsManager" in source)) return "";
  const key =
    source.jsonKey === undefined ? "" : ` | jq -j ${shellQuoted(`.[${JSON.stringify(source.jsonKey)}]`)}`;
  return ` Fetch it into the file, not onto the screen: aws secretsmanager get-secret-value --secret-id ${shellQuoted(source.secretsManager)} --query SecretString --output text${key}`;
}

function proof({ environment, secret }: HandWork): string {
  return `Prove it: tallystick check --only ${environment} --secret ${secret}`;
}

/** Where a secret's truth lives, in words. @internal */
export function sourceWords(source: SecretSource): string {
  if (!("secretsManager" in source)) return `the checker's environment variable ${source.env}`;
  const key = source.jsonKey === undefined ? "" : `, key ${source.jsonKey}`;
  return `AWS Secrets Manager ${source.secretsManager}${key}`;
}

function shellQuoted(text: string): string {
  return /^[A-Za-z0-9_/+=.@:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
