import { beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../functions/core/limits.ts";
import type {
  HealClaim,
  HealMemory,
  HolderChange,
  MatterMemory,
  Remembered,
} from "../../functions/core/memory.ts";
import type { Memory } from "../../functions/core/ports.ts";

const now = Date.parse("2026-11-22T12:00:00.000Z");
const minute = 60_000;

/** A repair of environments, each by a service of its own. */
export function claimOf(id: string, environments: readonly string[], startedAtMs = now): HealClaim {
  return {
    ...{ id, startedAtMs, untilMs: startedAtMs + 10 * minute },
    services: environments.map((environment) => `project/environment/${environment}`),
    heals: environments.map((environment) => ({
      ...{ id, environment, startedAtMs },
      targets: [{ secret: "AUTH_SECRET", versionId: "version-2" }],
    })),
  };
}

function change(
  environment: string,
  secret: string,
  verdict: string,
  before?: HolderChange["before"],
): HolderChange {
  return { environment, secret, after: { verdict, sinceMs: now }, ...(before && { before }) };
}

/** A matter that people were told of, with all that may be known of one. */
export function matterOf(revision: number): MatterMemory {
  return {
    ...{ revision, what: "behind", cause: "variable", why: "mode", sinceMs: now, toldAtMs: now },
    ...{
      mendedBy: "run-1",
      changesMs: [now],
      flappingSinceMs: now,
      incident: "vps",
      broke: ["nudge on vps"],
    },
  };
}

/** Everything remembered as plain data, sorted. */
export function plainMemory({ holders, versions, heals, claimed }: Remembered) {
  const entriesOf = <Value>(map: ReadonlyMap<string, ReadonlyMap<string, Value>>) =>
    [...map]
      .flatMap(([outer, inner]) => [...inner].map(([name, value]) => [outer, name, value] as const))
      .toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  return {
    ...{ holders: entriesOf(holders), versions: entriesOf(versions) },
    ...{ heals, claimed: [...claimed].toSorted() },
  };
}

const oddNames = [
  ["a", "b#c"],
  ["a#b", "c"],
  ["a/b", "c"],
  ["a", "b/c"],
  ['a","b', "c"],
  ["a", 'b","c'],
  ["", "a"],
  ["a", ""],
  ["__proto__", "constructor"],
  ["ä", "a\u0308"],
  ["a\u0308", "ä"],
  ["😀", "\u0000"],
  ["x".repeat(128), "y".repeat(128)],
  ["x".repeat(127), `x${"y".repeat(128)}`],
  ["😀".repeat(128), "😀".repeat(128)],
  ["😀".repeat(128), `${"😀".repeat(127)}😁`],
] as const;

/** What every implementation of the `Memory` port owes check and heal; long because a contract is read in one go. */
export function defineMemoryContract(name: string, makeMemory: () => Promise<Memory>): void {
  describe(name, () => {
    let memory: Memory;
    beforeEach(async () => {
      memory = await makeMemory();
    });
    const claimed = async (nowMs = now) => [...(await memory.recall(nowMs)).claimed].toSorted();
    const heals = async (nowMs = now) => (await memory.recall(nowMs)).heals;

    test("remembers nothing at first", async () => {
      expect(plainMemory(await memory.recall(now))).toEqual({
        ...{ holders: [], versions: [], heals: [], claimed: [] },
      });
    });

    describe("holders", () => {
      const behind = { verdict: "behind version-1", sinceMs: now };

      test("are remembered as they were noted", async () => {
        expect(await memory.noteHolders([change("vps", "AUTH", behind.verdict)])).toEqual([]);

        expect((await memory.recall(now)).holders).toEqual(new Map([["vps", new Map([["AUTH", behind]])]]));
      });

      test("change from what was remembered", async () => {
        await memory.noteHolders([change("vps", "AUTH", behind.verdict), change("vps", "OTHER", "unset")]);
        const after = { verdict: "in-sync", sinceMs: now + minute };

        expect(
          await memory.noteHolders([{ environment: "vps", secret: "AUTH", before: behind, after }]),
        ).toEqual([]);

        const { holders } = await memory.recall(now);
        expect(holders.get("vps")?.get("AUTH")).toEqual(after);
        expect(holders.get("vps")?.get("OTHER")?.verdict).toBe("unset");
      });

      test("are won by exactly one of two that note at once, and the other is given back", async () => {
        await memory.noteHolders([change("vps", "AUTH", behind.verdict)]);
        const rivals = [change("vps", "AUTH", "unset", behind), change("vps", "AUTH", "in-sync", behind)];

        const lost = await Promise.all(rivals.map((rival) => memory.noteHolders([rival])));

        expect(lost.flat()).toHaveLength(1);
        const [loser] = lost.flat();
        const winner = rivals.find((rival) => rival !== loser);
        expect((await memory.recall(now)).holders.get("vps")?.get("AUTH")).toEqual(winner?.after);
      });

      test("are won by exactly one of two that saw nothing before, even where both saw the same", async () => {
        const rivals = [change("vps", "AUTH", "unset"), change("vps", "AUTH", "unset")];

        const lost = await Promise.all(rivals.map((rival) => memory.noteHolders([rival])));

        expect(lost.flat()).toHaveLength(1);
      });

      test("are lost one by one: what nobody else noted is noted", async () => {
        await memory.noteHolders([change("vps", "AUTH", behind.verdict)]);
        const late = change("vps", "AUTH", "unset");
        const fresh = change("mac", "AUTH", "unset");

        expect(await memory.noteHolders([late, fresh])).toEqual([late]);

        const { holders } = await memory.recall(now);
        expect(holders.get("vps")?.get("AUTH")).toEqual(behind);
        expect(holders.get("mac")?.get("AUTH")).toEqual(fresh.after);
      });

      test("are lost where another saw the same verdict at another time", async () => {
        await memory.noteHolders([change("vps", "AUTH", behind.verdict)]);
        const stale = change("vps", "AUTH", "unset", { ...behind, sinceMs: now - 1 });

        expect(await memory.noteHolders([stale])).toEqual([stale]);
      });

      test("do not collide, whatever they are called", async () => {
        const changes = oddNames.map(([environment, secret], index) =>
          change(environment, secret, `verdict ${index}`),
        );

        expect(await memory.noteHolders(changes)).toEqual([]);

        const { holders } = await memory.recall(now);
        expect(
          oddNames.map(([environment, secret]) => holders.get(environment)?.get(secret)?.verdict),
        ).toEqual(changes.map(({ after }) => after.verdict));
      });

      test("are recalled by the thousand", async () => {
        const changes = Array.from({ length: 2_000 }, (_, index) =>
          change(`${index}-${"e".repeat(58)}`, `S${index}${"S".repeat(120)}`, `behind ${"v".repeat(400)}`),
        );

        expect(await memory.noteHolders(changes)).toEqual([]);

        const { holders } = await memory.recall(now);
        expect(holders.size).toBe(2_000);
        expect(holders.get(changes.at(-1)?.environment ?? "")?.size).toBe(1);
      });
    });

    describe("versions", () => {
      test("keep their first sight", async () => {
        const [secret, versionId] = ["AUTH", "version-1"];
        await memory.noteVersions([{ secret, versionId, firstSeenMs: now }]);
        await memory.noteVersions([
          { secret, versionId, firstSeenMs: now + minute },
          { secret, versionId: "version-2", firstSeenMs: now + minute },
        ]);

        expect((await memory.recall(now)).versions).toEqual(
          new Map([["AUTH", new Map([...[["version-1", now] as const], ["version-2", now + minute]])]]),
        );
      });

      test("do not collide, whatever they are called", async () => {
        await memory.noteVersions(
          oddNames.map(([secret, versionId], index) => ({ secret, versionId, firstSeenMs: now + index })),
        );

        const { versions } = await memory.recall(now);
        expect(oddNames.map(([secret, versionId]) => versions.get(secret)?.get(versionId))).toEqual(
          oddNames.map((_, index) => now + index),
        );
      });
    });

    describe("a claim", () => {
      test("is known to all, with its repairs", async () => {
        const claim = claimOf("heal-1", ["vps", "mac"]);

        expect(await memory.claimHeal(claim)).toBe("claimed");

        expect(await claimed()).toEqual([...claim.services].toSorted());
        expect((await heals()).toSorted(byEnvironment)).toEqual([...claim.heals].toSorted(byEnvironment));
      });

      test("is taken for another, and for the same once more", async () => {
        await memory.claimHeal(claimOf("heal-1", ["vps"]));

        expect(await memory.claimHeal(claimOf("heal-2", ["vps"]))).toBe("taken");
        expect(await memory.claimHeal(claimOf("heal-1", ["vps"]))).toBe("taken");

        expect((await heals()).map(({ id }) => id)).toEqual(["heal-1"]);
      });

      test("runs out", async () => {
        const claim = claimOf("heal-1", ["vps"]);
        await memory.claimHeal(claim);

        expect(await claimed(claim.untilMs - 1)).toEqual(claim.services);
        expect(await claimed(claim.untilMs)).toEqual([]);
        expect(await memory.claimHeal(claimOf("heal-2", ["vps"], claim.untilMs - 1))).toBe("taken");
        expect(await memory.claimHeal(claimOf("heal-3", ["vps"], claim.untilMs))).toBe("claimed");
      });

      test("is free again when it is released", async () => {
        const claim = claimOf("heal-1", ["vps", "mac"]);
        await memory.claimHeal(claim);

        await memory.releaseHeal(claim);
        await memory.releaseHeal(claim);

        expect(await claimed()).toEqual([]);
        expect(await memory.claimHeal(claimOf("heal-2", ["mac"]))).toBe("claimed");
      });

      test("can be released service by service", async () => {
        const claim = claimOf("heal-1", ["mac", "vps"]);
        await memory.claimHeal(claim);

        await memory.releaseHeal({ id: claim.id, services: claim.services.slice(0, 1) });

        expect(await claimed()).toEqual(claim.services.slice(1));
      });

      test("is not released by another, nor by one whose claim ran out", async () => {
        const first = claimOf("heal-1", ["vps"]);
        await memory.claimHeal(first);
        const second = claimOf("heal-2", ["vps"], first.untilMs);
        await memory.claimHeal(second);

        await memory.releaseHeal(first);
        await memory.releaseHeal({ id: "heal-3", services: ["never/claimed/at-all"] });

        expect(await claimed(second.startedAtMs)).toEqual(second.services);
      });

      test("is won by exactly one of two at once that overlap, as a whole", async () => {
        const rivals = [claimOf("heal-1", ["a", "b", "c"]), claimOf("heal-2", ["c", "b", "d"])];

        const answers = await Promise.all(rivals.map((rival) => memory.claimHeal(rival)));

        expect(answers.toSorted()).toEqual(["claimed", "taken"]);
        const winner = rivals[answers.indexOf("claimed")];
        expect(await claimed()).toEqual([...(winner?.services ?? [])].toSorted());
        expect(new Set((await heals()).map(({ id }) => id))).toEqual(new Set([winner?.id]));
      });

      test("is won by both of two at once that do not meet", async () => {
        const rivals = [claimOf("heal-1", ["a", "b"]), claimOf("heal-2", ["c", "d"])];

        expect(await Promise.all(rivals.map((rival) => memory.claimHeal(rival)))).toEqual([
          "claimed",
          "claimed",
        ]);

        expect(await claimed()).toHaveLength(4);
      });

      test("takes the largest plan that there is", async () => {
        const targets = Array.from(
          { length: limits.targetsPerPlanMax / limits.environmentsPerPlanMax },
          (_, index) => ({
            ...{ secret: `S${index}`.padEnd(128, "S"), versionId: `v${index}`.padEnd(64, "v") },
          }),
        );
        const places = Array.from({ length: limits.environmentsPerPlanMax }, (_, index) =>
          `e${index}`.padEnd(63, "e"),
        );
        const { heals: plain, services, ...rest } = claimOf("heal-1", places);
        const claim = {
          ...rest,
          services: services.slice(0, limits.servicesPerPlanMax),
          heals: plain.map((heal) => ({ ...heal, targets })),
        };

        expect(await memory.claimHeal(claim)).toBe("claimed");

        expect(await claimed()).toHaveLength(limits.servicesPerPlanMax);
        expect((await heals()).toSorted(byEnvironment)).toEqual([...claim.heals].toSorted(byEnvironment));
      });

      test("of odd names meets no other", async () => {
        const odd = oddNames.map(([one, other], index) => ({
          ...claimOf(`heal ${one}`, [other]),
          services: [`${one}/${other}`.slice(0, 90) + index],
          startedAtMs: now,
        }));

        const answers = await Promise.all(odd.map((claim) => memory.claimHeal(claim)));

        expect(new Set(answers)).toEqual(new Set(["claimed"]));
        expect(await claimed()).toEqual(odd.flatMap(({ services }) => services).toSorted());
      });
    });

    describe("repairs", () => {
      const heal = (id: string, startedAtMs: number): HealClaim =>
        claimOf(id, [`place-of-${id}`], startedAtMs);
      const keyOf = ({ id, heals: [one], startedAtMs }: HealClaim) => ({
        ...{ id, startedAtMs, environment: one?.environment ?? "" },
      });

      test("come oldest first, with their ends where these were told", async () => {
        const claims = [heal("b", now - minute), heal("c", now), heal("a", now - 2 * minute)];
        for (const claim of claims) await memory.claimHeal(claim);
        const [first, second] = claims;
        if (first === undefined || second === undefined) throw new Error("no claims");
        const failed = { atMs: now, status: "failed", reason: "deployment-failed" } as const;
        const healed = { atMs: now + 1, status: "healed" } as const;

        await memory.endHeal(keyOf(first), failed);
        await memory.endHeal(keyOf(second), healed);

        expect((await heals()).map(({ id, end }) => [id, end])).toEqual([
          ["a", undefined],
          ["b", failed],
          ["c", healed],
        ]);
      });

      test("end one by one, each once", async () => {
        const claim = claimOf("heal-1", ["mac", "vps"]);
        await memory.claimHeal(claim);
        const place = { id: "heal-1", environment: "vps", startedAtMs: claim.startedAtMs };

        await memory.endHeal(place, { atMs: now, status: "timed-out", reason: "unproven" });
        await memory.endHeal(place, { atMs: now + 1, status: "healed" });

        expect((await heals()).map(({ environment, end }) => [environment, end?.status])).toEqual([
          ["mac", undefined],
          ["vps", "timed-out"],
        ]);
      });

      test.each(["verification-failed", "railway-throttled", "memory-unreadable", "in-flight"] as const)(
        "may end for the reason %s",
        async (reason) => {
          const claim = claimOf("heal-1", ["vps"]);
          await memory.claimHeal(claim);
          const end = { atMs: now, status: "withheld", reason } as const;

          await memory.endHeal(keyOf(claim), end);

          expect((await heals())[0]?.end).toEqual(end);
        },
      );

      test("that nobody began do not end", async () => {
        await memory.claimHeal(claimOf("heal-1", ["vps"]));

        await memory.endHeal(
          { id: "heal-1", environment: "mac", startedAtMs: now },
          { atMs: now, status: "healed" },
        );
        await memory.endHeal(
          { id: "heal-2", environment: "vps", startedAtMs: now },
          { atMs: now, status: "healed" },
        );

        expect(await heals()).toEqual(claimOf("heal-1", ["vps"]).heals);
      });

      test("of more than seven days ago are not recalled", async () => {
        await memory.claimHeal(heal("old", now - limits.healsRecalledMs - 1));
        await memory.claimHeal(heal("young", now - limits.healsRecalledMs));

        expect((await heals()).map(({ id }) => id)).toEqual(["young"]);
      });

      test("stay when their claim is given back", async () => {
        const claim = claimOf("heal-1", ["vps"]);
        await memory.claimHeal(claim);
        await memory.releaseHeal(claim);

        expect(await heals()).toEqual(claim.heals);
      });
    });

    describe("matters", () => {
      const claim = (tellerId: string, nowMs = now) => ({ tellerId, nowMs, untilMs: nowMs + minute });
      const fresh = (key: string) => ({ key, before: 0 });
      const told = (key: string, before = 0) => ({ key, before, after: matterOf(before + 1) });

      test("are remembered as they were noted, whatever is known of them", async () => {
        const { what: _, toldAtMs: _told, ...right } = matterOf(1);

        await memory.noteMatters([told("a"), { key: "b", before: 0, after: right }], claim("one"));

        expect([...(await memory.recallMatters())].toSorted()).toEqual([
          ["a", matterOf(1)],
          ["b", right],
        ]);
      });

      test("are claimed once by two at once", async () => {
        const answers = await Promise.all([
          memory.claimMatters([fresh("a"), fresh("b")], claim("one")),
          memory.claimMatters([fresh("b"), fresh("c"), fresh("a")], claim("two")),
        ]);

        expect(answers.flat().toSorted()).toEqual(["a", "b", "c"]);
        expect(answers[1]).toContain("c");
      });

      test("that are claimed are not remembered before they are told", async () => {
        await memory.claimMatters([fresh("a")], claim("one"));

        expect(await memory.recallMatters()).toEqual(new Map());
      });

      test("are noted once by two at once", async () => {
        const answers = await Promise.all([
          memory.noteMatters([told("a")], claim("one")),
          memory.noteMatters([told("a")], claim("two")),
        ]);

        expect(answers.flat()).toEqual(["a"]);
      });

      test("cannot be claimed or noted by who recalled what is no more", async () => {
        await memory.noteMatters([told("a")], claim("one"));

        expect(await memory.claimMatters([fresh("a"), fresh("b"), fresh("b")], claim("two"))).toEqual(["b"]);
        expect(await memory.noteMatters([told("a")], claim("two"))).toEqual([]);
        expect(await memory.noteMatters([told("a", 1)], claim("two"))).toEqual(["a"]);
        expect((await memory.recallMatters()).get("a")?.revision).toBe(2);
      });

      test("are not noted by others while somebody tells them", async () => {
        await memory.claimMatters([fresh("a")], claim("one"));

        expect(await memory.noteMatters([told("a")], claim("two"))).toEqual([]);
        expect(await memory.noteMatters([told("a")], claim("one"))).toEqual(["a"]);
        expect(await memory.claimMatters([{ key: "a", before: 1 }], claim("two"))).toEqual(["a"]);
      });

      test("may be claimed again where their telling ran out", async () => {
        const first = claim("one");
        await memory.claimMatters([fresh("a")], first);

        expect(await memory.claimMatters([fresh("a")], claim("two", first.untilMs - 1))).toEqual([]);
        expect(await memory.claimMatters([fresh("a")], claim("two", first.untilMs))).toEqual(["a"]);
      });

      test("may be claimed again by who is telling them", async () => {
        await memory.claimMatters([fresh("a")], claim("one"));

        expect(await memory.claimMatters([fresh("a")], claim("one"))).toEqual(["a"]);
      });

      test("do not collide, whatever they are called", async () => {
        const keys = [
          ...oddNames.map((names) => JSON.stringify(names)),
          "#",
          "k".repeat(3_000),
          `${"k".repeat(2_999)}l`,
        ];

        expect(
          await memory.noteMatters(
            keys.map((key) => told(key)),
            claim("one"),
          ),
        ).toEqual(keys);
        expect([...(await memory.recallMatters()).keys()].toSorted()).toEqual(keys.toSorted());
      });
    });

    test("takes a run's own record, however much was wrong", async () => {
      const wrong = Array.from({ length: 5_000 }, (_, index) => ({
        ...{ environment: `e${index}`.padEnd(63, "e"), secret: "S".repeat(128), verdict: "behind" },
      }));
      const run = {
        ...{ id: "run-1", startedAtMs: now, durationMs: 1_234 },
        trigger: "schedule",
        status: "drifted",
      };

      await memory.noteRun({ ...run, wrong });
      await memory.noteRun({ ...run, wrong: [] });

      expect((await memory.recall(now)).heals).toEqual([]);
    });
  });
}

function byEnvironment(one: HealMemory, other: HealMemory): number {
  return one.environment < other.environment ? -1 : 1;
}
