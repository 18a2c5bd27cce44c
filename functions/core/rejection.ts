import { type Capability, dependenciesOf, type EnvironmentEntry, type Fleet } from "./fleet.ts";
import type { JudgedFleet } from "./judgement.ts";
import type { Observation, ProbeResult } from "./observation.ts";

/** What a denial says of a secret that is held alike. */
export type Rejection = "rejected" | "verifier-unseen";

/**
 * Whether the issuer no longer takes a secret that is everywhere in sync. Only a denial that blames the secret
 * counts, only of a capability that sends no other, and only when nothing else that sends it works.
 */
export function rejectionOf(
  name: string,
  fleet: Fleet,
  judged: JudgedFleet,
  observation: Observation,
): Rejection | undefined {
  const uses = usesOf(name, fleet, observation);
  const denials = uses.filter(({ result }) => result.kind === "denied" && result.blamesSecret);
  if (denials.length === 0 || uses.some(({ result }) => result.kind === "works")) return undefined;
  if (!everyHolderInSync(name, judged)) return unseenVerifier(name, denials, judged);
  const verified = denials.some(({ verifier }) => verdictOf(verifier, name, judged) === "in-sync");
  return verified ? "rejected" : "verifier-unseen";
}

/** With a holder out of sync a denial has a better explanation, unless all that is missing is a sight of the verifier. */
function unseenVerifier(
  name: string,
  denials: readonly Use[],
  judged: JudgedFleet,
): "verifier-unseen" | undefined {
  const wrong = [...judged.values()].some((holders) => {
    const kind = holders.get(name)?.verdict.kind;
    return kind !== undefined && kind !== "in-sync" && kind !== "unknown";
  });
  const unseen = denials.every(({ verifier }) => verdictOf(verifier, name, judged) !== "in-sync");
  return !wrong && unseen ? "verifier-unseen" : undefined;
}

interface Use {
  readonly verifier: string | undefined;
  readonly result: ProbeResult;
}

function usesOf(name: string, fleet: Fleet, observation: Observation): Use[] {
  return Object.entries(fleet.environments).flatMap(([environment, entry]) =>
    Object.entries(entry.capabilities ?? {}).flatMap(([capabilityName, capability]) => {
      const result = observation.environments.get(environment)?.probes.get(capabilityName);
      const sent = dependenciesOf(capability);
      if (result === undefined || sent.length !== 1 || sent[0] !== name) return [];
      return [{ verifier: verifierOf(environment, entry, capability), result }];
    }),
  );
}

/** The environment that checks what a capability sends: the one named, else this one where the URL is its own. */
export function verifierOf(
  environment: string,
  entry: EnvironmentEntry,
  capability: Capability,
): string | undefined {
  if (capability.verifier !== undefined) return capability.verifier;
  if (entry.health === undefined) return undefined;
  return new URL(entry.health).origin === new URL(capability.url).origin ? environment : undefined;
}

function everyHolderInSync(name: string, judged: JudgedFleet): boolean {
  return [...judged.values()].every((holders) => {
    const holder = holders.get(name);
    return holder === undefined || holder.verdict.kind === "in-sync";
  });
}

function verdictOf(environment: string | undefined, name: string, judged: JudgedFleet): string | undefined {
  return environment === undefined ? undefined : judged.get(environment)?.get(name)?.verdict.kind;
}
