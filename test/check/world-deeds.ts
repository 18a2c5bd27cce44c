import fc from "fast-check";
import type { Fault } from "../sandbox/railway/faults.ts";

/** How large a world is; names are made of it. */
export interface WorldShape {
  readonly services: number;
  readonly hosts: number;
  readonly secrets: number;
  readonly fixesPerDayMax: number;
  /** Whether the services take the first secret from what their environment shares. */
  readonly isShared: boolean;
}

/** What accompanies a tick. */
export type TickCircumstance =
  | "nothing"
  | "notifier-fails"
  | "no-memory"
  /** The truth changes while a repair is under way. */
  | "rotation"
  /** A person deploys another value while a repair is under way. */
  | "meddling"
  /** The run dies after Railway was asked to redeploy. */
  | "crash";

/** One thing that happens in the world. Numbers choose among what there is, wrapping around. */
export type Deed =
  | { readonly kind: "pass"; readonly minutes: number }
  | { readonly kind: "rotate"; readonly secret: number; readonly hostsTakeItIn: boolean }
  | {
      readonly kind: "person";
      readonly service: number;
      readonly secret: number;
      readonly value: "old" | "foreign" | "current";
      readonly deploy: boolean;
    }
  | {
      readonly kind: "host";
      readonly host: number;
      readonly secret: number;
      readonly does: "falls-silent" | "comes-back" | "takes-in" | "holds-old";
    }
  | { readonly kind: "service"; readonly service: number; readonly does: "falls-silent" | "comes-back" }
  | { readonly kind: "spoil"; readonly secret: number; readonly how: "placeholder" | "newline" | "twin" }
  | { readonly kind: "source"; readonly secret: number; readonly does: "refuses" | "answers" }
  | { readonly kind: "fault"; readonly fault: Fault }
  | {
      readonly kind: "tick";
      readonly service: number;
      readonly secret: number;
      readonly with: TickCircumstance;
    }
  | { readonly kind: "two-ticks" }
  | { readonly kind: "named-fix"; readonly service: number };

const one = fc.nat({ max: 2 });
const mutations = ["variableCollectionUpsert", "deploymentRedeploy"] as const;
const times = fc.integer({ min: 1, max: 4 });

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    kind: fc.constant("deployment" as const),
    fate: fc.constantFrom(
      "fails-healthcheck" as const,
      "fails-to-build" as const,
      "never-ends" as const,
      "needs-approval" as const,
      "skipped" as const,
    ),
    times: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constantFrom("not-authorized" as const, "problem" as const), times }),
  fc.record({ kind: fc.constant("unavailable" as const), status: fc.constantFrom(500, 503), times }),
  fc.record({
    kind: fc.constant("cut-off" as const),
    when: fc.constantFrom("before" as const, "after" as const),
    operation: fc.constantFrom(...mutations),
  }),
  fc.record({
    kind: fc.constantFrom("ignored-write" as const, "deploy-rate-limit" as const, "problem" as const),
    operation: fc.constantFrom(...mutations),
  }),
  fc.record({
    kind: fc.constant("rate-limited" as const),
    retryAfterSeconds: fc.constantFrom(5, 1_800),
    times: fc.integer({ min: 1, max: 2 }),
  }),
);

const tick = fc.record({
  kind: fc.constant("tick" as const),
  service: one,
  secret: one,
  with: fc.oneof(
    { weight: 6, arbitrary: fc.constant("nothing" as const) },
    { weight: 2, arbitrary: fc.constant("no-memory" as const) },
    {
      weight: 5,
      arbitrary: fc.constantFrom(
        "notifier-fails" as const,
        "no-memory" as const,
        "rotation" as const,
        "meddling" as const,
        "crash" as const,
      ),
    },
  ),
});

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 10, arbitrary: tick },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("two-ticks" as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("named-fix" as const), service: one }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      minutes: fc.constantFrom(1, 4, 6, 16, 20, 61, 130, 300, 600),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("rotate" as const),
      secret: one,
      hostsTakeItIn: fc.boolean(),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant("person" as const),
      service: one,
      secret: one,
      value: fc.constantFrom("old" as const, "foreign" as const, "current" as const),
      deploy: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("host" as const),
      host: one,
      secret: one,
      does: fc.constantFrom(
        "falls-silent" as const,
        "comes-back" as const,
        "takes-in" as const,
        "holds-old" as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("service" as const),
      service: one,
      does: fc.constantFrom("falls-silent" as const, "comes-back" as const, "comes-back" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("spoil" as const),
      secret: one,
      how: fc.constantFrom("placeholder" as const, "newline" as const, "twin" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("source" as const),
      secret: one,
      does: fc.constantFrom("refuses" as const, "answers" as const, "answers" as const),
    }),
  },
  { weight: 4, arbitrary: fault.map((planted) => ({ kind: "fault" as const, fault: planted })) },
);

export const worldShape: fc.Arbitrary<WorldShape> = fc.record({
  services: fc.integer({ min: 2, max: 3 }),
  hosts: fc.integer({ min: 1, max: 2 }),
  secrets: fc.integer({ min: 1, max: 2 }),
  fixesPerDayMax: fc.integer({ min: 1, max: 3 }),
  isShared: fc.boolean(),
});

/** Long enough that what is remembered piles up, and that few worlds have to be opened and calmed down. */
export const deedsPerLife = 200;

/** A life of a world, deed by deed. */
export const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(deed, {
  minLength: deedsPerLife,
  maxLength: deedsPerLife,
  size: "max",
});
