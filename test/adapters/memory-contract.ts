import { beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../functions/core/limits.ts";
import type {
  HealClaim,
  HealMemory,
  HolderChange,
  MatterMemory,
  Remembered,
  RunMemory,
} from "../../functions/core/memory.ts";
import type { Memory } from "../../functions/core/ports.ts";
import type { RepairedHolder } from "../../functions/core/report.ts";
import { afterHeal, allWell, hostile, incident, storedOnly, twoHundred } from "../command-line/reports.ts";

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
            was: largestWas(`S${index}`.padEnd(128, "S")),
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

      test("that is renewed is held until its new end", async () => {
        const claim = claimOf("heal-1", ["mac", "vps"]);
        await memory.claimHeal(claim);
        const untilMs = claim.untilMs + minute;

        expect(await memory.renewHeal({ ...claim, untilMs })).toBe("renewed");
        expect(await memory.renewHeal({ ...claim, untilMs })).toBe("renewed");

        expect(await claimed(untilMs - 1)).toEqual([...claim.services].toSorted());
        expect(await claimed(untilMs)).toEqual([]);
        expect(await memory.claimHeal(claimOf("heal-2", ["vps"], untilMs - 1))).toBe("taken");
      });

      test("that ran out is renewed as long as nobody else has taken it", async () => {
        const claim = claimOf("heal-1", ["vps"]);
        await memory.claimHeal(claim);
        const untilMs = claim.untilMs + 10 * minute;

        expect(await memory.renewHeal({ ...claim, untilMs })).toBe("renewed");

        expect(await claimed(untilMs - 1)).toEqual(claim.services);
      });

      test("is lost as a whole where another has taken a part of it", async () => {
        const first = claimOf("heal-1", ["mac", "vps"]);
        await memory.claimHeal(first);
        const second = claimOf("heal-2", ["vps"], first.untilMs);
        await memory.claimHeal(second);

        expect(await memory.renewHeal({ ...first, untilMs: first.untilMs + minute })).toBe("lost");

        expect(await claimed(first.untilMs)).toEqual(second.services);
        expect(await memory.renewHeal({ ...second, untilMs: second.untilMs + minute })).toBe("renewed");
      });

      test("is lost that was given back, or never made", async () => {
        const claim = claimOf("heal-1", ["vps"]);
        await memory.claimHeal(claim);
        await memory.releaseHeal(claim);

        expect(await memory.renewHeal(claim)).toBe("lost");
        expect(await memory.renewHeal({ ...claim, id: "never", services: ["nowhere"] })).toBe("lost");
        expect(await claimed()).toEqual([]);
      });

      test("of no service, or of one named twice, is renewed too", async () => {
        const claim = { ...claimOf("heal-1", []), services: ["a", "a"] };
        await memory.claimHeal(claim);

        expect(await memory.renewHeal(claim)).toBe("renewed");
        expect(await memory.renewHeal({ ...claim, services: [] })).toBe("renewed");
      });

      test("is either renewed or taken over, where both are tried at once", async () => {
        const first = claimOf("heal-1", ["a", "b"]);
        await memory.claimHeal(first);
        const second = claimOf("heal-2", ["b", "c"], first.untilMs);

        const [renewal, claiming] = await Promise.all([
          memory.renewHeal({ ...first, untilMs: first.untilMs + minute }),
          memory.claimHeal(second),
        ]);

        expect([renewal, claiming]).toBeOneOf([
          ["renewed", "taken"],
          ["lost", "claimed"],
        ]);
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

      test("that timed out, or never told their end, are proven once", async () => {
        const claim = claimOf("heal-1", ["mac", "vps"]);
        await memory.claimHeal(claim);
        const [dead, slow] = ["mac", "vps"].map((environment) => ({ ...keyOf(claim), environment }));
        if (dead === undefined || slow === undefined) throw new Error("no repairs");
        await memory.endHeal(slow, { atMs: now, status: "timed-out", reason: "deployment-slow" });
        const proven = { atMs: now + 2, status: "healed", reason: "verified-later" };

        for (const heal of [dead, slow]) {
          expect(await memory.proveHeal(heal, now + 2)).toBe(true);
          expect(await memory.proveHeal(heal, now + 3)).toBe(false);
          await memory.endHeal(heal, { atMs: now + 4, status: "failed" });
        }

        expect((await heals()).map(({ end }) => end)).toEqual([proven, proven]);
      });

      test("are proven by exactly one of two at once", async () => {
        const claim = claimOf("heal-1", ["vps"]);
        await memory.claimHeal(claim);

        const answers = await Promise.all([1, 2].map((after) => memory.proveHeal(keyOf(claim), now + after)));

        expect(answers.toSorted()).toEqual([false, true]);
      });

      test.each(["healed", "failed", "superseded", "withheld"] as const)(
        "that ended %s have nothing left to prove",
        async (status) => {
          const claim = claimOf("heal-1", ["vps"]);
          await memory.claimHeal(claim);
          await memory.endHeal(keyOf(claim), { atMs: now, status });

          expect(await memory.proveHeal(keyOf(claim), now + 1)).toBe(false);
          expect((await heals())[0]?.end).toEqual({ atMs: now, status });
        },
      );

      test("that nobody began are not proven", async () => {
        expect(await memory.proveHeal(keyOf(claimOf("heal-1", ["vps"])), now)).toBe(false);
        expect(await heals()).toEqual([]);
      });

      test("keep what was wrong, whatever that was", async () => {
        const verdicts: readonly RepairedHolder["verdict"][] = [
          { kind: "behind", versionId: "v1", behindBy: 2, replacedAt: "2026-11-22T12:00:00Z" },
          { kind: "behind", versionId: "v1", behindBy: 2 },
          { kind: "mangled", accident: "trailing-newline", versionId: "v1" },
          { kind: "swapped", secret: "MODEL" },
          { kind: "unset" },
          { kind: "in-sync", versionId: "v2" },
          { kind: "split", instances: [{ instance: "i-1", verdict: { kind: "foreign" } }] },
        ];
        const targets = verdicts.map((verdict, nth) => ({
          ...{ secret: `S${nth}`, versionId: "v2" },
          was: { secret: `S${nth}`, verdict, action: "set-and-redeploy", cause: "variable" } as const,
        }));
        const claim = claimOf("heal-1", ["vps"]);
        await memory.claimHeal({ ...claim, heals: claim.heals.map((one) => ({ ...one, targets })) });

        expect((await heals())[0]?.targets).toEqual(targets);
      });

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

    describe("the last report", () => {
      const begunAt = (startedAt: string) => ({ ...incident, run: { ...incident.run, startedAt } });

      test("is none at first", async () => {
        expect(await memory.lastReport()).toBeUndefined();
      });

      test.each(Object.entries({ allWell, incident, afterHeal, storedOnly, hostile, twoHundred }))(
        "is kept as it was: %s",
        async (_name, report) => {
          await memory.noteReport(report);

          expect(await memory.lastReport()).toEqual({ report, isCut: false });
        },
      );

      test("is the one of the run that began last, whichever ended first", async () => {
        const [older, newer] = [begunAt("2026-11-22T10:00:00Z"), begunAt("2026-11-22T10:00:01Z")];

        await memory.noteReport(older);
        await memory.noteReport(newer);
        await memory.noteReport(older);

        expect((await memory.lastReport())?.report).toEqual(newer);
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

    describe("runs", () => {
      const runOf = (id: string, startedAtMs: number): RunMemory => ({
        ...{ id, startedAtMs, durationMs: 1_234, trigger: "schedule", status: "in-sync", wrong: [] },
      });
      const idsSince = async (sinceMs: number) => (await memory.recallRuns(sinceMs)).map(({ id }) => id);

      test("are none at first", async () => {
        expect(await memory.recallRuns(0)).toEqual([]);
      });

      test("are recalled whole", async () => {
        const wrong = { environment: "vps", secret: "AUTH", verdict: "behind" };
        const heal = { environment: "vps", secrets: ["AUTH"], status: "failed" };
        const runs = [
          { ...runOf("run-1", now), unknownCount: 0, heals: [] },
          {
            ...{ ...runOf("run-2", now + 1), status: "drifted", unknownCount: 3 },
            wrong: [{ ...wrong, sinceMs: now - minute }, wrong],
            heals: [{ ...heal, reason: "deployment-failed", durationMs: 5 }, heal],
          },
        ];
        for (const run of runs) await memory.noteRun(run);

        expect(await memory.recallRuns(now)).toEqual(runs);
      });

      test("come oldest first, in whatever order they were noted", async () => {
        for (const run of [runOf("b", now), runOf("c", now + minute), runOf("a", now - minute)])
          await memory.noteRun(run);

        expect(await idsSince(0)).toEqual(["a", "b", "c"]);
      });

      test("come from the time that is asked for, and since", async () => {
        for (const [id, atMs] of [
          ["before", now - 1] as const,
          ["at", now] as const,
          ["after", now + 1] as const,
        ])
          await memory.noteRun(runOf(id, atMs));

        expect(await idsSince(now)).toEqual(["at", "after"]);
      });

      test("of one moment are told apart by their ids, and one noted twice is one", async () => {
        for (const id of ["two", "one", "two"]) await memory.noteRun(runOf(id, now));

        expect(await idsSince(now)).toEqual(["one", "two"]);
      });

      test("of very many are the last", async () => {
        const runs = Array.from({ length: limits.runsRecalledMax + 5 }, (_, nth) =>
          runOf(`${nth}`, now + nth),
        );
        for (const run of runs) await memory.noteRun(run);

        expect(await memory.recallRuns(0)).toEqual(runs.slice(5));
      });

      test("are kept however much was wrong, and tell how much that was", async () => {
        const wrong = Array.from({ length: 5_000 }, (_, index) => ({
          ...{ environment: `e${index}`.padEnd(63, "e"), secret: "S".repeat(128), verdict: "behind" },
          sinceMs: now,
        }));
        const heals = wrong.map(({ environment, secret }) => ({
          ...{ environment, secrets: [secret], status: "withheld", reason: "limit", durationMs: 1_234 },
        }));
        await memory.noteRun({ ...runOf("run-1", now), wrong, heals });

        const [run] = await memory.recallRuns(now);

        expect(run?.wrong).toEqual(wrong.slice(0, limits.wrongPerRunMax));
        expect(run?.wrongCount).toBe(5_000);
        expect(run?.heals).toEqual(heals.slice(0, limits.healsPerRunMax));
      });

      test("by the hundred, with much wrong in each, are recalled as far as they can be read", async () => {
        const wrong = Array.from({ length: 1_000 }, (_, index) => ({
          ...{ environment: `e${index}`.padEnd(63, "e"), secret: "S".repeat(128), verdict: "behind" },
        }));
        for (let nth = 0; nth < 30; nth += 1)
          await memory.noteRun({ ...runOf(`run-${nth}`, now + nth), wrong });

        expect((await idsSince(0)).at(-1)).toBe("run-29");
        expect(await idsSince(0)).toHaveLength(30);
      });
    });
  });
}

/** As much as is kept of what was wrong. */
function largestWas(secret: string): RepairedHolder {
  const was = (instance: string): RepairedHolder => ({
    ...{ secret, action: "set-and-redeploy" },
    verdict: { kind: "split", instances: [{ instance, verdict: { kind: "foreign" } }] },
  });
  return was("i".repeat(limits.wasCharactersMax - JSON.stringify(was("")).length));
}

function byEnvironment(one: HealMemory, other: HealMemory): number {
  return one.environment < other.environment ? -1 : 1;
}
