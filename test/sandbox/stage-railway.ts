import { setTimeout as wait } from "node:timers/promises";
import { serviceCommand } from "./host.ts";
import type { Clock } from "./railway/clock.ts";
import type { Durations } from "./railway/deployment.ts";
import type { World, WorldVariables } from "./railway/world.ts";
import { railwayIds, type SecretName } from "./stage-fleet.ts";

type Values = Readonly<Record<SecretName, string>>;

/** What a scenario may vary of the stage's Railway. */
export interface StageRailwayOptions {
  readonly replicas?: number;
  /** What the service's variables look like at first; default: literals of the true values. */
  readonly variables?: (values: Values) => WorldVariables;
  readonly sharedVariables?: (values: Values) => WorldVariables;
  /** Whether the service may be put to sleep. @default false */
  readonly maySleep?: boolean;
  /** @default long enough to be watched */
  readonly pace?: keyof typeof paces;
}

/** The machine's own clock, whose waits end when Railway closes. */
export const railwayClock: Clock = {
  now: () => Date.now(),
  sleep: (durationMs, signal) => wait(durationMs, undefined, { signal }),
};

/** Long enough to be watched, or short enough for a story of many deployments. */
export const paces = {
  watched: {
    queuedMs: 300,
    initializingMs: 300,
    buildingMs: 1_000,
    deployingMs: 600,
    healthcheckIntervalMs: 100,
  },
  brisk: { queuedMs: 20, initializingMs: 20, buildingMs: 50, deployingMs: 50, healthcheckIntervalMs: 20 },
} as const satisfies Readonly<Record<string, Partial<Durations>>>;

/** A story packs hours into seconds: Railway's pace, which its own tests hold, would be met by nobody in it. */
const limits = { perHour: 1_000_000, perSecond: 10_000 };

/** What a service of the sandbox has to know besides its secrets. */
export function identity(environment: string, publicKey: string): Record<string, string> {
  return { SANDBOX_ENVIRONMENT: environment, SANDBOX_PUBLIC_KEY: publicKey };
}

/** The world of one service. */
export function railwayWorld(
  values: Values,
  { publicKey, token }: { readonly publicKey: string; readonly token: string },
  options: StageRailwayOptions,
): World {
  const { environment, project, service } = railwayIds;
  const variables = options.variables?.(values) ?? values;
  const sharedVariables = options.sharedVariables?.(values);
  const api = {
    id: service,
    name: "api",
    variables: { ...variables, ...identity("railway-production", publicKey) },
    command: serviceCommand,
    replicas: options.replicas ?? 1,
    healthcheckPath: "/health",
    sleepApplication: options.maySleep ?? false,
  };
  const production = {
    id: environment,
    name: "production",
    ...(sharedVariables !== undefined && { sharedVariables }),
    services: [api],
  };
  return {
    projects: [{ id: project, name: "app", environments: [production] }],
    limits,
    tokens: [{ kind: "project", value: token, environmentId: environment }],
  };
}
