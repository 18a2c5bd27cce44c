import type { Secret } from "../protocol/secret.ts";

/** One version of a secret in its source, successive versions of the same value counted as one. */
export interface SecretVersion {
  readonly id: string;
  /** When the source created it, epoch milliseconds; unknown where the source keeps no dates. */
  readonly createdAtMs?: number;
  readonly value: Secret;
}

/** What the source of truth says of one secret. */
export type Truth =
  | {
      readonly kind: "read";
      readonly current: SecretVersion;
      /** AWSPENDING, where it stands on another version than AWSCURRENT. */
      readonly pending?: SecretVersion;
      /** Newest first; empty as long as nothing differed, for then they are not read. */
      readonly older: readonly SecretVersion[];
      /** Newer than AWSCURRENT and not pending: the truth was rolled back. */
      readonly newer: readonly SecretVersion[];
      /** Why `older` and `newer` are empty although something differed and they were asked for. */
      readonly olderUnread?: string;
    }
  | { readonly kind: "unreadable"; readonly code: string; readonly detail: string };

export type ReadTruth = Extract<Truth, { kind: "read" }>;

/** Why there is no sound answer. */
export type SilenceReason =
  | "unreachable"
  | "timeout"
  | "refused"
  | "stale"
  | "faulty"
  | "malformed"
  | "wrong-place"
  | "not-reported"
  | "throttled"
  | "truth";

/** One instance's sound answer to one challenge. */
export interface InstanceAnswer {
  /** The instance's own name, or one made from the order of answers where it gave none. */
  readonly instance: string;
  readonly deployment?: string;
  readonly startedAtMs?: number;
  readonly nonce: string;
  /** Name → fingerprint, or null where the process has none. */
  readonly running: ReadonlyMap<string, string | null>;
  readonly stored: ReadonlyMap<string, string | null>;
}

/** What an environment's health endpoint said, all asks of a run together. */
export type Hearing =
  | {
      readonly kind: "heard";
      readonly instances: readonly InstanceAnswer[];
      readonly instancesExpected: number;
      /** It did not yet know the seed's newest key. */
      readonly trustsOldKey?: boolean;
    }
  | {
      readonly kind: "silent";
      readonly because: SilenceReason;
      /** The protocol's or the transport's own word for it. */
      readonly code?: string;
      /** One sentence for people; no text of the other side's. */
      readonly detail: string;
    };

/** Where a service's variable takes its whole value from: one variable with a value of its own. */
export interface VariableLink {
  /** The service whose variable it is; null for one that the environment shares. */
  readonly serviceId: string | null;
  readonly variable: string;
  /** Everything in the environment that takes its value from it, its own service included. */
  readonly users: readonly { readonly serviceId: string; readonly variable: string }[];
}

/** One variable as Railway's configuration holds it, unrendered. */
export type StoredValue =
  | { readonly kind: "value"; readonly value: Secret }
  /**
   * `to` only where the reference is the whole value, so that no literal text around it is told; `value` is what it
   * renders to, and `link` is known only where all that hangs on it is.
   */
  | {
      readonly kind: "reference";
      readonly to?: string;
      readonly value?: Secret;
      readonly link?: VariableLink;
    }
  | { readonly kind: "inherited"; readonly value?: Secret; readonly link?: VariableLink }
  | { readonly kind: "sealed" }
  | { readonly kind: "unset" };

export type StoredValues = ReadonlyMap<string, StoredValue>;

/** One deployment, with the variables it was started with where they could be read. */
export interface DeploymentSnapshot {
  readonly deploymentId: string;
  readonly createdAtMs: number;
  readonly variables?: StoredValues;
}

/** How many calls a token has left, and when it has all of them again. */
export interface CallQuota {
  readonly callsLeft: number;
  readonly untilMs: number;
}

/** What Railway says of the service behind an environment. Keys are the fleet's secret names. */
export type ServiceState =
  | {
      readonly kind: "seen";
      readonly stored: StoredValues;
      /** The deployment that takes requests; absent where none does. */
      readonly serving?: DeploymentSnapshot;
      /** The newest deployment, which may serve, be under way or have failed. */
      readonly newestId?: string;
      /** Deployments before the serving one, newest first. */
      readonly earlier: readonly DeploymentSnapshot[];
      /** A deployment is unfinished, or its predecessor is not yet removed. */
      readonly deploying: boolean;
      /** Processes of one deployment, where Railway says how many. */
      readonly replicas?: number;
      /** It is put to sleep while nobody asks it, or it runs only at its hours. */
      readonly rest?: "sleeps" | "cron";
      /** Variables that somebody changed since the serving deployment was started, by Railway's names. */
      readonly changedSince?: readonly string[];
      /** What the token's hour still allows. */
      readonly quota?: CallQuota;
    }
  | { readonly kind: "unseen"; readonly code: string; readonly detail: string }
  | { readonly kind: "wrong-token"; readonly detail: string };

/** What a capability probe met. */
export type ProbeResult =
  | { readonly kind: "works"; readonly httpStatus: number }
  /** `blamesSecret`: 401, or a 403 of which the fleet says that it means the secret. */
  | { readonly kind: "denied"; readonly httpStatus: number; readonly blamesSecret: boolean }
  | { readonly kind: "broken"; readonly httpStatus: number }
  | { readonly kind: "unknown"; readonly because: string };

/** All that one run saw of one environment. */
export interface EnvironmentObservation {
  readonly hearing?: Hearing;
  readonly service?: ServiceState;
  readonly probes: ReadonlyMap<string, ProbeResult>;
}

/** All that one run saw. */
export interface Observation {
  readonly truths: ReadonlyMap<string, Truth>;
  readonly environments: ReadonlyMap<string, EnvironmentObservation>;
}

/** What is known of a secret that nobody asked the source for. */
export const unread: Truth = { kind: "unreadable", code: "not-read", detail: "the source was not asked" };

export const nothingSeen: EnvironmentObservation = { probes: new Map() };
