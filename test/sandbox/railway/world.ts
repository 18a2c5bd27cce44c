import type { RequestLimits } from "./request-limits.ts";

/** Everything that exists at Railway when the stand-in starts. */
export interface World {
  readonly projects: readonly WorldProject[];
  readonly tokens: readonly WorldToken[];
  /** @default the Pro plan: 10,000 an hour, 50 a second */
  readonly limits?: RequestLimits;
}

/** A project with its environments. */
export interface WorldProject {
  readonly id: string;
  readonly name: string;
  readonly environments: readonly WorldEnvironment[];
}

/** An environment: its shared variables, and the services as they are set up in it. */
export interface WorldEnvironment {
  readonly id: string;
  readonly name: string;
  readonly sharedVariables?: WorldVariables;
  readonly services: readonly WorldService[];
}

/** A service in one environment; the same id may stand in several environments, as at Railway. */
export interface WorldService {
  readonly id: string;
  readonly name: string;
  readonly variables?: WorldVariables;
  /** Names of shared variables that reach the service without a row of its own. */
  readonly inherits?: readonly string[];
  /** Arguments for Node: the entry file first. An injected runner may do without. */
  readonly command?: readonly string[];
  /** @default 1 */
  readonly replicas?: number;
  /** @default none: active as soon as the processes have started */
  readonly healthcheckPath?: string;
  /** @default 300 */
  readonly healthcheckTimeoutSeconds?: number;
  /** @default 0 */
  readonly overlapSeconds?: number;
  /** @default 0 */
  readonly drainingSeconds?: number;
  /** Whether a deployment serves from the start. @default true */
  readonly deployed?: boolean;
  /** Whether it may be put to sleep while nobody asks it anything. @default false */
  readonly sleepApplication?: boolean;
  /** Makes it a job, which no process serves between its runs. @default none */
  readonly cronSchedule?: string;
  readonly region?: string;
}

/** Somebody who may have made a deployment. */
export interface Person {
  readonly id: string;
  readonly name: string | null;
  readonly email: string;
}

/** Variables by name; the value is a template in which `${{shared.NAME}}` and `${{Service.NAME}}` are references. */
export type WorldVariables = Readonly<Record<string, WorldVariable>>;

/** A variable's value, which nobody can read back once it is sealed. */
type WorldVariable = string | { readonly value: string; readonly sealed: true };

interface TokenReach {
  readonly value: string;
  /**
   * Root fields that this token is refused. Accounts of what a project token may do contradict each other
   * (facts/railway.md, 5), so a test chooses.
   */
  readonly denies?: readonly string[];
  /** Who stands at the deployments that are made with it. @default nobody */
  readonly holder?: Person;
}

/** An API token; its kind decides about the header that it is valid in. */
export type WorldToken =
  | (TokenReach & { readonly kind: "project"; readonly environmentId: string })
  | (TokenReach & {
      readonly kind: "account" | "workspace";
      readonly id: string;
      readonly workspaces: readonly { readonly id: string; readonly name: string }[];
      /** @default every project */
      readonly projectIds?: readonly string[];
    });
