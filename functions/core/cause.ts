import { isStoredWrong, type StoredVerdict, storedValueVerdict } from "./stored-verdict.ts";
import { type HeldVerdict, isWrong, type Verdict } from "./verdict.ts";

/** Why a holder is wrong, or soon will be; `explain` knows each. @internal */
export const causes = [
  "process",
  "override",
  "variable",
  "latent",
  "shared",
  "rollback",
  "rejected",
  "undetermined",
] as const;

export type Cause = (typeof causes)[number];

/** What is known of the configuration behind a verdict. */
export interface ConfigurationEvidence {
  readonly verdict: Verdict;
  readonly stored?: StoredVerdict;
  /** The variables that the serving deployment was started with. */
  readonly snapshot?: StoredVerdict;
  /** The same of the deployments before it, newest first. */
  readonly earlier: readonly StoredVerdict[];
}

/** The cause by the stored value; undefined where nothing is wrong or nothing was seen. */
export function causeOf(
  evidence: ConfigurationEvidence,
  circumstances: { rejected: boolean; onRailway: boolean; startedBeforeTruth: boolean },
): Cause | undefined {
  const { verdict, stored } = evidence;
  if (verdict.kind === "unknown") return undefined;
  if (!isWrong(verdict)) return causeOfRight(stored, circumstances.rejected);
  if (stored === undefined) return "undetermined";
  if (storedValueVerdict(stored)?.kind === "in-sync")
    return causeBesideRightVariable(evidence, circumstances);
  switch (stored.kind) {
    case "reference":
    case "inherited":
      return "shared";
    case "sealed":
    case "unknown":
      return "undetermined";
    default:
      return isRollback(evidence) ? "rollback" : "variable";
  }
}

function causeOfRight(stored: StoredVerdict | undefined, rejected: boolean): Cause | undefined {
  if (isStoredWrong(stored)) return "latent";
  return rejected ? "rejected" : undefined;
}

function causeBesideRightVariable(
  { verdict, snapshot }: ConfigurationEvidence,
  { onRailway, startedBeforeTruth }: { onRailway: boolean; startedBeforeTruth: boolean },
): Cause {
  // What overrides a variable does so in every instance: where one holds the right value, another is merely old.
  const someRight =
    verdict.kind === "split" && verdict.instances.some((each) => each.verdict.kind === "in-sync");
  if (!onRailway || someRight || startedBeforeTruth) return "process";
  if (snapshot?.kind === "in-sync") return "override";
  return isStoredWrong(snapshot) ? "process" : "undetermined";
}

/** A rollback brings back variables that are older than those an earlier deployment was started with. */
function isRollback({ stored, snapshot, earlier }: ConfigurationEvidence): boolean {
  if (stored?.kind !== "behind" || snapshot?.kind !== "behind") return false;
  const provenAge = Math.min(...earlier.map(ageOf));
  return provenAge < snapshot.behindBy;
}

function ageOf(verdict: StoredVerdict): number {
  const byAge: Partial<Record<HeldVerdict["kind"], number>> = { "in-sync": 0 };
  return verdict.kind === "behind"
    ? verdict.behindBy
    : (byAge[verdict.kind as HeldVerdict["kind"]] ?? Number.POSITIVE_INFINITY);
}
