import pMap from "p-map";
import type { Diagnosis } from "../core/diagnosis.ts";
import { type Fleet, secretsOf } from "../core/fleet.ts";
import type { HealOutcome } from "../core/heal-outcome.ts";
import { limits } from "../core/limits.ts";
import { type Plan, planRemedies, type ServicePlan, serviceKey } from "../core/plan.ts";
import type { Steps } from "../core/ports.ts";
import {
  type HealReport,
  type RepairedHolder,
  type Report,
  reportOf,
  type Trigger,
  verdictReport,
} from "../core/report.ts";
import { runMode } from "../core/run-mode.ts";
import { narrowFleet, type Scope } from "../core/scope.ts";
import { isoTime } from "../core/time.ts";
import { healService } from "../heal/heal.ts";
import { look, type Sight } from "../heal/observer.ts";
import type { World } from "../heal/world.ts";

/** What one run is asked to do. */
export interface RunRequest {
  readonly id: string;
  readonly trigger: Trigger;
  readonly mode: "observe" | "fix" | undefined;
  readonly scope: Scope;
}

/**
 * One level-triggered run: see, judge, plan, heal, see again, report. The request is only a tick; running it
 * twice is harmless. Never throws for what it finds; a run that could read no truth reports `failed`.
 */
export async function reconcile(world: World, request: RunRequest, steps: Steps): Promise<Report> {
  const startedAtMs = world.clock.now();
  const mode = runMode(world.fleet.policy.mode, request.mode);
  const asked = narrowFleet(world.fleet, request.scope);
  // Whether the source looks wrong is told by all of its holders, so a run that may repair looks at them all.
  const fleet = mode === "fix" ? withAllHolders(world.fleet, asked) : asked;
  const planFor = ({ diagnosis, observation }: Sight): Plan =>
    planRemedies(fleet, diagnosis, observation, mode, (environment, secret) =>
      holds(asked, environment, secret),
    );
  const sight = await look(world, { fleet, probe: true });
  const plan = planFor(sight);
  const heals = await healAll(world, plan, sight, steps);
  const after = heals.length === 0 ? sight : await lookAgain(world, fleet, sight, heals);
  return reportOf({
    run: {
      id: request.id,
      trigger: request.trigger,
      mode,
      startedAt: isoTime(startedAtMs),
      durationMs: world.clock.now() - startedAtMs,
      ...(world.keys !== undefined && { publicKey: world.keys.current.publicKey }),
    },
    diagnosis: confine(after.diagnosis, asked, request.scope),
    remedies: (heals.length === 0 ? plan : planFor(after)).remedies,
    heals,
  });
}

/** The fleet with every holder, but only the capabilities that were asked for: nothing is sent needlessly. */
function withAllHolders(fleet: Fleet, asked: Fleet): Fleet {
  const environments = Object.entries(fleet.environments).map(([name, entry]) => [
    name,
    {
      ...entry,
      secrets: [...secretsOf(fleet, entry)],
      capabilities: asked.environments[name]?.capabilities ?? {},
    },
  ]);
  return { ...fleet, environments: Object.fromEntries(environments) };
}

function holds(fleet: Fleet, environment: string, secret: string): boolean {
  const entry = fleet.environments[environment];
  return entry !== undefined && secretsOf(fleet, entry).includes(secret);
}

/** The part of a diagnosis that was asked for. */
function confine(diagnosis: Diagnosis, asked: Fleet, { environments: names, secrets }: Scope): Diagnosis {
  if (names === undefined && secrets === undefined) return diagnosis;
  const environments = [...diagnosis.environments].flatMap(([name, { notes, holders, capabilities }]) => {
    if (asked.environments[name] === undefined) return [];
    const kept = [...holders].filter(([secret]) => holds(asked, name, secret));
    return [[name, { notes, holders: new Map(kept), capabilities }] as const];
  });
  return {
    environments: new Map(environments),
    secrets: new Map([...diagnosis.secrets].filter(([name]) => secrets?.includes(name) ?? true)),
  };
}

async function healAll(world: World, plan: Plan, sight: Sight, steps: Steps): Promise<readonly HealReport[]> {
  const heals = await pMap(plan.services, (service) => healOne(world, service, sight, steps), {
    concurrency: limits.healsAtOnceMax,
  });
  return heals.flat();
}

async function healOne(
  world: World,
  service: ServicePlan,
  { diagnosis, observation }: Sight,
  steps: Steps,
): Promise<HealReport[]> {
  const startedAtMs = world.clock.now();
  const environments = [...new Set(service.targets.map(({ environment }) => environment))];
  const outcomes = await healService(world, service, steps, observation);
  const durationMs = world.clock.now() - startedAtMs;
  world.onProgress({ kind: "healed", environments, status: outcomes.map(({ status }) => status).join(", ") });
  return outcomes.map((outcome) => ({
    ...outcome,
    durationMs,
    was: repairedBy(outcome, service, diagnosis),
  }));
}

function repairedBy(outcome: HealOutcome, { targets }: ServicePlan, diagnosis: Diagnosis): RepairedHolder[] {
  return targets.flatMap(({ environment, secret, action }) => {
    const holder = diagnosis.environments.get(environment)?.holders.get(secret);
    if (environment !== outcome.environment || !outcome.secrets.includes(secret) || holder === undefined)
      return [];
    const { verdict, cause } = holder;
    return [{ secret, verdict: verdictReport(verdict), ...(cause !== undefined && { cause }), action }];
  });
}

async function lookAgain(
  world: World,
  fleet: Fleet,
  { observation }: Sight,
  heals: readonly HealReport[],
): Promise<Sight> {
  const again = besides(fleet, heals);
  const replaced = besides(fleet, heals.filter(mayHaveNewProcesses));
  return look(world, { fleet, earlier: observation, again, replaced, probe: true });
}

/** The healed environments, and those that the same Railway services stand behind. */
function besides(fleet: Fleet, heals: readonly HealReport[]): ReadonlySet<string> {
  const serviceOf = (name: string): string | undefined => serviceKey(fleet.environments[name]?.railway);
  const services = new Set(heals.map(({ environment }) => serviceOf(environment)));
  return new Set(
    Object.keys(fleet.environments).filter((name) => services.has(serviceOf(name)) && serviceOf(name)),
  );
}

/** What the same process denied before is not tried again: gateways lock out who insists. */
function mayHaveNewProcesses({ status, reason, was }: HealReport): boolean {
  if (status === "healed") return was.some(({ action }) => action !== "set-quietly");
  return reason === "verification-failed" || reason === "unproven";
}
