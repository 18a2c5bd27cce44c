import pMap from "p-map";
import { type Capability, dependenciesOf, type EnvironmentEntry, type Fleet } from "../core/fleet.ts";
import { limits } from "../core/limits.ts";
import type { Observation, ProbeResult, Truth } from "../core/observation.ts";
import { verifierOf } from "../core/rejection.ts";
import type { Secret } from "../protocol/secret.ts";
import type { World } from "./world.ts";

interface Errand {
  readonly environment: string;
  readonly name: string;
  readonly entry: EnvironmentEntry;
  readonly capability: Capability;
}

/**
 * Tries every capability once. In a later round of the same run only those are tried again whose verifying side
 * was replaced since, for only a new process can have changed its mind, and a gateway locks out who insists.
 */
export async function probeCapabilities(
  world: World,
  fleet: Fleet,
  truths: ReadonlyMap<string, Truth>,
  { earlier, replaced }: { earlier: Observation | undefined; replaced: ReadonlySet<string> | undefined },
): Promise<ReadonlyMap<string, ReadonlyMap<string, ProbeResult>>> {
  const errands = errandsOf(fleet);
  const due = errands.filter(({ environment, entry, capability }) => {
    const verifier = verifierOf(environment, entry, capability);
    return replaced === undefined || (verifier !== undefined && replaced.has(verifier));
  });
  if (replaced !== undefined) for (const { capability } of due) world.probes.renew(capability.url);
  const fresh = new Map(
    await pMap(due, async (errand) => [keyOf(errand), await tryOne(world, errand, truths)] as const, {
      concurrency: limits.probesAtOnceMax,
    }),
  );
  const all = errands.flatMap((errand) => {
    const result =
      fresh.get(keyOf(errand)) ?? earlier?.environments.get(errand.environment)?.probes.get(errand.name);
    return result === undefined ? [] : [{ ...errand, result }];
  });
  return new Map(
    [...Map.groupBy(all, ({ environment }) => environment)].map(([environment, group]) => [
      environment,
      new Map(group.map(({ name, result }) => [name, result])),
    ]),
  );
}

function errandsOf(fleet: Fleet): readonly Errand[] {
  return Object.entries(fleet.environments).flatMap(([environment, entry]) =>
    Object.entries(entry.capabilities ?? {}).map(([name, capability]) => ({
      environment,
      name,
      entry,
      capability,
    })),
  );
}

function keyOf({ environment, name }: Errand): string {
  return JSON.stringify([environment, name]);
}

async function tryOne(
  world: World,
  { capability, entry }: Errand,
  truths: ReadonlyMap<string, Truth>,
): Promise<ProbeResult> {
  const values = new Map<string, Secret>();
  for (const name of dependenciesOf(capability)) {
    const truth = truths.get(name);
    if (truth?.kind !== "read")
      return { kind: "unknown", because: `not tried: the value of ${name} could not be read` };
    values.set(name, truth.current.value);
  }
  return world.probes.probe({
    capability,
    allowHttp: entry.allowHttp || capability.allowHttp === true,
    values,
  });
}
