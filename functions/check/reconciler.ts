import { type Fleet, secretsOf } from "../core/fleet.ts";
import type { History } from "../core/history-guards.ts";
import type { Remembered } from "../core/memory.ts";
import { type Plan, planRemedies } from "../core/plan.ts";
import { type HealReport, type Report, reportOf, type Trigger } from "../core/report.ts";
import { runMode } from "../core/run-mode.ts";
import { confineDiagnosis, isHeldIn, narrowFleet, type Scope } from "../core/scope.ts";
import type { ServicePlan } from "../core/service-plans.ts";
import { isoTime } from "../core/time.ts";
import { withWrongSince } from "../core/wrong-time.ts";
import { besides, mayHaveNewProcesses } from "../heal/aftermath.ts";
import { look, type Sight } from "../heal/observer.ts";
import { recall, remember } from "../heal/recall.ts";
import type { World } from "../heal/world.ts";
import { proveLate } from "./late-proofs.ts";
import { withLikelyWriters } from "./likely-writer.ts";

/** What one run is asked to do. */
export interface RunRequest {
  readonly id: string;
  readonly trigger: Trigger;
  readonly mode: "observe" | "fix" | undefined;
  readonly scope: Scope;
}

/** Repairs what was planned, or has it repaired; never throws for what it meets. */
export type Repair = (
  world: World,
  services: readonly ServicePlan[],
  sight: Sight,
  request: RunRequest,
) => Promise<readonly HealReport[]>;

/**
 * One level-triggered run: see, judge, plan, heal, see again, report. The request is only a tick; running it
 * twice is harmless. Never throws for what it finds; a run that could read no truth reports `failed`.
 */
export async function reconcile(world: World, request: RunRequest, repair: Repair): Promise<Report> {
  const startedAtMs = world.clock.now();
  const mode = runMode(world.fleet.policy.mode, request.mode);
  const asked = narrowFleet(world.fleet, request.scope);
  // Whether the source looks wrong is told by all of its holders, so a run that may repair looks at them all.
  const fleet = mode === "fix" ? withAllHolders(world.fleet, asked) : asked;
  const [sight, remembered] = await Promise.all([look(world, { fleet, probe: true }), recall(world)]);
  const history = historyFor(remembered, request, startedAtMs);
  const planFor = ({ diagnosis, observation }: Sight): Plan =>
    planRemedies(fleet, diagnosis, observation, mode, {
      mayRepair: (environment, secret) => isHeldIn(asked, environment, secret),
      history,
    });
  const plan = await withLikelyWriters(world, planFor(sight), sight, remembered);
  const heals = plan.services.length === 0 ? [] : await repair(world, plan.services, sight, request);
  // What was only started, or left alone, has changed nothing that could be seen by now.
  const carriedOut = heals.filter(({ durationMs }) => durationMs !== undefined);
  const after = carriedOut.length === 0 ? sight : await lookAgain(world, fleet, sight, carriedOut);
  const diagnosis = confineDiagnosis(after.diagnosis, asked, request.scope);
  const seen = { ...{ trigger: request.trigger, mode, remembered, diagnosis, heals } };
  const late = await proveLate(world, seen);
  const remembering = await remember(world, remembered, diagnosis);
  return reportOf({
    run: {
      id: request.id,
      trigger: request.trigger,
      mode,
      startedAt: isoTime(startedAtMs),
      durationMs: world.clock.now() - startedAtMs,
      ...(world.keys !== undefined && { publicKey: world.keys.current.publicKey }),
      ...(remembered === "unreadable" && { memory: "unreadable" }),
    },
    diagnosis,
    remedies: (after === sight ? plan : planFor(after)).remedies,
    heals: withWrongTimes([...heals, ...late], remembered, startedAtMs),
    ...(remembering !== undefined && { recollection: remembering }),
  });
}

/** What was repaired late is not what this run found wrong. */
function withWrongTimes(
  heals: readonly HealReport[],
  remembered: Remembered | "unreadable" | undefined,
  foundMs: number,
): readonly HealReport[] {
  if (remembered === undefined || remembered === "unreadable") return heals;
  return heals.map((heal) =>
    withWrongSince(heal, remembered, heal.reason === "verified-later" ? undefined : foundMs),
  );
}

function historyFor(
  remembered: Remembered | "unreadable" | undefined,
  request: RunRequest,
  nowMs: number,
): History | undefined {
  return remembered && { remembered, nowMs, lifted: liftedBy(request) };
}

/** Environments for which the cool-down is lifted. */
export function liftedBy(request: RunRequest): ReadonlySet<string> {
  return new Set(namesEnvironments(request) ? request.scope.environments : []);
}

/** A person who names environments knows what they ask for: canary and cool-down are the schedule's caution. */
export function namesEnvironments({ trigger, scope }: RunRequest): boolean {
  return (trigger === "manual" || trigger === "cli") && scope.environments !== undefined;
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
