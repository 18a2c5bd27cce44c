import { isFinding } from "./findings.ts";
import type { CapabilityReport, Report } from "./report.ts";

/** A capability that needs a secret, and how it fares. */
export interface Dependent extends Pick<CapabilityReport, "name" | "status"> {
  readonly environment: string;
}

/**
 * What needs a secret, the refused first; for one environment what may be refused for it: its own capabilities, and
 * those of others that are refused though the other holds the right value.
 */
export function dependentsOf({ environments }: Report, secret: string, place?: string): readonly Dependent[] {
  const all = environments.flatMap(({ name: environment, secrets, capabilities }) => {
    const isWrongItself = secrets.some((holder) => holder.name === secret && isFinding(holder));
    const isMeant = ({ status }: CapabilityReport): boolean =>
      place === undefined || environment === place || (status === "denied" && !isWrongItself);
    return capabilities
      .filter((capability) => capability.dependsOn.includes(secret) && isMeant(capability))
      .map(({ name, status }) => ({ environment, name, status }));
  });
  return [
    ...all.filter(({ status }) => status === "denied"),
    ...all.filter(({ status }) => status !== "denied"),
  ];
}

/** A capability as people call it. */
export function placeOf({ name, environment }: Pick<Dependent, "name" | "environment">): string {
  return `${name} on ${environment}`;
}
