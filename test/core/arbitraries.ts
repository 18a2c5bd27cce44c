import fc from "fast-check";

import { accidentsOf } from "../../functions/core/accidents.ts";
import type { Diagnosis } from "../../functions/core/diagnosis.ts";
import { type Fleet, secretsOf } from "../../functions/core/fleet.ts";
import type {
  EnvironmentObservation,
  Hearing,
  InstanceAnswer,
  Observation,
  ProbeResult,
  ServiceState,
  StoredValue,
  Truth,
} from "../../functions/core/observation.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { canary } from "../canaries.ts";
import { dayMs, fleetOf, health, nonce, nowMs, railway, told } from "./world.ts";

/** How much the properties are tried: `SLOW=1` is for the night. */
const slow = process.env["SLOW"] === "1";
export const effort = { numRuns: slow ? 2_000 : 100 };
export const patience = { timeout: slow ? 1_800_000 : 60_000 };

/** Every value that a wild world may hold: where one of them shows up, it has leaked. */
export const values = ["one", "two", "three", "four", "five"].map(canary);

const secretNames = ["TOKEN", "OTHER", "constructor"] as const;
const environmentNames = ["app", "vps", "constructor"] as const;

const mangledValues = values
  .slice(0, 2)
  .flatMap((text) => accidentsOf(new Secret(text), ["TOKEN"]).map(({ value }) => value.reveal()));
const text = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...values) },
  { weight: 2, arbitrary: fc.constantFrom(...mangledValues) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "changeme", `${values[0]}\u0024{{x}}`, "\ud800", "x".repeat(2_000)),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
);
const secret = text.map((each) => new Secret(each));
const time = fc.oneof(
  fc.integer({ min: nowMs - 3 * dayMs, max: nowMs + dayMs }),
  fc.constantFrom(Number.NaN, 0, -1, Number.MAX_VALUE, Number.POSITIVE_INFINITY),
);
const id = fc.constantFrom("v1", "v2", "v3", "v4", "");
const version = fc.record({ id, value: secret, createdAtMs: time }, { requiredKeys: ["id", "value"] });

const anyTruth: fc.Arbitrary<Truth> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        kind: fc.constant("read" as const),
        current: version,
        pending: version,
        older: fc.array(version, { maxLength: 2 }),
        newer: fc.array(version, { maxLength: 1 }),
      },
      { requiredKeys: ["kind", "current", "older", "newer"] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant({ kind: "unreadable", code: "gone", detail: "no such secret" } as const),
  },
);

/** What a process may say of one value: the fingerprint of a well-formed text, null, or one that is nobody's. */
const toldText = fc.oneof(
  { weight: 8, arbitrary: text.filter((each) => each.isWellFormed()) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const toldValues = fc.dictionary(fc.constantFrom(...secretNames), toldText, { noNullPrototype: true });
const foreignFingerprint = "0123456789abcdef".repeat(4);

function answerOf(environment: string, instance: number): fc.Arbitrary<InstanceAnswer> {
  return fc
    .record({ running: toldValues, stored: toldValues, wild: fc.boolean() })
    .map(({ running, stored, wild }) => ({
      instance: `replica-${instance}`,
      nonce,
      running: wild
        ? new Map([...told(environment, running), ["TOKEN", foreignFingerprint]])
        : told(environment, running),
      stored: told(environment, stored),
    }));
}

const silence: fc.Arbitrary<Hearing> = fc.record({
  kind: fc.constant("silent" as const),
  because: fc.constantFrom("unreachable", "timeout", "refused", "stale", "faulty", "malformed", "throttled"),
  detail: fc.constant("no sound answer"),
});

function anyHearing(environment: string): fc.Arbitrary<Hearing> {
  const instances = fc
    .integer({ min: 0, max: 2 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => answerOf(environment, index))));
  const heard = fc.record({
    kind: fc.constant("heard" as const),
    instances,
    instancesExpected: fc.constantFrom(1, 2, 3, 1_000_000),
  });
  return fc.oneof({ weight: 5, arbitrary: heard }, { weight: 1, arbitrary: silence });
}

const link = fc.record({
  serviceId: fc.constantFrom(null, "one", "two", "elsewhere"),
  variable: fc.constantFrom("TOKEN", "APP_TOKEN", "OTHER"),
  users: fc.array(
    fc.record({
      serviceId: fc.constantFrom("one", "one", "two", "elsewhere"),
      variable: fc.constantFrom("TOKEN", "TOKEN", "APP_TOKEN", "OTHER"),
    }),
    { maxLength: 2 },
  ),
});
const linkedValue: fc.Arbitrary<StoredValue> = fc.record(
  { kind: fc.constantFrom("reference" as const, "inherited" as const), value: secret, link },
  { requiredKeys: ["kind"] },
);
const storedValue: fc.Arbitrary<StoredValue> = fc.oneof(
  { weight: 5, arbitrary: secret.map((value) => ({ kind: "value", value }) as const) },
  { weight: 3, arbitrary: linkedValue },
  {
    weight: 3,
    arbitrary: fc.constantFrom<StoredValue>(
      { kind: "sealed" },
      { kind: "unset" },
      { kind: "inherited" },
      { kind: "reference" },
      { kind: "reference", to: "shared.TOKEN" },
    ),
  },
);
const variables = fc
  .dictionary(fc.constantFrom(...secretNames), storedValue, { noNullPrototype: true })
  .map((entries) => new Map(Object.entries(entries)));
const snapshot = fc.record(
  { deploymentId: id, createdAtMs: time, variables },
  { requiredKeys: ["deploymentId", "createdAtMs"] },
);
const anyService: fc.Arbitrary<ServiceState> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        kind: fc.constant("seen" as const),
        stored: variables,
        serving: snapshot,
        earlier: fc.array(snapshot, { maxLength: 2 }),
        deploying: fc.boolean(),
        replicas: fc.constantFrom(0, 1, 3),
        rest: fc.constantFrom("sleeps" as const, "cron" as const),
        changedSince: fc.subarray(["TOKEN", "APP_TOKEN", "OTHER", "LOG_LEVEL"]),
        quota: fc.record({ callsLeft: fc.constantFrom(0, 39, 40, 10_000), untilMs: time }),
      },
      { requiredKeys: ["kind", "stored", "earlier", "deploying"] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<ServiceState>(
      { kind: "unseen", code: "railway-unreachable", detail: "no answer" },
      { kind: "wrong-token", detail: "of another project" },
    ),
  },
);

const probe: fc.Arbitrary<ProbeResult> = fc.oneof(
  fc.constantFrom<ProbeResult>({ kind: "works", httpStatus: 200 }, { kind: "broken", httpStatus: 502 }),
  fc.record({
    kind: fc.constant("denied" as const),
    httpStatus: fc.constant(401),
    blamesSecret: fc.boolean(),
  }),
  fc.constant({ kind: "unknown", because: "timeout" } as const),
);

/** What may be seen of one environment, however ill it is. */
export function anyEnvironment(environment: string): fc.Arbitrary<EnvironmentObservation> {
  return fc.record(
    {
      hearing: anyHearing(environment),
      service: anyService,
      probes: fc
        .dictionary(fc.constantFrom("sessions", "skills"), probe, { noNullPrototype: true })
        .map((entries) => new Map(Object.entries(entries))),
    },
    { requiredKeys: ["probes"] },
  );
}

/** The data of a fleet file: some environments on one Railway service, some on another, some on none. */
const anyEntry = fc.record({
  place: fc.constantFrom("one", "two", "none"),
  secrets: fc.option(fc.subarray([...secretNames])),
  renamed: fc.boolean(),
  bySnapshot: fc.boolean(),
});
const capabilities = { sessions: { url: health, bearer: "TOKEN" }, skills: { url: health } };
const entryData = anyEntry.map(({ place, secrets, renamed, bySnapshot }) => ({
  health,
  ...(place !== "none" && { railway: { ...railway, service: place } }),
  ...(place !== "none" && bySnapshot && { evidence: "snapshot" }),
  ...(secrets !== null && { secrets }),
  ...(renamed && { variables: { TOKEN: "APP_TOKEN" } }),
  ...(secrets === null || secrets.includes("TOKEN") ? { capabilities } : {}),
}));

export interface World {
  readonly data: {
    readonly secrets: Readonly<Record<string, object>>;
    readonly environments: Readonly<Record<string, object>>;
  };
  readonly observation: Observation;
}

/** A fleet, and all that a run may have seen of it; an environment or a truth may be missing. */
export const anyWorld: fc.Arbitrary<World> = fc
  .record({
    environments: fc.dictionary(fc.constantFrom(...environmentNames), entryData, {
      minKeys: 1,
      noNullPrototype: true,
    }),
    shared: fc.boolean(),
    truths: fc.dictionary(fc.constantFrom(...secretNames), anyTruth, { noNullPrototype: true }),
    seen: fc.record(
      Object.fromEntries(environmentNames.map((name) => [name, anyEnvironment(name)])) as Record<
        (typeof environmentNames)[number],
        fc.Arbitrary<EnvironmentObservation>
      >,
      { requiredKeys: [] },
    ),
  })
  .map(({ environments, shared, truths, seen }) => ({
    data: {
      secrets: Object.fromEntries(
        secretNames.map((name) => [
          name,
          { source: { env: shared ? "SHARED" : name }, expires: { after: "1d" } },
        ]),
      ),
      environments,
    },
    observation: {
      truths: new Map(Object.entries(truths)),
      environments: new Map(Object.entries(seen)),
    },
  }));

export function fleetOfWorld({ data }: World): Fleet {
  return fleetOf(data);
}

/** Every holder of a diagnosis, with its place. */
export function holdersOf(diagnosis: Diagnosis) {
  return [...diagnosis.environments].flatMap(([environment, { holders }]) =>
    [...holders].map(([name, holder]) => ({ environment, secret: name, holder })),
  );
}

/** The places of a fleet that hold something. */
export function placesOf(fleet: Fleet): string[] {
  return Object.entries(fleet.environments).flatMap(([environment, entry]) =>
    secretsOf(fleet, entry).map((name) => `${environment}/${name}`),
  );
}
