import type { Diagnosis } from "./diagnosis.ts";
import { type Fleet, secretsOf, variableOf } from "./fleet.ts";
import type { Observation, VariableLink } from "./observation.ts";

/** Whether the variable that a holder takes its value from may be set, and why not where it may not. */
export type LinkJudgement =
  | { readonly kind: "settable"; readonly link: VariableLink }
  /** Only a person can oversee what hangs on it. */
  | { readonly kind: "by-hand"; readonly obstacle: string }
  /** Another holder that takes its value from it was not seen. */
  | { readonly kind: "unseen"; readonly detail: string };

interface LinkedHolder {
  readonly environment: string;
  readonly secret: string;
}

/**
 * A variable that several take their value from is set only where each of them is a holder of the same secret in this
 * fleet, and was seen. Undefined where the holder's variable is no link.
 */
export function judgeLink(
  fleet: Fleet,
  { environments }: Diagnosis,
  observation: Observation,
  { environment, secret }: LinkedHolder,
): LinkJudgement | undefined {
  const service = observation.environments.get(environment)?.service;
  const stored = service?.kind === "seen" ? service.stored.get(secret) : undefined;
  if (stored?.kind !== "reference" && stored?.kind !== "inherited") return undefined;
  const { link } = stored;
  if (link === undefined) {
    const obstacle = "what else takes its value from there could not be told for sure";
    return { kind: "by-hand", obstacle };
  }
  for (const user of link.users) {
    const holders = holdersOf(fleet, environment, secret, user);
    if (holders.length === 0)
      return {
        kind: "by-hand",
        obstacle: `${user.variable} of the service ${user.serviceId} takes its value from there too, and is no holder of ${secret} in this fleet`,
      };
    const unseen = holders.find((name) => {
      const holder = environments.get(name)?.holders.get(secret);
      return holder === undefined || holder.verdict.kind === "unknown";
    });
    if (unseen !== undefined)
      return { kind: "unseen", detail: `${unseen} takes its value from there too, and was not seen` };
  }
  return { kind: "settable", link };
}

/** The fleet's environments that a user of a link is: the same Railway environment, that service, that variable. */
function holdersOf(
  fleet: Fleet,
  environment: string,
  secret: string,
  user: VariableLink["users"][number],
): readonly string[] {
  const place = fleet.environments[environment]?.railway;
  return Object.entries(fleet.environments).flatMap(([name, entry]) => {
    const { railway } = entry;
    const isThere =
      railway?.project === place?.project &&
      railway?.environment === place?.environment &&
      railway?.service === user.serviceId;
    const holds = secretsOf(fleet, entry).includes(secret) && variableOf(entry, secret) === user.variable;
    return isThere && holds ? [name] : [];
  });
}
