import { type RailwayEntry, variableOf } from "../core/fleet.ts";
import type { HealReason } from "../core/heal-outcome.ts";
import { limits } from "../core/limits.ts";
import type { StoredValue, StoredValues } from "../core/observation.ts";
import type { Secret } from "../protocol/secret.ts";
import type { ConfirmedTarget } from "./confirmed-work.ts";
import type { World } from "./world.ts";

/** How a write ended; plain data. */
export type WriteResult =
  | { readonly kind: "written" }
  | {
      readonly kind: "not-written";
      readonly status: "failed" | "superseded" | "withheld";
      readonly reason: HealReason;
      readonly detail: string;
    };

/**
 * Writes current values in one call and reads them back, for a mutation that returned true proves nothing.
 * The values are fetched here and nowhere kept. A truth that changed since the judgement is not written.
 */
export async function writeVariables(
  world: World,
  railway: RailwayEntry,
  targets: readonly ConfirmedTarget[],
): Promise<WriteResult> {
  const truths = await world.truth.readCurrent(
    new Map(
      Object.entries(world.fleet.secrets).filter(([name]) => targets.some(({ secret }) => secret === name)),
    ),
  );
  const values = new Map<ConfirmedTarget, Secret>();
  for (const target of targets) {
    const { secret, versionId } = target;
    const truth = truths.get(secret);
    if (truth?.kind !== "read" || truth.current.id !== versionId) {
      return {
        kind: "not-written",
        status: "superseded",
        reason: "truth-changed",
        detail: `${secret} changed in its source meanwhile; the next check judges anew`,
      };
    }
    values.set(target, truth.current.value);
  }
  // A service's own variables in one call; one more for each owner of what others take their value from.
  for (const [ownerId, group] of Map.groupBy(values, ([target]) => target.ownerId)) {
    const named = new Map(group.map(([{ variable }, value]) => [variable, value]));
    await world.railway.setVariables(railway, named, ownerId);
  }
  return await readBack(world, railway, values);
}

async function readBack(
  world: World,
  railway: RailwayEntry,
  values: ReadonlyMap<ConfirmedTarget, Secret>,
): Promise<WriteResult> {
  const names = new Map([...values.keys()].map((target) => [ownName(world, target), ownName(world, target)]));
  let reason: HealReason = "not-written";
  let detail = "Railway said yes, but the stored variables read back otherwise";
  const untilMs = world.clock.now() + limits.readBackWaitMs;
  for (let attempt = 1; attempt <= limits.readBackAttemptsMax; attempt += 1) {
    if (attempt > 1) await world.clock.sleep(limits.readBackPauseMs);
    if (world.clock.now() > untilMs) break;
    const state = await world.railway.observe(railway, names);
    const stored: StoredValues = state.kind === "seen" ? state.stored : new Map();
    const shown = [...values].every(([target, value]) =>
      isShown(stored.get(ownName(world, target)), value, target.action),
    );
    if (shown) return { kind: "written" };
    if (state.kind !== "seen") {
      reason = "unproven";
      detail = `Railway said yes, but what is stored could not be read back: ${state.detail}`;
    }
  }
  return { kind: "not-written", status: "failed", reason, detail };
}

/** What the holder's service itself calls it, wherever it takes its value from. */
function ownName({ fleet }: World, { environment, secret, variable }: ConfirmedTarget): string {
  const entry = fleet.environments[environment];
  return entry === undefined ? variable : variableOf(entry, secret);
}

/** A sealed variable never shows its value: the new process's fingerprint will prove it, where there is one. */
function isShown(found: StoredValue | undefined, value: Secret, action: ConfirmedTarget["action"]): boolean {
  switch (found?.kind) {
    case "sealed":
      return action !== "set-quietly";
    case "value":
      return found.value.equals(value);
    case "reference":
    case "inherited":
      return found.value === undefined ? action !== "set-quietly" : found.value.equals(value);
    default:
      return false;
  }
}
