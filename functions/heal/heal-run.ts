import { TallystickError } from "../core/errors.ts";
import { planRemedies, serviceKey } from "../core/plan.ts";
import type { HealOrder, Notifier, Steps } from "../core/ports.ts";
import { type HealReport, type Report, type RunStatus, reportOf } from "../core/report.ts";
import { runMode } from "../core/run-mode.ts";
import { confineDiagnosis, narrowFleet, type Scope, scopeMistakes } from "../core/scope.ts";
import { isoTime } from "../core/time.ts";
import { besides, mayHaveNewProcesses } from "./aftermath.ts";
import { announce } from "./announcement.ts";
import type { ServiceOrder } from "./heal.ts";
import { look } from "./observer.ts";
import { healPlan } from "./plan-heal.ts";
import type { World } from "./world.ts";

export interface HealRunParts {
  readonly order: HealOrder;
  readonly steps: Steps;
  readonly notifier: Notifier | undefined;
  /** Is called with the report before it is announced. */
  readonly onReport: (report: Report) => void;
}

/** What an execution ends with; it is stored, and says no more than the report does. */
export type HealResult = { readonly status: RunStatus; readonly heals: readonly HealReport[] };

/**
 * Carries out what a check ordered, and tells how it ended. Everything is judged anew first; the order only says
 * where to look.
 * @throws TallystickError `event-invalid` for what the fleet does not have (nothing is touched then), `publish-failed`
 */
export async function runHeal(world: World, { order, steps, ...telling }: HealRunParts): Promise<HealResult> {
  const services = servicesOf(world, order);
  const startedAtMs = await steps.run("begin", async () => world.clock.now());
  const heals = await healPlan(world, services, steps);
  return await steps.run("tell", async () => {
    const report = await reportAfter(world, order, heals, startedAtMs);
    telling.onReport(report);
    await announce(report, telling.notifier);
    return { status: report.status, heals };
  });
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

/** A last look at what was ordered alone: the next check looks at everything. */
async function reportAfter(
  world: World,
  order: HealOrder,
  heals: readonly HealReport[],
  startedAtMs: number,
): Promise<Report> {
  const scope = scopeOf(order);
  const fleet = narrowFleet(world.fleet, scope);
  const mode = runMode(world.fleet.policy.mode, "fix");
  const replaced = besides(world.fleet, heals.filter(mayHaveNewProcesses));
  const { diagnosis, observation } = await look(world, { fleet, probe: true, replaced });
  return reportOf({
    run: {
      ...order.run,
      mode,
      startedAt: isoTime(startedAtMs),
      durationMs: world.clock.now() - startedAtMs,
      ...(world.keys !== undefined && { publicKey: world.keys.current.publicKey }),
    },
    diagnosis: confineDiagnosis(diagnosis, fleet, scope),
    remedies: planRemedies(fleet, diagnosis, observation, mode).remedies,
    heals,
  });
}
