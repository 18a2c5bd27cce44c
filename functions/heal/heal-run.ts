import type { Diagnosis } from "../core/diagnosis.ts";
import { TallystickError } from "../core/errors.ts";
import type { PolicyMode } from "../core/fleet.ts";
import { limits } from "../core/limits.ts";
import type { Observation } from "../core/observation.ts";
import { planRemedies } from "../core/plan.ts";
import type { HealOrder, Look, Notifier, Steps } from "../core/ports.ts";
import { type HealReport, type Report, reportOf } from "../core/report.ts";
import { runMode } from "../core/run-mode.ts";
import { confineDiagnosis, narrowFleet, type Scope, scopeMistakes } from "../core/scope.ts";
import { serviceKey } from "../core/service-plans.ts";
import { isoTime } from "../core/time.ts";
import { withWrongSince } from "../core/wrong-time.ts";
import { besides, mayHaveNewProcesses } from "./aftermath.ts";
import { type Announcer, announce, announcerOf } from "./announcement.ts";
import { backOff } from "./back-off.ts";
import type { ServiceOrder } from "./heal.ts";
import { rememberEnds } from "./heal-memory.ts";
import { createHeldClaim } from "./held-claim.ts";
import { look } from "./observer.ts";
import { healPlan } from "./plan-heal.ts";
import { recall } from "./recall.ts";
import { createSightOfAll } from "./sight-of-all.ts";
import type { World } from "./world.ts";

export interface HealRunParts {
  readonly order: HealOrder;
  readonly steps: Steps;
  readonly notifier: Notifier | undefined;
  /** Where the log of a run can be read. @default nowhere */
  readonly logUrlOf?: Announcer["logUrlOf"];
  /** Is called with the report before it is announced. */
  readonly onReport: (report: Report) => void;
}

/** What an execution ends with; it is stored, and says no more than the report does. */
export type HealResult = Pick<Report, "status" | "heals">;

/**
 * Carries out what a check ordered, and tells how it ended. Everything is judged anew first; the order only says
 * where to look.
 * @throws TallystickError `event-invalid` for what the fleet does not have (nothing is touched then), `publish-failed`
 */
export async function runHeal(world: World, { order, steps, ...telling }: HealRunParts): Promise<HealResult> {
  const services = servicesOf(world, order);
  const keys = services.flatMap(({ railway }) => serviceKey(railway) ?? []);
  const claim = { ...order.claim, services: keys };
  // The check that ordered this has the same run's id, and may be telling something at this very moment.
  const tellerId = `heal ${order.claim.id}`;
  const announcer = { ...announcerOf(world, telling.notifier, telling.logUrlOf), tellerId };
  const mode = modeOf(world, order);
  const startedAtMs = await steps.run("begin", async () => world.clock.now());
  const heals = await healPlan(world, services, {
    ...{ steps, mode, sightOfAll: createSightOfAll(world), claim: createHeldClaim(world, claim) },
    withoutCanary: order.withoutCanary === true && order.run.trigger === "manual",
  });
  const report = await steps.run("look-again", () => reportAfter(world, { order, mode, heals, startedAtMs }));
  await steps.run("record", async () => {
    telling.onReport(report);
    await rememberEnds(world, claim, report.heals);
    return null;
  });
  await steps.waitUntil("tell", (before) => tell(report, announcer, before), { tries: 0 });
  return { status: report.status, heals: report.heals };
}

/** A person may ask for what the schedule is not allowed to do; the policy of today decides, not that of the order. */
function modeOf({ fleet }: World, { run: { trigger } }: HealOrder): PolicyMode {
  return runMode(fleet.policy.mode, trigger === "manual" || trigger === "cli" ? "fix" : undefined);
}

type Telling = { readonly tries: number };

/** What cannot be told at once is told a little later; in the end it fails, for it must not look as if it had been. */
async function tell(report: Report, announcer: Announcer, { tries }: Telling): Promise<Look<Telling>> {
  const state = { tries: tries + 1 };
  try {
    await announce(report, announcer);
    return { done: true, state };
  } catch (error) {
    if (state.tries >= limits.publishTriesMax) throw error;
    return {
      done: false,
      state,
      againInMs: backOff(tries, limits.publishPauseFirstMs, limits.publishPauseMaxMs),
    };
  }
}

/** The ordered targets by Railway service, in the order's own order. */
function servicesOf({ fleet }: World, { targets }: HealOrder): readonly ServiceOrder[] {
  const scope = scopeOf({ targets });
  const offRailway = scope.environments
    .filter((name) => fleet.environments[name] !== undefined && !fleet.environments[name].railway)
    .map((name) => `${name} is not on Railway, and nothing else is repaired by itself`);
  const mistakes = [...scopeMistakes(fleet, scope), ...offRailway];
  if (mistakes.length > 0)
    throw new TallystickError("event-invalid", `nothing was touched: ${mistakes.join("; ")}`);
  const placed = targets.flatMap((target) => {
    const railway = fleet.environments[target.environment]?.railway;
    return railway === undefined ? [] : [{ target, railway }];
  });
  const byService = Map.groupBy(placed, ({ railway }) => serviceKey(railway));
  return [...byService.values()].flatMap((group) =>
    group.slice(0, 1).map(({ railway }) => ({ railway, targets: group.map(({ target }) => target) })),
  );
}

function scopeOf({ targets }: Pick<HealOrder, "targets">): Required<Scope> {
  return {
    environments: [...new Set(targets.map(({ environment }) => environment))],
    secrets: [...new Set(targets.map(({ secret }) => secret))],
  };
}

interface Ended {
  readonly order: HealOrder;
  readonly mode: PolicyMode;
  readonly heals: readonly HealReport[];
  readonly startedAtMs: number;
}

/**
 * A last look at the whole fleet, for the rest of it says whether a source looks wrong; what is told of it is what
 * was ordered. Only capabilities that a new process verifies are tried: the check has tried the others.
 */
async function reportAfter(world: World, { order, mode, heals, startedAtMs }: Ended): Promise<Report> {
  const { fleet } = world;
  const scope = scopeOf(order);
  const replaced = besides(fleet, heals.filter(mayHaveNewProcesses));
  const { diagnosis, observation } = await look(world, { fleet, probe: true, replaced });
  const remembered = await recall(world);
  const holders = typeof remembered === "object" ? remembered.holders : new Map();
  const told = confineDiagnosis(diagnosis, narrowFleet(fleet, scope), scope);
  return reportOf({
    run: {
      ...order.run,
      mode,
      startedAt: isoTime(startedAtMs),
      durationMs: world.clock.now() - startedAtMs,
      ...(world.keys !== undefined && { publicKey: world.keys.current.publicKey }),
    },
    diagnosis: withTriedCapabilities(told, observation),
    remedies: planRemedies(fleet, diagnosis, observation, mode).remedies,
    heals: heals.map((heal) => withWrongSince(heal, { holders }, undefined)),
  });
}

/** What was not tried says nothing, good or bad. */
function withTriedCapabilities(diagnosis: Diagnosis, { environments }: Observation): Diagnosis {
  const kept = [...diagnosis.environments].map(([name, environment]) => {
    const probes = environments.get(name)?.probes;
    const tried = [...environment.capabilities].filter(([capability]) => probes?.has(capability));
    return [name, { ...environment, capabilities: new Map(tried) }] as const;
  });
  return { ...diagnosis, environments: new Map(kept) };
}
