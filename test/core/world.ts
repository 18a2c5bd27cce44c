import { type Diagnosis, diagnose, type HolderDiagnosis } from "../../functions/core/diagnosis.ts";
import { type Fleet, type PolicyMode, readFleet } from "../../functions/core/fleet.ts";
import type {
  EnvironmentObservation,
  Hearing,
  Observation,
  ProbeResult,
  ReadTruth,
  SecretVersion,
  ServiceState,
  StoredValue,
  StoredValues,
} from "../../functions/core/observation.ts";
import { type Plan, planRemedies } from "../../functions/core/plan.ts";
import type { Remedy } from "../../functions/core/remedy.ts";
import { fingerprint } from "../../functions/protocol/fingerprint.ts";
import { Secret } from "../../functions/protocol/secret.ts";

export const dayMs = 86_400_000;
export const nowMs = Date.UTC(2026, 10, 22, 10);
export const nonce = "AbCdEfGhIjKlMnOpQrStUv";

/** Values that no accident turns into one another, each strong enough not to be called weak. */
export const texts = {
  current: "cur-7Zt1Qm4Xw9Rb2Kd6Vn8",
  pending: "pen-3Hs5Jf8Lq0Tz2Wc6Yx1",
  previous: "pre-9Gk4Dn7Bv2Mr5Sp8Et3",
  ancient: "anc-6Ub1Xo3Zi7Cf0Aw4Qj9",
  newer: "new-2Pv8Ry5Ng1Kt7Hm3Lz6",
  other: "oth-8Jc2Wq6Fx0Sd4Bn9Va5",
  foreign: "for-5Em0Tk3Yh9Gr1Uz7Ip4",
} as const;

export const railway = {
  project: "7d1c",
  environment: "e0a1",
  service: "55f2",
  token: { env: "RAILWAY_TOKEN" },
} as const;
export const health = "https://app.example.com/health";

/** A fleet as a fleet file would give it; a mistake in it is a mistake in the test. */
export function fleetOf(data: object): Fleet {
  const reading = readFleet(data);
  if (reading.kind === "fleet") return reading.fleet;
  throw new Error(`the test's fleet is wrong: ${JSON.stringify(reading.mistakes)}`);
}

/** One version for each text, the id being what the text starts with. */
export function version(text: string, createdAtMs?: number): SecretVersion {
  const id = `v-${text.slice(0, 3)}`;
  return { id, value: new Secret(text), ...(createdAtMs !== undefined && { createdAtMs }) };
}

export interface TruthTexts {
  readonly current?: SecretVersion;
  readonly pending?: SecretVersion;
  readonly older?: readonly SecretVersion[];
  readonly newer?: readonly SecretVersion[];
}

export function truthOf({ current, pending, older, newer }: TruthTexts = {}): ReadTruth {
  return {
    kind: "read",
    current: current ?? version(texts.current),
    older: older ?? [version(texts.previous), version(texts.ancient)],
    newer: newer ?? [],
    ...(pending !== undefined && { pending }),
  };
}

/** What a process answers of itself: a text stands for its fingerprint. */
export type Told = Readonly<Record<string, string | null>>;

export function told(environment: string, values: Told): Map<string, string | null> {
  return new Map(
    Object.entries(values).map(([name, text]) => [
      name,
      text === null ? null : fingerprint(new Secret(text), { environment, name, nonce }),
    ]),
  );
}

/** A hearing of as many instances as there are answers. */
export function heard(
  environment: string,
  answers: readonly Told[],
  { expected = answers.length, stored = {} }: { expected?: number; stored?: Told } = {},
): Hearing {
  const instances = answers.map((values, index) => ({
    instance: `replica-${index + 1}`,
    nonce,
    running: told(environment, values),
    stored: told(environment, stored),
  }));
  return { kind: "heard", instances, instancesExpected: expected };
}

export const silent: Hearing = { kind: "silent", because: "timeout", detail: "no answer within 5 s" };

/** A variable in Railway; a text stands for a plain value. */
export type Stored = string | Exclude<StoredValue, { kind: "value" }>;

function variables(values: Readonly<Record<string, Stored>>): StoredValues {
  return new Map(
    Object.entries(values).map(([name, stored]) => [
      name,
      typeof stored === "string" ? { kind: "value", value: new Secret(stored) } : stored,
    ]),
  );
}

export interface ServiceTexts {
  readonly stored: Readonly<Record<string, Stored>>;
  readonly snapshot?: Readonly<Record<string, Stored>>;
  readonly earlier?: readonly Readonly<Record<string, Stored>>[];
  readonly startedAtMs?: number;
  readonly deploying?: boolean;
}

/** A Railway service whose serving deployment was started at `startedAtMs`, without a snapshot unless given. */
export function service({
  stored,
  snapshot,
  earlier = [],
  startedAtMs = nowMs - dayMs,
  deploying = false,
}: ServiceTexts): Extract<ServiceState, { kind: "seen" }> {
  return {
    kind: "seen",
    stored: variables(stored),
    serving: {
      deploymentId: "serving",
      createdAtMs: startedAtMs,
      ...(snapshot !== undefined && { variables: variables(snapshot) }),
    },
    earlier: earlier.map((values, index) => ({
      deploymentId: `earlier-${index + 1}`,
      createdAtMs: startedAtMs - (index + 1) * dayMs,
      variables: variables(values),
    })),
    deploying,
  };
}

export const unseenService: ServiceState = { kind: "unseen", code: "railway-throttled", detail: "throttled" };
export const wrongToken: ServiceState = { kind: "wrong-token", detail: "the token is of another project" };

export const works: ProbeResult = { kind: "works", httpStatus: 200 };
export const denied: ProbeResult = { kind: "denied", httpStatus: 401, blamesSecret: true };
export const forbidden: ProbeResult = { kind: "denied", httpStatus: 403, blamesSecret: false };

export type Seen = Partial<Omit<EnvironmentObservation, "probes">> & {
  readonly probes?: Readonly<Record<string, ProbeResult>>;
};

/** All that a run saw; TOKEN is known with its usual versions unless said otherwise. */
export function observationOf(
  environments: Readonly<Record<string, Seen>>,
  truths: Observation["truths"] = new Map([["TOKEN", truthOf()]]),
): Observation {
  const seen = Object.entries(environments).map(
    ([name, { probes = {}, ...rest }]) =>
      [name, { ...rest, probes: new Map(Object.entries(probes)) }] as const,
  );
  return { truths, environments: new Map(seen) };
}

/** One environment `app` that holds one secret TOKEN: enough for most rows of the tables. */
export interface Scene {
  readonly truth?: TruthTexts;
  /** What each instance runs; one instance with the current value by default. */
  readonly running?: readonly (string | null)[];
  readonly hearing?: Hearing;
  /** Its presence puts the environment on Railway. */
  readonly service?: ServiceState;
  /** What the agent of a host says its configuration holds. */
  readonly toldStored?: string | null;
  readonly environment?: object;
}

export interface Staged {
  readonly fleet: Fleet;
  readonly observation: Observation;
}

export function stage(scene: Scene): Staged {
  const onRailway = scene.service !== undefined;
  const fleet = fleetOf({
    secrets: { TOKEN: { source: { secretsManager: "prod/token" } } },
    environments: { app: { health, ...(onRailway && { railway }), ...scene.environment } },
  });
  const running = scene.running ?? [texts.current];
  const stored = scene.toldStored === undefined ? {} : { TOKEN: scene.toldStored };
  const answers = running.map((text) => ({ TOKEN: text }));
  const seen: Seen = {
    hearing: scene.hearing ?? heard("app", answers, { stored }),
    ...(scene.service !== undefined && { service: scene.service }),
  };
  return { fleet, observation: observationOf({ app: seen }, new Map([["TOKEN", truthOf(scene.truth)]])) };
}

/** The diagnosis of TOKEN on `app`. */
export function holderOf(scene: Scene): HolderDiagnosis {
  const { fleet, observation } = stage(scene);
  return holderIn(diagnose(fleet, observation, nowMs), "app", "TOKEN");
}

export function holderIn(diagnosis: Diagnosis, environment: string, secret: string): HolderDiagnosis {
  const holder = diagnosis.environments.get(environment)?.holders.get(secret);
  if (holder === undefined) throw new Error(`the test's fleet has no ${secret} on ${environment}`);
  return holder;
}

/** The remedy for TOKEN on `app`. */
export function remedyOf(scene: Scene, mode: PolicyMode = "fix"): Remedy {
  const { fleet, observation } = stage(scene);
  return remedyIn(planOf(fleet, observation, mode), "app", "TOKEN");
}

export function planOf(fleet: Fleet, observation: Observation, mode: PolicyMode = "fix"): Plan {
  return planRemedies(fleet, diagnose(fleet, observation, nowMs), observation, mode);
}

export function remedyIn(plan: Plan, environment: string, secret: string): Remedy {
  const remedy = plan.remedies.get(environment)?.get(secret);
  if (remedy === undefined) throw new Error(`the plan says nothing of ${secret} on ${environment}`);
  return remedy;
}
