import { Secret } from "../protocol/secret.ts";
import { type Cause, causeOf } from "./cause.ts";
import { dependenciesOf, type EnvironmentEntry, type Fleet, secretsOf, variableOf } from "./fleet.ts";
import { heldByFingerprint } from "./held-value.ts";
import type {
  EnvironmentObservation,
  Hearing,
  InstanceAnswer,
  Observation,
  ProbeResult,
  ReadTruth,
  Truth,
} from "./observation.ts";
import { rejectionOf } from "./rejection.ts";
import { judgeToldConfiguration, judgeVariable, type StoredVerdict } from "./stored-verdict.ts";
import { expiryOf, rotationOf, stateByLooks, suspicionByValue, type TruthState } from "./truth.ts";
import { type HeldVerdict, judgeHeldValue, type KnownValues, type Verdict } from "./verdict.ts";

/** What one run can say of one secret in one environment. */
export interface HolderDiagnosis {
  readonly verdict: Verdict;
  readonly stored?: StoredVerdict;
  readonly cause?: Cause;
  /** What the verdict stands on; absent where there is none. */
  readonly evidence?: "process";
}

/** What one run can say of one capability. */
export interface CapabilityDiagnosis {
  readonly result: ProbeResult;
  readonly dependsOn: readonly string[];
}

export interface EnvironmentDiagnosis {
  readonly holders: ReadonlyMap<string, HolderDiagnosis>;
  readonly capabilities: ReadonlyMap<string, CapabilityDiagnosis>;
}

/** What one run can say of one secret's truth. */
export interface TruthDiagnosis {
  readonly state: TruthState;
  readonly version?: { readonly id: string; readonly createdAtMs?: number };
  readonly expiresAtMs?: number;
  readonly rotation: "none" | "in-progress" | "stuck";
  /** Why the source itself looks wrong; nothing is pushed from such a source. */
  readonly suspicion?: string;
  /** Why it could not be read. */
  readonly detail?: string;
}

export interface Diagnosis {
  readonly secrets: ReadonlyMap<string, TruthDiagnosis>;
  readonly environments: ReadonlyMap<string, EnvironmentDiagnosis>;
}

const unread: Truth = { kind: "unreadable", code: "not-read", detail: "the source was not asked" };
const noProbe: ProbeResult = { kind: "unknown", because: "not tried in this run" };
const nothingSeen: EnvironmentObservation = { probes: new Map() };
const empty = new Secret("");

/** Judges all that a run saw. Pure: the same observation at the same time gives the same diagnosis. */
export function diagnose(fleet: Fleet, observation: Observation, nowMs: number): Diagnosis {
  const judged = judgeVerdicts(fleet, observation);
  const rejections = new Map(
    Object.keys(fleet.secrets).map((name) => [name, rejectionOf(name, fleet, judged, observation)]),
  );
  const environments = new Map(
    Object.entries(fleet.environments).map(([name, entry]) => [
      name,
      environmentDiagnosis(
        entry,
        judged.get(name) ?? new Map(),
        observation.environments.get(name) ?? nothingSeen,
        {
          rejections,
          truths: observation.truths,
        },
      ),
    ]),
  );
  const secrets = new Map(
    Object.keys(fleet.secrets).map((name) => [
      name,
      truthDiagnosis(name, fleet, observation.truths, {
        environments,
        rejection: rejections.get(name),
        nowMs,
      }),
    ]),
  );
  return { secrets, environments };
}

/** A verdict and what is known of the configuration behind it, before causes. */
export interface JudgedHolder {
  readonly verdict: Verdict;
  readonly stored?: StoredVerdict;
  readonly snapshot?: StoredVerdict;
  readonly earlier: readonly StoredVerdict[];
}

export type JudgedFleet = ReadonlyMap<string, ReadonlyMap<string, JudgedHolder>>;

function judgeVerdicts(fleet: Fleet, observation: Observation): JudgedFleet {
  return new Map(
    Object.entries(fleet.environments).map(([environment, entry]) => {
      const seen = observation.environments.get(environment) ?? nothingSeen;
      const holders = secretsOf(fleet, entry).map((name) => {
        const truth = observation.truths.get(name) ?? unread;
        return [
          name,
          judgeHolder({ environment, name, entry, fleet, seen, truth, truths: observation.truths }),
        ] as const;
      });
      return [environment, new Map(holders)];
    }),
  );
}

interface Question {
  readonly environment: string;
  readonly name: string;
  readonly entry: EnvironmentEntry;
  readonly fleet: Fleet;
  readonly seen: EnvironmentObservation;
  readonly truth: Truth;
  readonly truths: ReadonlyMap<string, Truth>;
}

function judgeHolder(question: Question): JudgedHolder {
  const { truth, name, entry, seen } = question;
  if (truth.kind === "unreadable") {
    return {
      verdict: { kind: "unknown", because: "truth", code: truth.code, detail: truth.detail },
      earlier: [],
    };
  }
  const known = knownValues(question, truth);
  const { hearing, service } = seen;
  const verdict = judgeHearing(hearing, question, known);
  if (service?.kind === "seen") {
    const ofSnapshot = (variables: typeof service.stored | undefined): StoredVerdict | undefined =>
      variables === undefined ? undefined : judgeVariable(variables, name, known);
    const snapshot = ofSnapshot(service.serving?.variables);
    return {
      verdict,
      stored: judgeVariable(service.stored, name, known),
      ...(snapshot !== undefined && { snapshot }),
      earlier: service.earlier.flatMap(({ variables }) => ofSnapshot(variables) ?? []),
    };
  }
  if (entry.railway !== undefined) {
    const detail = service === undefined ? "Railway was not asked" : service.detail;
    return { verdict, stored: { kind: "unknown", detail }, earlier: [] };
  }
  const told =
    hearing?.kind === "heard" ? judgeToldConfiguration(hearing.instances, question, known) : undefined;
  return { verdict, ...(told !== undefined && { stored: told }), earlier: [] };
}

function knownValues({ name, entry, fleet, truths }: Question, truth: ReadTruth): KnownValues {
  return {
    truth,
    others: otherSecrets(name, fleet, truths),
    names: [...new Set([name, variableOf(entry, name)])],
    empty,
  };
}

/** The current values of the fleet's other secrets; two names of one source are one secret. */
function otherSecrets(
  name: string,
  fleet: Fleet,
  truths: ReadonlyMap<string, Truth>,
): { name: string; value: Secret }[] {
  const own = JSON.stringify(fleet.secrets[name]?.source);
  return Object.entries(fleet.secrets).flatMap(([other, entry]) => {
    const truth = truths.get(other);
    if (other === name || truth?.kind !== "read" || JSON.stringify(entry.source) === own) return [];
    return [{ name: other, value: truth.current.value }];
  });
}

function judgeHearing(
  hearing: Hearing | undefined,
  place: { environment: string; name: string },
  known: KnownValues,
): Verdict {
  if (hearing === undefined) {
    return { kind: "unknown", because: "not-reported", detail: "the fleet names no health endpoint for it" };
  }
  if (hearing.kind === "silent") {
    const { because, code, detail } = hearing;
    return { kind: "unknown", because, ...(code !== undefined && { code }), detail };
  }
  const told = hearing.instances.flatMap((instance) => judgeInstance(instance, place, known));
  return together(told, hearing.instancesExpected);
}

interface ToldVerdict {
  readonly instance: string;
  readonly verdict: HeldVerdict;
}

function judgeInstance(
  answer: InstanceAnswer,
  place: { environment: string; name: string },
  known: KnownValues,
): ToldVerdict[] {
  const told = answer.running.get(place.name);
  if (told === undefined) return [];
  const held = heldByFingerprint(told, {
    environment: place.environment,
    name: place.name,
    nonce: answer.nonce,
  });
  return [{ instance: answer.instance, verdict: judgeHeldValue(held, known) }];
}

/** One verdict for all instances. What was not seen never counts as good; what was seen wrong is wrong. */
function together(told: readonly ToldVerdict[], instancesExpected: number): Verdict {
  const sorted = told.toSorted((a, b) => (a.instance < b.instance ? -1 : 1));
  const [first] = sorted;
  if (first === undefined) {
    return { kind: "unknown", because: "not-reported", detail: "its responder does not report this secret" };
  }
  const different = new Set(sorted.map(({ verdict }) => JSON.stringify(verdict)));
  if (different.size > 1) return { kind: "split", instances: sorted };
  const healthy = first.verdict.kind === "in-sync" || first.verdict.kind === "ahead";
  if (healthy && sorted.length < instancesExpected) {
    return {
      kind: "unknown",
      because: "not-reported",
      detail: `only ${sorted.length} of ${instancesExpected} instances answered; ${sorted.length === 1 ? "it holds" : "they hold"} the right value`,
    };
  }
  return first.verdict;
}

function environmentDiagnosis(
  entry: EnvironmentEntry,
  judged: ReadonlyMap<string, JudgedHolder>,
  seen: EnvironmentObservation,
  known: {
    rejections: ReadonlyMap<string, "rejected" | "verifier-unseen" | undefined>;
    truths: ReadonlyMap<string, Truth>;
  },
): EnvironmentDiagnosis {
  const capabilities = new Map(
    Object.entries(entry.capabilities ?? {}).map(([name, capability]) => [
      name,
      { result: seen.probes.get(name) ?? noProbe, dependsOn: dependenciesOf(capability) },
    ]),
  );
  const denied = new Set(
    [...capabilities.values()]
      .filter(({ result }) => result.kind === "denied")
      .flatMap(({ dependsOn }) => dependsOn),
  );
  const holders = new Map(
    [...judged].map(([name, holder]) => {
      const rejected = known.rejections.get(name) === "rejected" && denied.has(name);
      const cause = causeOf(holder, {
        rejected,
        onRailway: entry.railway !== undefined,
        startedBeforeTruth: startedBeforeTruth(seen, known.truths.get(name)),
      });
      return [name, holderDiagnosis(holder, cause)];
    }),
  );
  return { holders, capabilities };
}

function holderDiagnosis({ verdict, stored }: JudgedHolder, cause: Cause | undefined): HolderDiagnosis {
  return {
    verdict,
    ...(stored !== undefined && { stored }),
    ...(cause !== undefined && { cause }),
    ...(verdict.kind !== "unknown" && { evidence: "process" as const }),
  };
}

/** Whether what serves was started before the current value existed, so that it cannot have taken it in. */
function startedBeforeTruth(seen: EnvironmentObservation, truth: Truth | undefined): boolean {
  const since = truth?.kind === "read" ? truth.current.createdAtMs : undefined;
  const serving = seen.service?.kind === "seen" ? seen.service.serving?.createdAtMs : undefined;
  return since !== undefined && serving !== undefined && serving < since;
}

function truthDiagnosis(
  name: string,
  fleet: Fleet,
  truths: ReadonlyMap<string, Truth>,
  known: {
    environments: ReadonlyMap<string, EnvironmentDiagnosis>;
    rejection: "rejected" | "verifier-unseen" | undefined;
    nowMs: number;
  },
): TruthDiagnosis {
  const truth = truths.get(name) ?? unread;
  const entry = fleet.secrets[name];
  if (truth.kind === "unreadable" || entry === undefined) {
    const detail = truth.kind === "unreadable" ? truth.detail : "the fleet does not know it";
    return { state: "unknown", rotation: "none", detail };
  }
  const byLooks = stateByLooks(truth, entry, known.nowMs);
  const decided = byLooks === "placeholder" || byLooks === "expired";
  const expiresAtMs = expiryOf(truth, entry);
  const suspicion =
    suspicionByValue(name, truth, otherSecrets(name, fleet, truths)) ??
    suspicionByHolders(name, known.environments);
  return {
    state: decided ? byLooks : (known.rejection ?? byLooks),
    version: {
      id: truth.current.id,
      ...(truth.current.createdAtMs !== undefined && { createdAtMs: truth.current.createdAtMs }),
    },
    rotation: rotationOf(truth, known.nowMs),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    ...(suspicion !== undefined && { suspicion }),
  };
}

/** Why the source looks wrong by what its holders run. All of them on an older version is a roll-out, not this. */
function suspicionByHolders(
  name: string,
  environments: ReadonlyMap<string, EnvironmentDiagnosis>,
): string | undefined {
  const held = [...environments].flatMap(([environment, { holders }]) => {
    const verdict = holders.get(name)?.verdict;
    return verdict === undefined || verdict.kind === "unknown"
      ? []
      : [{ environment, kinds: kindsOf(verdict) }];
  });
  const withdrawn = held.find(({ kinds }) => kinds.includes("withdrawn"));
  if (withdrawn !== undefined)
    return `${withdrawn.environment} runs a newer version than the current one: the source was rolled back`;
  const foreign = held.filter(({ kinds }) => kinds.includes("foreign")).length;
  const inSync = held.some(({ kinds }) => kinds.includes("in-sync"));
  if (inSync || foreign < 2 || foreign * 2 < held.length) return undefined;
  return `nobody runs the current version, and ${foreign} of ${held.length} environments run a value that the source never held`;
}

function kindsOf(verdict: Verdict): readonly string[] {
  return verdict.kind === "split" ? verdict.instances.map((each) => each.verdict.kind) : [verdict.kind];
}
