import { type Cause, causeOf } from "./cause.ts";
import { dependenciesOf, type EnvironmentEntry, type Fleet } from "./fleet.ts";
import { type Evidence, type JudgedHolder, judgeFleet } from "./judgement.ts";
import {
  type EnvironmentObservation,
  nothingSeen,
  type Observation,
  type ProbeResult,
  type Truth,
  unread,
} from "./observation.ts";
import { type Rejection, rejectionOf } from "./rejection.ts";
import type { StoredVerdict } from "./stored-verdict.ts";
import { diagnoseTruth, type TruthCase, type TruthDiagnosis } from "./truth.ts";
import type { Verdict } from "./verdict.ts";

/** What one run can say of one secret in one environment. */
export interface HolderDiagnosis {
  readonly verdict: Verdict;
  readonly stored?: StoredVerdict;
  readonly cause?: Cause;
  /** What the verdict stands on; absent where there is none. */
  readonly evidence?: Evidence;
}

/** What one run can say of one capability. */
export interface CapabilityDiagnosis {
  readonly result: ProbeResult;
  readonly dependsOn: readonly string[];
}

/** What is worth telling of an environment beside its verdicts; `explain` knows each. @internal */
export const environmentNotes = ["trusts-old-key", "sleeps", "cron", "more-instances"] as const;

export type EnvironmentNote = (typeof environmentNotes)[number];

interface EnvironmentDiagnosis {
  readonly notes: readonly EnvironmentNote[];
  readonly holders: ReadonlyMap<string, HolderDiagnosis>;
  readonly capabilities: ReadonlyMap<string, CapabilityDiagnosis>;
}

export interface Diagnosis {
  readonly secrets: ReadonlyMap<string, TruthDiagnosis>;
  readonly environments: ReadonlyMap<string, EnvironmentDiagnosis>;
}

const notTried: ProbeResult = { kind: "unknown", because: "not tried in this run" };

/** Judges all that a run saw. Pure: the same observation at the same time gives the same diagnosis. */
export function diagnose(fleet: Fleet, observation: Observation, nowMs: number): Diagnosis {
  const judged = judgeFleet(fleet, observation);
  const rejections = new Map(
    Object.keys(fleet.secrets).map((name) => [name, rejectionOf(name, fleet, judged, observation)]),
  );
  const environments = new Map(
    [...judged].map(([name, holders]) => {
      const entry = fleet.environments[name];
      const seen = observation.environments.get(name) ?? nothingSeen;
      return [name, diagnoseEnvironment(entry, holders, seen, { rejections, truths: observation.truths })];
    }),
  );
  const secrets = new Map(
    Object.entries(fleet.secrets).map(([name, entry]) => {
      const truth = observation.truths.get(name) ?? unread;
      const holders = holdersOf(name, environments);
      const rejection = rejections.get(name);
      return [name, diagnoseTruth({ name, entry, truth, fleet, observation, holders, rejection, nowMs })];
    }),
  );
  return { secrets, environments };
}

function holdersOf(
  name: string,
  environments: ReadonlyMap<string, EnvironmentDiagnosis>,
): TruthCase["holders"] {
  return [...environments].flatMap(([environment, { holders }]) => {
    const holder = holders.get(name);
    return holder === undefined ? [] : [{ environment, ...holder }];
  });
}

interface FleetWide {
  readonly rejections: ReadonlyMap<string, Rejection | undefined>;
  readonly truths: ReadonlyMap<string, Truth>;
}

function diagnoseEnvironment(
  entry: EnvironmentEntry | undefined,
  judged: ReadonlyMap<string, JudgedHolder>,
  seen: EnvironmentObservation,
  { rejections, truths }: FleetWide,
): EnvironmentDiagnosis {
  const capabilities = new Map(
    Object.entries(entry?.capabilities ?? {}).map(([name, capability]) => [
      name,
      { result: seen.probes.get(name) ?? notTried, dependsOn: dependenciesOf(capability) },
    ]),
  );
  const denied = new Set(
    [...capabilities.values()].flatMap(({ result, dependsOn }) =>
      result.kind === "denied" ? dependsOn : [],
    ),
  );
  const holders = new Map(
    [...judged].map(([name, holder]) => {
      const circumstances = {
        rejected: rejections.get(name) === "rejected" && denied.has(name),
        onRailway: entry?.railway !== undefined,
        startedBeforeTruth: startedBeforeTruth(seen, truths.get(name)),
      };
      return [name, withCause(holder, causeOf(holder, circumstances))];
    }),
  );
  return { notes: notesOf(entry, seen), holders, capabilities };
}

function notesOf(
  entry: EnvironmentEntry | undefined,
  { hearing, service }: EnvironmentObservation,
): readonly EnvironmentNote[] {
  const { rest, replicas = 1 } = service?.kind === "seen" ? service : {};
  const hasMore = rest !== "cron" && entry?.health !== undefined && replicas > entry.instances;
  return [
    ...(hearing?.kind === "heard" && hearing.trustsOldKey === true ? (["trusts-old-key"] as const) : []),
    ...(rest === undefined ? [] : [rest]),
    ...(hasMore ? (["more-instances"] as const) : []),
  ];
}

function withCause({ verdict, stored, evidence }: JudgedHolder, cause: Cause | undefined): HolderDiagnosis {
  return {
    verdict,
    ...(stored !== undefined && { stored }),
    ...(cause !== undefined && { cause }),
    ...(evidence !== undefined && { evidence }),
  };
}

/** Whether what serves was started before the current value existed, so that it cannot have taken it in. */
function startedBeforeTruth({ service }: EnvironmentObservation, truth: Truth | undefined): boolean {
  const since = truth?.kind === "read" ? truth.current.createdAtMs : undefined;
  const serving = service?.kind === "seen" ? service.serving?.createdAtMs : undefined;
  return since !== undefined && serving !== undefined && serving < since;
}
