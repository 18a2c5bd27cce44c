import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { accidentsOf, valuelessAccidents } from "../../functions/core/accidents.ts";
import { diagnose } from "../../functions/core/diagnosis.ts";
import type { Hearing, Observation } from "../../functions/core/observation.ts";
import { planRemedies } from "../../functions/core/plan.ts";
import { reportOf } from "../../functions/core/report.ts";
import { isWrong } from "../../functions/core/verdict.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { expectNoCanary } from "../canaries.ts";
import {
  anyEnvironment,
  anyWorld,
  effort,
  fleetOfWorld,
  holdersOf,
  patience,
  placesOf,
  values,
  type World,
} from "./arbitraries.ts";
import { fleetOf, holderOf, nowMs, version } from "./world.ts";

/** Everything that a run comes to, from a wild world. */
function judge(world: World, at = nowMs) {
  const fleet = fleetOfWorld(world);
  const diagnosis = diagnose(fleet, world.observation, at);
  const plan = planRemedies(fleet, diagnosis, world.observation, "fix");
  const run = { id: "r", trigger: "cli", mode: "fix", startedAt: "now", durationMs: 1 } as const;
  return { fleet, diagnosis, plan, report: reportOf({ run, diagnosis, remedies: plan.remedies, heals: [] }) };
}

/** Place → what is said of it, apart from any order. */
function sayings(world: World): Record<string, unknown> {
  const { diagnosis, plan } = judge(world);
  return Object.fromEntries(
    holdersOf(diagnosis).map(({ environment, secret, holder }) => [
      `${environment}/${secret}`,
      { ...holder, remedy: plan.remedies.get(environment)?.get(secret) },
    ]),
  );
}

function reversed(world: World): World {
  const backwards = <Value>(entries: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(entries).reverse());
  const { truths, environments } = world.observation;
  return {
    data: { secrets: backwards(world.data.secrets), environments: backwards(world.data.environments) },
    observation: {
      truths: new Map([...truths].reverse()),
      environments: new Map(
        [...environments]
          .reverse()
          .map(([name, seen]) => [
            name,
            seen.hearing === undefined ? seen : { ...seen, hearing: withInstancesReversed(seen.hearing) },
          ]),
      ),
    },
  };
}

function withInstancesReversed(hearing: Hearing): Hearing {
  return hearing.kind === "heard" ? { ...hearing, instances: [...hearing.instances].reverse() } : hearing;
}

describe("whatever was seen, a diagnosis", patience, () => {
  it("says something of every secret that every environment holds, and throws nothing", () => {
    fc.assert(
      fc.property(anyWorld, fc.constantFrom(nowMs, Number.NaN, 0, Number.POSITIVE_INFINITY), (world, at) => {
        const { fleet, diagnosis } = judge(world, at);
        const said = holdersOf(diagnosis).map(({ environment, secret }) => `${environment}/${secret}`);
        expect(said).toEqual(placesOf(fleet));
      }),
      effort,
    );
  });

  it("does not depend on the order of environments, secrets and instances", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        expect(sayings(reversed(world))).toEqual(sayings(world));
      }),
      effort,
    );
  });

  it("is the same when it is made again", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        expect(judge(world).report).toEqual(judge(world).report);
      }),
      effort,
    );
  });

  it("gives every environment the verdicts that it would get among others that broke", () => {
    const anyTwo = anyWorld.chain((world) => fc.tuple(fc.constant(world), anyEnvironment("vps")));
    const verdictsBut = (world: World, observation: Observation) =>
      holdersOf(diagnose(fleetOfWorld(world), observation, nowMs))
        .filter(({ environment }) => environment !== "vps")
        .map(({ environment, secret, holder }) => [environment, secret, holder.verdict, holder.stored]);
    fc.assert(
      fc.property(anyTwo, ([world, broken]) => {
        const environments = new Map([...world.observation.environments, ["vps", broken]]);
        const otherwise = { ...world.observation, environments };
        expect(verdictsBut(world, otherwise)).toEqual(verdictsBut(world, world.observation));
      }),
      effort,
    );
  });

  it("has a cause for every wrong verdict, and a remedy for every cause", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { diagnosis, plan } = judge(world);
        for (const { environment, secret, holder } of holdersOf(diagnosis)) {
          const remedy = plan.remedies.get(environment)?.get(secret);
          if (isWrong(holder.verdict)) expect(holder.cause).toBeDefined();
          expect(remedy?.kind === "none").toBe(holder.cause === undefined);
        }
      }),
      effort,
    );
  });

  it("never says of silence that something is wrong", () => {
    const silent = (world: World): Observation => ({
      ...world.observation,
      environments: new Map(
        [...world.observation.environments].map(([name, seen]) => [
          name,
          { ...seen, hearing: { kind: "silent", because: "timeout", detail: "" } },
        ]),
      ),
    });
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { diagnosis } = judge({ ...world, observation: silent(world) });
        const said = holdersOf(diagnosis)
          .filter(({ holder }) => holder.evidence !== "snapshot")
          .map(({ holder }) => [holder.verdict.kind, holder.cause, holder.evidence]);
        expect(
          said.filter(([kind, ...rest]) => kind !== "unknown" || rest.some((each) => each !== undefined)),
        ).toEqual([]);
      }),
      effort,
    );
  });
});

describe("whatever was seen, evidence", patience, () => {
  it("is a snapshot only where the fleet opted for it and no process told of the secret", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { fleet, diagnosis } = judge(world);
        for (const { environment, secret, holder } of holdersOf(diagnosis)) {
          const hearing = world.observation.environments.get(environment)?.hearing;
          const hasTold =
            hearing?.kind === "heard" && hearing.instances.some(({ running }) => running.has(secret));
          if (holder.evidence === "snapshot") {
            expect(fleet.environments[environment]?.evidence).toBe("snapshot");
            expect(hasTold).toBe(false);
          }
          expect(holder.evidence === undefined).toBe(holder.verdict.kind === "unknown");
        }
      }),
      effort,
    );
  });
});

describe("whatever was seen, a report", patience, () => {
  it("holds no value, in no disguise", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        expectNoCanary(JSON.stringify(judge(world).report), values);
      }),
      effort,
    );
  });

  it("holds no fingerprint", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        expect(JSON.stringify(judge(world).report)).not.toMatch(/[0-9a-f]{64}/i);
      }),
      effort,
    );
  });

  it("is what its JSON says", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { report } = judge(world);
        expect(JSON.parse(JSON.stringify(report))).toEqual(report);
      }),
      effort,
    );
  });
});

describe("whatever the value, one that is mangled by a known accident", patience, () => {
  const anyText = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.string({ unit: "binary", minLength: 1 }),
    fc.constantFrom(...values),
  );
  const anyAccident = anyText
    .filter((text) => text.isWellFormed())
    .map((text) => ({ text, candidates: accidentsOf(new Secret(text), ["TOKEN"]) }))
    .chain(({ text, candidates }) =>
      fc.record({ text: fc.constant(text), candidate: fc.constantFrom(...candidates) }),
    );

  it("is recognised as mangled, by that accident or by an earlier one of the list", () => {
    fc.assert(
      fc.property(anyAccident, ({ text, candidate }) => {
        const truth = { current: version(text), older: [] };
        const { verdict } = holderOf({ truth, running: [candidate.value.reveal()] });
        // HMAC pads its key with zero bytes (PROTOCOL.md, limitations): such values count as equal.
        expect(["mangled", "in-sync"]).toContain(verdict.kind);
      }),
      effort,
    );
  });

  it("of an older version is never foreign", () => {
    fc.assert(
      fc.property(anyAccident, ({ text, candidate }) => {
        const { verdict } = holderOf({
          truth: { older: [version(text)] },
          running: [candidate.value.reveal()],
        });
        expect(verdict.kind).not.toBe("foreign");
      }),
      effort,
    );
  });

  it("is never empty, nor ill-formed, nor the value itself", () => {
    fc.assert(
      fc.property(anyAccident, ({ text, candidate }) => {
        const mangled = candidate.value.reveal();
        expect([mangled === "", mangled.isWellFormed(), mangled === text]).toEqual([false, true, false]);
      }),
      effort,
    );
  });

  it("or lost to a stand-in for it is mangled too", () => {
    const anyStandIn = fc.constantFrom(...valuelessAccidents(["TOKEN"], new Secret("")));
    fc.assert(
      fc.property(anyStandIn, ({ accident, value }) => {
        expect(holderOf({ running: [value.reveal()] }).verdict).toEqual({ kind: "mangled", accident });
      }),
      effort,
    );
  });
});

describe("whatever its size, a fleet", patience, () => {
  it("of a thousand silent environments is judged", () => {
    const environments = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, index) => [
        `env-${index}`,
        { health: "https://app.example.com/health" },
      ]),
    );
    const fleet = fleetOf({ secrets: { TOKEN: { source: { env: "T" } } }, environments });
    const { environments: judged } = diagnose(fleet, { truths: new Map(), environments: new Map() }, nowMs);
    expect(judged.size).toBe(1_000);
  });
});
