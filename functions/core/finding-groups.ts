import type { HolderReport, Report, StoredReport, VerdictReport } from "./report.ts";

/** A holder that is not simply right. */
export interface Finding {
  readonly environment: string;
  readonly holder: HolderReport;
}

/** Everything that was seen and either is wrong or calls for somebody to act. */
export function findingsOf({ environments }: Report): readonly Finding[] {
  return environments.flatMap(({ name, secrets }) =>
    secrets.filter(isFinding).map((holder) => ({ environment: name, holder })),
  );
}

function isFinding({ verdict, cause, remedy }: HolderReport): boolean {
  return verdict.kind !== "unknown" && (cause !== undefined || remedy.kind !== "none");
}

/** Findings that differ in nothing but their place, told once. */
export function alikeFindings(findings: readonly Finding[]): readonly (readonly Finding[])[] {
  return [...Map.groupBy(findings, ({ holder }) => JSON.stringify(holder)).values()];
}

/** A holder that could not be seen to run anything. */
export interface UnseenHolder {
  readonly environment: string;
  readonly secret: string;
  readonly silence: Extract<VerdictReport, { kind: "unknown" }>;
  readonly stored?: StoredReport;
  /** Nothing of its environment was seen, so that the environment's name says it all. */
  readonly whole: boolean;
}

export function unseenHolders({ environments }: Report): readonly UnseenHolder[] {
  return environments.flatMap(({ name: environment, secrets }) => {
    const whole = secrets.every(({ verdict }) => verdict.kind === "unknown");
    return secrets.flatMap((holder) => unseenHolder(environment, holder, whole));
  });
}

function unseenHolder(
  environment: string,
  { name, verdict, stored }: HolderReport,
  whole: boolean,
): UnseenHolder[] {
  if (verdict.kind !== "unknown") return [];
  return [{ environment, secret: name, silence: verdict, whole, ...(stored !== undefined && { stored }) }];
}

/** What could not be seen, by the reason. */
export function alikeUnseen(unseen: readonly UnseenHolder[]): readonly (readonly UnseenHolder[])[] {
  return [...Map.groupBy(unseen, ({ silence }) => JSON.stringify(silence)).values()];
}

/** Where it was not seen, each place once. */
export function unseenPlaces(group: readonly UnseenHolder[]): readonly string[] {
  const places = group.map(({ environment, secret, whole }) =>
    whole ? environment : `${environment} (${secret})`,
  );
  return [...new Set(places)];
}
