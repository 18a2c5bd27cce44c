import type { RailwayEntry } from "../core/fleet.ts";
import type { HealReason } from "../core/heal-outcome.ts";
import { limits } from "../core/limits.ts";
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
  const values = new Map<string, Secret>();
  for (const { secret, variable, versionId } of targets) {
    const truth = truths.get(secret);
    if (truth?.kind !== "read" || truth.current.id !== versionId) {
      return {
        kind: "not-written",
        status: "superseded",
        reason: "truth-changed",
        detail: `${secret} changed in its source meanwhile; the next check judges anew`,
      };
    }
    values.set(variable, truth.current.value);
  }
  await world.railway.setVariables(railway, values);
  const quiet = targets.filter(({ action }) => action === "set-quietly").map(({ variable }) => variable);
  return await readBack(world, railway, values, new Set(quiet));
}

async function readBack(
  world: World,
  railway: RailwayEntry,
  values: ReadonlyMap<string, Secret>,
  quiet: ReadonlySet<string>,
): Promise<WriteResult> {
  const names = new Map([...values.keys()].map((variable) => [variable, variable]));
  let reason: HealReason = "not-written";
  let detail = "Railway said yes, but the stored variables read back otherwise";
  const untilMs = world.clock.now() + limits.readBackWaitMs;
  for (let attempt = 1; attempt <= limits.readBackAttemptsMax; attempt += 1) {
    if (attempt > 1) await world.clock.sleep(limits.readBackPauseMs);
    if (world.clock.now() > untilMs) break;
    const state = await world.railway.observe(railway, names);
    const stored = state.kind === "seen" ? state.stored : new Map();
    const shown = [...values].every(([variable, value]) => {
      const found = stored.get(variable);
      // A sealed variable never shows its value: the new process's fingerprint will prove it, where there is one.
      return (
        (found?.kind === "sealed" && !quiet.has(variable)) ||
        (found?.kind === "value" && found.value.equals(value))
      );
    });
    if (shown) return { kind: "written" };
    if (state.kind !== "seen") {
      reason = "unproven";
      detail = `Railway said yes, but what is stored could not be read back: ${state.detail}`;
    }
  }
  return { kind: "not-written", status: "failed", reason, detail };
}
