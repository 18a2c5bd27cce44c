import { describe, expect, test } from "vitest";
import type { RailwayEntry } from "../../../functions/core/fleet.ts";
import type { ServiceState, StoredValue } from "../../../functions/core/observation.ts";
import type { Railway, VariableNames } from "../../../functions/core/ports.ts";
import { Secret } from "../../../functions/protocol/secret.ts";

/**
 * A Railway in which one deployment of one service serves. The service has AUTH_SECRET = `secret-1`, a sealed
 * SEALED, FROM_SHARED = `${{shared.SHARED_SECRET}}`, and an INHERITED that only the environment has. The environment's
 * SHARED_SECRET does not reach it under that name.
 */
export interface RailwayWorld {
  readonly entry: RailwayEntry;
  /** The same token with an environment that it does not belong to. */
  readonly misplaced: RailwayEntry;
  /** The same service with a token that reaches several projects. */
  readonly withAccountToken: RailwayEntry;
  /** The adapter, as at the beginning of a run. */
  startRun(): Railway;
  /** What is really stored with the service, by Railway's names. */
  stored(): Readonly<Record<string, string>>;
  /** Ids of the service's deployments, oldest first. */
  deploymentIds(): readonly string[];
  /** Names of the mutations that came in, oldest first. */
  mutations(): readonly string[];
  requestCount(): number;
  humanSets(name: string, value: string): void;
  /** Goes back to an earlier deployment. */
  rollBack(deploymentId: string): void;
  /** What becomes of the next deployment. */
  nextDeployment(fate: "fails-healthcheck" | "never-ends" | "needs-approval"): void;
  /** The list of deployments is refused from now on, as project tokens are said to be. */
  refuseDeploymentList(): void;
  /** Lets time pass until nothing is under way. */
  settle(): Promise<void>;
  /** Lets a little time pass, less than a deployment takes. */
  passAWhile(): Promise<void>;
}

const names: VariableNames = new Map([
  ["auth", "AUTH_SECRET"],
  ["sealed", "SEALED"],
  ["from-shared", "FROM_SHARED"],
  ["inherited", "INHERITED"],
  ["missing", "MISSING"],
]);

type Seen = Extract<ServiceState, { kind: "seen" }>;

async function see(railway: Railway, entry: RailwayEntry): Promise<Seen> {
  const state = await railway.observe(entry, names);
  if (state.kind !== "seen") throw new Error(`the service was not seen: ${JSON.stringify(state)}`);
  return state;
}

function servingId({ serving }: Seen): string {
  if (serving === undefined) throw new Error("nothing serves");
  return serving.deploymentId;
}

function textOf(value: StoredValue | undefined): string | undefined {
  return value?.kind === "value" ? value.value.reveal() : undefined;
}

/** What every implementation of the `Railway` port owes the core; long because a contract is read in one go. */
export function defineRailwayContract(name: string, makeWorld: () => Promise<RailwayWorld>): void {
  describe(name, () => {
    describe("looking", () => {
      test("tells of every variable what it is", async () => {
        const world = await makeWorld();

        const { stored } = await see(world.startRun(), world.entry);

        expect(Object.fromEntries(stored)).toEqual({
          auth: { kind: "value", value: new Secret("secret-1") },
          sealed: { kind: "sealed" },
          "from-shared": { kind: "reference", to: "shared.SHARED_SECRET", value: new Secret("shared-1") },
          inherited: { kind: "value", value: new Secret("inherited-1") },
          missing: { kind: "unset" },
        });
      });

      test("tells by a closer look where variables come from, and what else does", async () => {
        const world = await makeWorld();
        const railway = world.startRun();

        const state = await railway.withDetails(world.entry, names, await see(railway, world.entry));

        const own = { serviceId: world.entry.service };
        const stored = state.kind === "seen" ? state.stored : new Map();
        expect(stored.get("from-shared")).toMatchObject({
          kind: "reference",
          link: {
            ...{ serviceId: null, variable: "SHARED_SECRET" },
            users: [{ ...own, variable: "FROM_SHARED" }],
          },
        });
        expect(stored.get("inherited")).toEqual({
          kind: "inherited",
          value: new Secret("inherited-1"),
          link: { serviceId: null, variable: "INHERITED", users: [{ ...own, variable: "INHERITED" }] },
        });
      });

      test("tells by a closer look what somebody changed and did not deploy", async () => {
        const world = await makeWorld();
        world.humanSets("LOG_LEVEL", "debug");
        const railway = world.startRun();

        const state = await railway.withDetails(world.entry, names, await see(railway, world.entry));

        expect(state).toMatchObject({ changedSince: ["LOG_LEVEL"] });
      });

      test("sees the serving deployment", async () => {
        const world = await makeWorld();

        const state = await see(world.startRun(), world.entry);

        expect(state).toMatchObject({ deploying: false, serving: { deploymentId: expect.any(String) } });
        expect(world.deploymentIds()).toEqual([servingId(state)]);
      });

      test("takes two calls for a service that is well, and one for each further look", async () => {
        const world = await makeWorld();
        const railway = world.startRun();

        await see(railway, world.entry);
        const first = world.requestCount();
        await see(railway, world.entry);

        expect(first).toBe(2);
        expect(world.requestCount() - first).toBe(1);
      });

      test("sees the same with a token that reaches several projects", async () => {
        const world = await makeWorld();
        const narrow = await see(world.startRun(), world.entry);
        const before = world.requestCount();

        const wide = await see(world.startRun(), world.withAccountToken);

        expect({ ...wide, quota: narrow.quota }).toEqual(narrow);
        expect(world.requestCount() - before).toBeLessThanOrEqual(3);
      });

      test("knows a token of another environment", async () => {
        const world = await makeWorld();
        const railway = world.startRun();

        expect(await railway.observe(world.misplaced, names)).toMatchObject({ kind: "wrong-token" });
        await expect(
          railway.setVariables(world.misplaced, new Map([["A", new Secret("x")]])),
        ).rejects.toMatchObject({
          code: "railway-not-authorized",
        });
        expect(world.mutations()).toEqual([]);
      });

      test("does not see a service that does not exist, and does not throw", async () => {
        const world = await makeWorld();

        const state = await world.startRun().observe({ ...world.entry, service: "nowhere" }, names);

        expect(state.kind).toBe("unseen");
      });
    });

    describe("setting variables", () => {
      test("sets them all with one mutation, deploys nothing and leaves the rest alone", async () => {
        const world = await makeWorld();
        const before = world.stored();

        await world.startRun().setVariables(
          world.entry,
          new Map([
            ["AUTH_SECRET", new Secret("secret-2")],
            ["NEW", new Secret("new-1")],
          ]),
        );

        expect(world.stored()).toEqual({ ...before, AUTH_SECRET: "secret-2", NEW: "new-1" });
        expect(world.mutations()).toEqual(["variableCollectionUpsert"]);
        expect(world.deploymentIds()).toHaveLength(1);
      });

      test("is seen by the next look of the same run", async () => {
        const world = await makeWorld();
        const railway = world.startRun();
        await see(railway, world.entry);

        await railway.setVariables(world.entry, new Map([["MISSING", new Secret("found")]]));

        const { stored } = await see(railway, world.entry);
        expect(textOf(stored.get("missing"))).toBe("found");
      });

      test("makes an own variable of a name that the environment shares, and knows it for one", async () => {
        const world = await makeWorld();
        const railway = world.startRun();
        const own: VariableNames = new Map([["own", "SHARED_SECRET"]]);
        const before = await railway.observe(world.entry, own);

        await railway.setVariables(world.entry, new Map([["SHARED_SECRET", new Secret("own-1")]]));

        const after = await railway.observe(world.entry, own);
        expect(before.kind === "seen" && before.stored.get("own")).toEqual({ kind: "unset" });
        expect(after.kind === "seen" && textOf(after.stored.get("own"))).toBe("own-1");
      });

      test("overwrites a sealed variable", async () => {
        const world = await makeWorld();

        await world.startRun().setVariables(world.entry, new Map([["SEALED", new Secret("sealed-2")]]));

        expect(world.stored()).toMatchObject({ SEALED: "sealed-2" });
      });

      test.for(["FROM_SHARED", "INHERITED"])(
        "does not write over %s, nor what was given beside it",
        async (link) => {
          const world = await makeWorld();
          const before = world.stored();
          const values = new Map([
            ["AUTH_SECRET", new Secret("secret-2")],
            [link, new Secret("literal")],
          ]);

          await expect(world.startRun().setVariables(world.entry, values)).rejects.toMatchObject({
            code: "railway-refused",
          });
          expect(world.stored()).toEqual(before);
        },
      );

      test("sets what others take their value from, and deploys nothing", async () => {
        const world = await makeWorld();
        const railway = world.startRun();

        await railway.setVariables(world.entry, new Map([["SHARED_SECRET", new Secret("shared-2")]]), null);

        const { stored } = await see(railway, world.entry);
        expect(stored.get("from-shared")).toMatchObject({ value: new Secret("shared-2") });
        expect(world.stored()).toMatchObject({ FROM_SHARED: `\${{shared.SHARED_SECRET}}` });
        expect(world.deploymentIds()).toHaveLength(1);
      });

      test("does not write over what a person made a reference since the look", async () => {
        const world = await makeWorld();
        const railway = world.startRun();
        await see(railway, world.entry);
        world.humanSets("AUTH_SECRET", `\${{shared.SHARED_SECRET}}`);

        const writing = railway.setVariables(world.entry, new Map([["AUTH_SECRET", new Secret("secret-2")]]));

        await expect(writing).rejects.toMatchObject({ code: "railway-refused" });
        expect(world.mutations()).toEqual([]);
      });
    });

    describe("deploying", () => {
      test("brings the stored variables into a new deployment", async () => {
        const world = await makeWorld();
        const railway = world.startRun();
        const old = servingId(await see(railway, world.entry));
        await railway.setVariables(world.entry, new Map([["AUTH_SECRET", new Secret("secret-2")]]));

        const started = await railway.redeploy(world.entry, old);
        await world.settle();

        expect(started).toMatchObject({ status: "unfinished" });
        expect(await railway.deployment(world.entry, started.id)).toMatchObject({
          id: started.id,
          status: "serving",
        });
        expect(await railway.deployment(world.entry, old)).toMatchObject({ status: "gone" });
        const { variables } = await railway.snapshot(world.entry, names, started.id);
        expect(textOf(variables?.get("auth"))).toBe("secret-2");
        expect(variables?.get("sealed")).toEqual({ kind: "sealed" });
        expect(world.mutations()).toEqual(["variableCollectionUpsert", "deploymentRedeploy"]);
      });

      test("is seen to be under way, and not started twice", async () => {
        const world = await makeWorld();
        const railway = world.startRun();
        const serving = servingId(await see(railway, world.entry));
        await railway.redeploy(world.entry, serving);
        await world.passAWhile();

        const state = await see(railway, world.entry);

        expect(state.deploying).toBe(true);
        expect(servingId(state)).toBe(serving);
        await expect(railway.redeploy(world.entry, serving)).rejects.toMatchObject({
          code: "railway-refused",
          retryable: true,
        });
        expect(world.deploymentIds()).toHaveLength(2);
      });

      test("does not redeploy what serves no more", async () => {
        const world = await makeWorld();
        const railway = world.startRun();
        const old = servingId(await see(railway, world.entry));
        await railway.redeploy(world.entry, old);
        await world.settle();

        await expect(railway.redeploy(world.entry, old)).rejects.toMatchObject({
          code: "railway-refused",
          message: expect.stringContaining("another deployment serves now"),
        });
      });

      test.for([
        ["fails-healthcheck", "failed", false],
        ["never-ends", "unfinished", true],
        ["needs-approval", "stuck", false],
      ] as const)(
        "tells how a deployment goes that %s, while the old one serves",
        async ([fate, status, deploying]) => {
          const world = await makeWorld();
          const railway = world.startRun();
          const old = servingId(await see(railway, world.entry));
          world.nextDeployment(fate);

          const { id } = await railway.redeploy(world.entry, old);
          for (let waits = 0; waits < 60; waits += 1) await world.passAWhile();

          expect(await railway.deployment(world.entry, id)).toMatchObject({ status });
          const state = await see(railway, world.entry);
          expect(servingId(state)).toBe(old);
          expect(state.deploying).toBe(deploying);
        },
      );
    });

    describe("snapshots", () => {
      test("tell what the serving deployment was started with", async () => {
        const world = await makeWorld();
        const railway = world.startRun();
        await railway.setVariables(world.entry, new Map([["AUTH_SECRET", new Secret("secret-2")]]));
        const seen = await see(railway, world.entry);

        const state = await railway.withDetails(world.entry, names, seen);

        expect(textOf(seen.stored.get("auth"))).toBe("secret-2");
        expect(state.kind === "seen" && textOf(state.serving?.variables?.get("auth"))).toBe("secret-1");
      });

      test("tell of the deployments before, newest first, so that a rollback shows", async () => {
        const world = await makeWorld();
        const railway = world.startRun();
        const first = servingId(await see(railway, world.entry));
        await railway.setVariables(world.entry, new Map([["AUTH_SECRET", new Secret("secret-2")]]));
        const { id: second } = await railway.redeploy(world.entry, first);
        await world.settle();
        world.rollBack(first);
        await world.settle();

        const state = await railway.withDetails(world.entry, names, await see(railway, world.entry));

        if (state.kind !== "seen") throw new Error("the service was not seen");
        expect(textOf(state.serving?.variables?.get("auth"))).toBe("secret-1");
        expect(state.earlier.map(({ deploymentId }) => deploymentId)).toEqual([second, first]);
        expect(state.earlier.map(({ variables }) => textOf(variables?.get("auth")))).toEqual([
          "secret-2",
          "secret-1",
        ]);
      });

      test("do without the deployments before where the list is refused", async () => {
        const world = await makeWorld();
        const railway = world.startRun();
        world.refuseDeploymentList();

        const state = await railway.withDetails(world.entry, names, await see(railway, world.entry));

        expect(state).toMatchObject({ kind: "seen", earlier: [], serving: { variables: expect.any(Map) } });
      });

      test("leave as it is what was not seen", async () => {
        const world = await makeWorld();
        const unseen = { kind: "unseen", code: "railway-unreachable", detail: "" } as const;

        expect(await world.startRun().withDetails(world.entry, names, unseen)).toBe(unseen);
      });
    });
  });
}
