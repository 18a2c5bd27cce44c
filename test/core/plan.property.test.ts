import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { diagnose } from "../../functions/core/diagnosis.ts";
import { secretsOf, variableOf } from "../../functions/core/fleet.ts";
import { type Plan, planRemedies } from "../../functions/core/plan.ts";
import { isAction } from "../../functions/core/remedy.ts";
import { isUnstorableInRailway } from "../../functions/core/truth.ts";
import { anyWorld, effort, fleetOfWorld, holdersOf, patience, type World } from "./arbitraries.ts";
import { nowMs } from "./world.ts";

function planFor(world: World, mode: "observe" | "approve" | "fix" = "fix") {
  const fleet = fleetOfWorld(world);
  const diagnosis = diagnose(fleet, world.observation, nowMs);
  return { fleet, diagnosis, plan: planRemedies(fleet, diagnosis, world.observation, mode) };
}

const targetsOf = ({ services }: Plan) => services.flatMap(({ targets }) => targets);

describe("whatever was seen, a plan", patience, () => {
  it("does nothing about what is unknown, and asks nobody to", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { diagnosis, plan } = planFor(world);
        const unknown = holdersOf(diagnosis).filter(({ holder }) => holder.verdict.kind === "unknown");
        const remedies = unknown.map(
          ({ environment, secret }) => plan.remedies.get(environment)?.get(secret)?.kind,
        );
        expect(remedies.filter((kind) => kind !== "none")).toEqual([]);
      }),
      effort,
    );
  });

  it("touches no service unless the mode is fix", () => {
    fc.assert(
      fc.property(anyWorld, fc.constantFrom("observe" as const, "approve" as const), (world, mode) => {
        expect(planFor(world, mode).plan.services).toEqual([]);
      }),
      effort,
    );
  });

  it("pushes nothing from a source that is suspect or being rotated", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { diagnosis, plan } = planFor(world);
        const guarded = targetsOf(plan).filter(({ secret }) => {
          const truth = diagnosis.secrets.get(secret);
          return truth?.suspicion !== undefined || truth?.rotation === "in-progress";
        });
        expect(guarded).toEqual([]);
      }),
      effort,
    );
  });

  it("writes no template, no literal over a reference, and nothing while a deployment is unfinished", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { diagnosis, plan } = planFor(world);
        const writes = targetsOf(plan).filter(({ action }) => action !== "redeploy");
        for (const { environment, secret, ownerId } of writes) {
          const truth = world.observation.truths.get(secret);
          const service = world.observation.environments.get(environment)?.service;
          const stored = diagnosis.environments.get(environment)?.holders.get(secret)?.stored?.kind;
          expect(truth?.kind === "read" && !isUnstorableInRailway(truth.current.value)).toBe(true);
          // A link is mended where it points to, and nothing else is.
          expect(stored === "reference" || stored === "inherited").toBe(ownerId !== undefined);
          expect(service?.kind === "seen" && service.deploying).toBe(false);
        }
      }),
      effort,
    );
  });

  it("sets what others take their value from only where each of them is a holder of the same that was seen", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { fleet, diagnosis, plan } = planFor(world);
        for (const { environment, secret, ownerId } of targetsOf(plan)) {
          if (ownerId === undefined) continue;
          const service = world.observation.environments.get(environment)?.service;
          const stored = service?.kind === "seen" ? service.stored.get(secret) : undefined;
          const users = stored !== undefined && "link" in stored ? (stored.link?.users ?? []) : [];
          const known = users.filter((user) =>
            Object.entries(fleet.environments).some(
              ([name, entry]) =>
                entry.railway?.service === user.serviceId &&
                secretsOf(fleet, entry).includes(secret) &&
                variableOf(entry, secret) === user.variable &&
                diagnosis.environments.get(name)?.holders.get(secret)?.verdict.kind !== "unknown",
            ),
          );
          expect(known).toEqual(users);
        }
      }),
      effort,
    );
  });

  it("ships nobody else's change, and begins nothing that Railway's hour has no calls for", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { plan } = planFor(world);
        for (const { targets } of plan.services) {
          for (const { environment, action } of targets) {
            const service = world.observation.environments.get(environment)?.service;
            if (service?.kind !== "seen") continue;
            if (action !== "set-quietly") expect(service.changedSince ?? []).not.toContain("LOG_LEVEL");
            expect(service.quota?.callsLeft ?? 40).toBeGreaterThanOrEqual(40);
          }
        }
      }),
      effort,
    );
  });

  it("has one part for each service, one target for each remedy that acts, and a redeploy only where one is due", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { plan } = planFor(world);
        const acting = [...plan.remedies].flatMap(([environment, own]) =>
          [...own].filter(([, remedy]) => isAction(remedy)).map(([secret]) => `${environment}/${secret}`),
        );
        const places = plan.services.map(({ railway }) => railway.service);
        const targets = targetsOf(plan).map(({ environment, secret }) => `${environment}/${secret}`);
        expect(new Set(places).size).toBe(places.length);
        expect(targets.toSorted()).toEqual(acting.toSorted());
        for (const { redeploy, targets: own } of plan.services)
          expect(redeploy).toBe(own.some(({ action }) => action !== "set-quietly"));
      }),
      effort,
    );
  });

  it("redeploys no service while one of its right processes would be started with a wrong value", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { fleet, diagnosis, plan } = planFor(world);
        const redeployed = new Set(
          plan.services.filter(({ redeploy }) => redeploy).map(({ railway }) => railway.service),
        );
        const broken = holdersOf(diagnosis).filter(({ environment, secret, holder }) => {
          const service = fleet.environments[environment]?.railway?.service;
          const remedy = plan.remedies.get(environment)?.get(secret);
          return (
            service !== undefined &&
            redeployed.has(service) &&
            holder.cause === "latent" &&
            remedy?.kind !== "set-quietly"
          );
        });
        expect(broken).toEqual([]);
      }),
      effort,
    );
  });
});
