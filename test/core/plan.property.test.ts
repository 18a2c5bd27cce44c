import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { diagnose } from "../../functions/core/diagnosis.ts";
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
        for (const { environment, secret } of writes) {
          const truth = world.observation.truths.get(secret);
          const service = world.observation.environments.get(environment)?.service;
          const stored = diagnosis.environments.get(environment)?.holders.get(secret)?.stored?.kind;
          expect(truth?.kind === "read" && !isUnstorableInRailway(truth.current.value)).toBe(true);
          expect(["reference", "inherited"]).not.toContain(stored);
          expect(service?.kind === "seen" && service.deploying).toBe(false);
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
