import { createInProcessRepair } from "../../functions/check/in-process-repair.ts";
import { reconcile } from "../../functions/check/reconciler.ts";
import { type Fleet, readFleet } from "../../functions/core/fleet.ts";
import { compose } from "../../functions/heal/composition.ts";
import { createInProcessSteps } from "../../functions/heal/in-process-steps.ts";

/** What the checker of the benchmark is told: where to ask, what with, and the true values. */
export interface BenchFleet {
  readonly urls: readonly string[];
  readonly seed: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Makes a whole check of a healthy fleet: truth, asking, diagnosis, plan and report. */
export function prepareCheck({ urls, seed, values }: BenchFleet): () => Promise<void> {
  const fleet = fleetOf(urls, Object.keys(values));
  const composition = compose({ TALLYSTICK_SIGNING_SEED: seed, ...values });
  const repair = createInProcessRepair(createInProcessSteps(composition.clock));
  const request = { id: "bench", trigger: "cli", mode: "observe", scope: {} } as const;
  return async () => {
    const report = await composition.withWorld(
      fleet,
      () => {},
      (world) => reconcile(world, request, repair),
    );
    // A run that did not see everything in sync is no measurement.
    if (report.status !== "in-sync") throw new Error(`the benchmark's fleet came to ${report.status}`);
  };
}

function fleetOf(urls: readonly string[], secrets: readonly string[]): Fleet {
  const reading = readFleet({
    secrets: Object.fromEntries(secrets.map((name) => [name, { source: { env: name } }])),
    environments: Object.fromEntries(urls.map((url, index) => [`environment-${index}`, { health: url }])),
  });
  if (reading.kind === "mistakes") throw new Error("the benchmark's fleet has mistakes");
  return reading.fleet;
}
