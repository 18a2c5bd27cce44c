import fc from "fast-check";
import type { HolderMemory } from "../../functions/core/memory.ts";
import type { Memory } from "../../functions/core/ports.ts";
import { matterOf } from "./memory-contract.ts";

/** One thing that may be done to a memory; gives what it answered, as plain data. */
export interface Operation {
  readonly words: string;
  act(memory: Memory, nowMs: number): Promise<unknown>;
}

const few = (...words: readonly string[]) => fc.constantFrom(...words);
const environment = few("vps", "mac", "a#b");
const secret = few("AUTH", "b#AUTH");
const service = few("p/e/one", "p/e/two", "p/e/three");
const id = few("heal-1", "heal-2", "heal-3");
const verdict = few("in-sync", "unset");
const second = 1_000;

/** So few moments that some meet, and so that some claims have run out. */
const age = fc.nat(3).map((steps) => steps * 10 * second);

function operation<Input>(
  name: string,
  input: fc.Arbitrary<Input>,
  act: (memory: Memory, input: Input, nowMs: number) => Promise<unknown>,
): fc.Arbitrary<Operation> {
  return input.map((one) => ({
    words: `${name} ${JSON.stringify(one)}`,
    act: (memory, nowMs) => act(memory, one, nowMs),
  }));
}

const noteHolder = operation(
  "note a holder",
  fc.record({ environment, secret, verdict, isStale: fc.boolean() }),
  async (memory, { isStale, ...place }, nowMs) => {
    const { holders } = await memory.recall(nowMs);
    const seen = holders.get(place.environment)?.get(place.secret);
    const before: HolderMemory | undefined = isStale ? { verdict: "unset", sinceMs: 1 } : seen;
    return memory.noteHolders([
      { ...place, after: { verdict: place.verdict, sinceMs: nowMs }, ...(before && { before }) },
    ]);
  },
);

const noteVersion = operation(
  "note a version",
  fc.record({ secret, versionId: few("version-1", "version-2") }),
  (memory, version, nowMs) => memory.noteVersions([{ ...version, firstSeenMs: nowMs }]),
);

const claimHeal = operation(
  "claim",
  fc.record({ id, services: fc.uniqueArray(service), environments: fc.uniqueArray(environment), age }),
  (memory, claim, nowMs) => {
    const startedAtMs = nowMs - claim.age;
    const targets = [{ secret: "AUTH", versionId: "version-2" }];
    return memory.claimHeal({
      ...{ id: claim.id, services: claim.services, startedAtMs, untilMs: startedAtMs + 25 * second },
      heals: claim.environments.map((place) => ({ id: claim.id, environment: place, targets, startedAtMs })),
    });
  },
);

const releaseHeal = operation(
  "release",
  fc.record({ id, services: fc.uniqueArray(service) }),
  (memory, claim) => memory.releaseHeal(claim),
);

const renewHeal = operation(
  "renew",
  fc.record({ id, services: fc.uniqueArray(service) }),
  (memory, claim, nowMs) => memory.renewHeal({ ...claim, untilMs: nowMs + 25 * second }),
);

const endHeal = operation(
  "end",
  fc.record({ nth: fc.nat(5), status: fc.constantFrom("healed" as const, "timed-out" as const) }),
  async (memory, { nth, status }, nowMs) => {
    const heal = (await memory.recall(nowMs)).heals[nth];
    if (heal) await memory.endHeal(heal, { atMs: nowMs, status });
  },
);

const proveHeal = operation("prove", fc.nat(5), async (memory, nth, nowMs) => {
  const heal = (await memory.recall(nowMs)).heals[nth];
  return heal && memory.proveHeal(heal, nowMs);
});

const keys = fc.array(few("one", "two", "three"), { maxLength: 4 });
const tellerId = few("run-1", "run-2");

/** Changes of matters as they are, or as who recalled them too early would make them. */
async function changesOf(memory: Memory, named: readonly string[], isStale: boolean) {
  const matters = await memory.recallMatters();
  return [...new Set(named)].map((key) => {
    const before = isStale ? 1 : (matters.get(key)?.revision ?? 0);
    return { key, before, after: matterOf(before + 1) };
  });
}

const claimMatters = operation(
  "claim matters",
  fc.record({ keys, isStale: fc.boolean(), tellerId, age }),
  async (memory, one, nowMs) => {
    const atMs = nowMs - one.age;
    const claim = { tellerId: one.tellerId, nowMs: atMs, untilMs: atMs + 25 * second };
    return memory.claimMatters(await changesOf(memory, one.keys, one.isStale), claim);
  },
);
const noteMatters = operation(
  "note matters",
  fc.record({ keys, isStale: fc.boolean(), tellerId }),
  async (memory, one, nowMs) => {
    const claim = { tellerId: one.tellerId, nowMs, untilMs: nowMs };
    return memory.noteMatters(await changesOf(memory, one.keys, one.isStale), claim);
  },
);
const recallMatters = operation("recall matters", fc.constant({}), async (memory) =>
  [...(await memory.recallMatters())].toSorted(([one], [other]) => (one < other ? -1 : 1)),
);

/** Operations, with ten seconds or three days between two of them. */
export const anyOperations: fc.Arbitrary<
  readonly { readonly operation: Operation; readonly afterMs: number }[]
> = fc.array(
  fc.record({
    operation: fc.oneof(
      noteHolder,
      noteVersion,
      claimHeal,
      claimHeal,
      releaseHeal,
      renewHeal,
      endHeal,
      proveHeal,
      claimMatters,
      noteMatters,
      recallMatters,
    ),
    afterMs: fc.oneof(
      { weight: 8, arbitrary: fc.constant(10 * second) },
      { weight: 1, arbitrary: fc.constant(3 * 86_400 * second) },
    ),
  }),
  { minLength: 10, maxLength: 40 },
);
