import pMap from "p-map";
import { type Diagnosis, diagnose } from "../core/diagnosis.ts";
import { TallystickError } from "../core/errors.ts";
import { type EnvironmentEntry, type Fleet, secretsOf, variableOf } from "../core/fleet.ts";
import { limits } from "../core/limits.ts";
import type {
  EnvironmentObservation,
  Hearing,
  Observation,
  ServiceState,
  Truth,
} from "../core/observation.ts";
import { isStoredWrong, storedValueVerdict } from "../core/stored-verdict.ts";
import { isWrong } from "../core/verdict.ts";
import { Secret } from "../protocol/secret.ts";
import { probeCapabilities } from "./capability-round.ts";
import type { World } from "./world.ts";

/** What a run saw, and what it makes of it. */
export interface Sight {
  readonly observation: Observation;
  readonly diagnosis: Diagnosis;
}

export interface LookOptions {
  /** What of the fleet is looked at; its secrets are all of the fleet's. */
  readonly fleet: Fleet;
  /** What an earlier look of the same run saw, for the environments that are not looked at again. */
  readonly earlier?: Observation;
  /** Environments that may have changed since; only these are looked at again. */
  readonly again?: ReadonlySet<string>;
  /** Those of them whose processes were replaced: what they verify is tried again. */
  readonly replaced?: ReadonlySet<string>;
  readonly probe: boolean;
}

/**
 * Looks at everything once, side by side, and then closer at what differs: old versions of a secret, and where a
 * service's variables come from and its deployments began with, are read only where something is wrong.
 */
export async function look(world: World, options: LookOptions): Promise<Sight> {
  const { fleet, earlier, again, replaced } = options;
  const asked = Object.entries(fleet.environments).filter(([name]) => again?.has(name) ?? true);
  const [truths, hearings, services] = await Promise.all([
    world.truth.readCurrent(new Map(Object.entries(fleet.secrets))),
    hearAll(world, fleet, asked),
    observeServices(world, fleet, asked),
  ]);
  const probes = options.probe
    ? await probeCapabilities(world, fleet, truths, { earlier, replaced })
    : new Map<string, EnvironmentObservation["probes"]>();
  const seen = new Map(
    Object.keys(fleet.environments).map((name) => {
      const before = earlier?.environments.get(name);
      const hearing = hearings.get(name) ?? before?.hearing;
      const service = services.get(name) ?? before?.service;
      return [
        name,
        {
          ...(hearing !== undefined && { hearing }),
          ...(service !== undefined && { service }),
          probes: probes.get(name) ?? before?.probes ?? new Map(),
        },
      ] as const;
    }),
  );
  return lookCloser(world, fleet, { truths, environments: seen });
}

async function hearAll(
  world: World,
  fleet: Fleet,
  asked: readonly (readonly [string, EnvironmentEntry])[],
): Promise<ReadonlyMap<string, Hearing>> {
  const { keys } = world;
  const audible = asked.filter(([, entry]) => entry.health !== undefined);
  if (keys === undefined || audible.length === 0) return new Map();
  world.onProgress({ kind: "asking", environments: audible.length });
  let done = 0;
  const hear = async ([environment, entry]: readonly [string, EnvironmentEntry]) => {
    const { health } = entry;
    const hearing = await hearOne(world, {
      environment,
      entry: { ...entry, health: health ?? "" },
      secrets: secretsOf(fleet, entry),
      keys,
    });
    done += 1;
    world.onProgress({ kind: "heard", done, environments: audible.length });
    return [environment, hearing] as const;
  };
  return new Map(await pMap(audible, hear, { concurrency: limits.environmentsAtOnceMax }));
}

type Question = Omit<Parameters<World["health"]["hear"]>[0], "headers">;

/** Hears one environment; a header that cannot be read leaves it unheard, and nobody else. */
export async function hearOne(world: World, question: Question): Promise<Hearing> {
  const headers = await readHeaders(world, question.entry);
  if ("detail" in headers) {
    return { kind: "silent", because: "unreachable", code: "header-unreadable", detail: headers.detail };
  }
  return world.health.hear({ ...question, headers });
}

async function readHeaders(
  world: World,
  entry: EnvironmentEntry,
): Promise<ReadonlyMap<string, Secret> | { readonly detail: string }> {
  if (entry.headers === undefined) return noHeaders;
  const headers = new Map<string, Secret>();
  for (const [name, source] of Object.entries(entry.headers)) {
    try {
      headers.set(
        name,
        typeof source === "string" ? new Secret(source) : await world.truth.readCredential(source),
      );
    } catch (error) {
      const why = error instanceof TallystickError ? error.message : "an unexpected error";
      return { detail: `was not asked: its header ${name} could not be read: ${why}` };
    }
  }
  return headers;
}

const noHeaders: ReadonlyMap<string, Secret> = new Map();

/** What each secret that an environment holds is called in its Railway service. */
export function variableNames(fleet: Fleet, entry: EnvironmentEntry): ReadonlyMap<string, string> {
  return new Map(secretsOf(fleet, entry).map((secret) => [secret, variableOf(entry, secret)]));
}

async function observeServices(
  world: World,
  fleet: Fleet,
  asked: readonly (readonly [string, EnvironmentEntry])[],
): Promise<ReadonlyMap<string, ServiceState>> {
  const onRailway = asked.flatMap(([name, entry]) =>
    entry.railway === undefined ? [] : [{ name, entry, railway: entry.railway }],
  );
  const states = await pMap(
    onRailway,
    async ({ name, entry, railway }) =>
      [
        name,
        await world.railway.observe(railway, variableNames(fleet, entry), {
          withSnapshot: entry.evidence === "snapshot",
        }),
      ] as const,
    { concurrency: limits.servicesAtOnceMax },
  );
  return new Map(states);
}

async function lookCloser(world: World, fleet: Fleet, observation: Observation): Promise<Sight> {
  const diagnosis = diagnose(fleet, observation, world.clock.now());
  const suspects = differingSecrets(diagnosis, observation);
  const troubled = [...diagnosis.environments].filter(([, { holders }]) =>
    [...holders.values()].some(({ verdict, stored }) => isWrong(verdict) || isStoredWrong(stored)),
  );
  if (suspects.length === 0 && troubled.length === 0) return { observation, diagnosis };
  const [histories, services] = await Promise.all([
    world.truth.readHistory(
      new Map(Object.entries(fleet.secrets).filter(([name]) => suspects.includes(name))),
    ),
    detailsOf(
      world,
      fleet,
      observation,
      troubled.map(([name]) => name),
    ),
  ]);
  const closer: Observation = {
    truths: mergeTruths(observation.truths, histories),
    environments: new Map(
      [...observation.environments].map(([name, seen]) => {
        const service = services.get(name);
        return [name, service === undefined ? seen : { ...seen, service }];
      }),
    ),
  };
  return { observation: closer, diagnosis: diagnose(fleet, closer, world.clock.now()) };
}

/** A history that could not be read takes nothing away from what was read before it; that it is missing is kept. */
function mergeTruths(
  current: ReadonlyMap<string, Truth>,
  histories: ReadonlyMap<string, Truth>,
): ReadonlyMap<string, Truth> {
  return new Map(
    [...current].map(([name, truth]) => {
      const history = histories.get(name);
      if (history?.kind !== "unreadable" || truth.kind !== "read") return [name, history ?? truth];
      return [name, { ...truth, olderUnread: history.detail }];
    }),
  );
}

/** Secrets that something seen does not equal: only their old versions are worth reading. */
function differingSecrets(diagnosis: Diagnosis, { truths }: Observation): readonly string[] {
  const differing = [...diagnosis.environments.values()].flatMap(({ holders }) =>
    [...holders].flatMap(([name, { verdict, stored }]) => {
      const wrong = verdict.kind !== "unknown" && verdict.kind !== "in-sync";
      const storedWrong = (storedValueVerdict(stored)?.kind ?? "in-sync") !== "in-sync";
      return (wrong || storedWrong) && truths.get(name)?.kind === "read" ? [name] : [];
    }),
  );
  return [...new Set(differing)];
}

async function detailsOf(
  world: World,
  fleet: Fleet,
  observation: Observation,
  troubled: readonly string[],
): Promise<ReadonlyMap<string, ServiceState>> {
  const seen = troubled.flatMap((name) => {
    const entry = fleet.environments[name];
    const service = observation.environments.get(name)?.service;
    return entry?.railway === undefined || service?.kind !== "seen"
      ? []
      : [{ name, entry, railway: entry.railway, service }];
  });
  const states = await pMap(
    seen,
    async ({ name, entry, railway, service }) =>
      [name, await world.railway.withDetails(railway, variableNames(fleet, entry), service)] as const,
    { concurrency: limits.servicesAtOnceMax },
  );
  return new Map(states);
}
