import { hasFingerprint } from "../protocol/fingerprint.ts";
import type { Secret } from "../protocol/secret.ts";
import { type EnvironmentEntry, type Fleet, variableOf } from "./fleet.ts";
import { heldByFingerprint } from "./held-value.ts";
import {
  type EnvironmentObservation,
  type Hearing,
  type InstanceAnswer,
  nothingSeen,
  type Observation,
  type ServiceState,
  type StoredValues,
  type Truth,
  unread,
} from "./observation.ts";
import {
  judgeToldConfiguration,
  judgeVariable,
  type StoredVerdict,
  storedValueVerdict,
} from "./stored-verdict.ts";
import { type HeldVerdict, isHealthy, judgeHeldValue, type KnownValues, type Verdict } from "./verdict.ts";

/** What a verdict stands on: what the process answered, else what its deployment was started with. */
export type Evidence = "process" | "snapshot";

/** A verdict and what is known of the configuration behind it, before causes. */
export interface JudgedHolder {
  readonly verdict: Verdict;
  /** Absent where there is none. */
  readonly evidence?: Evidence;
  readonly stored?: StoredVerdict;
  /** The variables that the serving deployment was started with. */
  readonly snapshot?: StoredVerdict;
  /** The same of the deployments before it, newest first. */
  readonly earlier: readonly StoredVerdict[];
}

/** Environment → secret → what it holds. */
export type JudgedFleet = ReadonlyMap<string, ReadonlyMap<string, JudgedHolder>>;

/** Another secret of the fleet, and its current value. */
export interface OtherSecret {
  readonly name: string;
  readonly value: Secret;
}

/** Judges every holder by itself: nothing seen of one environment changes the verdict on another. */
export function judgeFleet(fleet: Fleet, observation: Observation): JudgedFleet {
  const secrets = Object.keys(fleet.secrets).map((name) => ({
    name,
    truth: observation.truths.get(name) ?? unread,
    others: otherSecrets(name, fleet, observation.truths),
  }));
  return new Map(
    Object.entries(fleet.environments).map(([environment, entry]) => {
      const seen = observation.environments.get(environment) ?? nothingSeen;
      const held =
        entry.secrets === undefined ? secrets : secrets.filter(({ name }) => entry.secrets?.includes(name));
      const holders = held.map(
        ({ name, truth, others }) =>
          [name, judgeHolder({ environment, name, entry }, seen, truth, others)] as const,
      );
      return [environment, new Map(holders)];
    }),
  );
}

/**
 * The current values of the fleet's other secrets, in the order of their names: which of two equal ones is named
 * must not depend on the fleet file. Two names of one source are one secret, and an empty value is nobody's.
 */
export function otherSecrets(
  name: string,
  fleet: Fleet,
  truths: ReadonlyMap<string, Truth>,
): readonly OtherSecret[] {
  const own = JSON.stringify(fleet.secrets[name]?.source);
  return Object.keys(fleet.secrets)
    .toSorted()
    .flatMap((other) => {
      const truth = truths.get(other);
      if (JSON.stringify(fleet.secrets[other]?.source) === own || truth?.kind !== "read") return [];
      const { value } = truth.current;
      return value.satisfies((text) => text === "") ? [] : [{ name: other, value }];
    });
}

interface Place {
  readonly environment: string;
  readonly name: string;
  readonly entry: EnvironmentEntry;
}

function judgeHolder(
  place: Place,
  seen: EnvironmentObservation,
  truth: Truth,
  others: readonly OtherSecret[],
): JudgedHolder {
  if (truth.kind === "unreadable") {
    const { code, detail } = truth;
    return { verdict: { kind: "unknown", because: "truth", code, detail }, earlier: [] };
  }
  if (!hasFingerprint(truth.current.value)) {
    const detail = "the current version is not well-formed text, so nothing can be compared with it";
    return { verdict: { kind: "unknown", because: "truth", code: "value-malformed", detail }, earlier: [] };
  }
  const known = { truth, others, names: namesOf(place) };
  const configuration = judgeConfiguration(place, seen, known);
  const verdict = judgeHearing(seen.hearing, place, known);
  if (verdict.kind !== "unknown") return { verdict, evidence: "process", ...configuration };
  if (place.entry.evidence !== "snapshot" || hasTold(seen.hearing, place))
    return { verdict, ...configuration };
  return { ...judgeStart(verdict, configuration.snapshot), ...configuration };
}

/** Whether any process told of the secret: then what else is unknown stays so. */
function hasTold(hearing: Hearing | undefined, { name }: Place): boolean {
  return hearing?.kind === "heard" && hearing.instances.some(({ running }) => running.has(name));
}

/**
 * Where no process answers: what the serving deployment was started with, as its author has opted for. What nobody can
 * read back stays unknown.
 */
function judgeStart(
  unknown: Extract<Verdict, { kind: "unknown" }>,
  snapshot: StoredVerdict | undefined,
): Pick<JudgedHolder, "verdict" | "evidence"> {
  const started = storedValueVerdict(snapshot);
  if (started !== undefined) return { verdict: started, evidence: "snapshot" };
  const why =
    snapshot?.kind === "sealed"
      ? "it is sealed, so that what the deployment was started with cannot be read either"
      : "what the deployment was started with could not be read either";
  return { verdict: { ...unknown, detail: `${unknown.detail}; ${why}` } };
}

function namesOf({ name, entry }: Place): readonly string[] {
  const variable = variableOf(entry, name);
  return variable === name ? [name] : [name, variable];
}

function judgeConfiguration(
  place: Place,
  { hearing, service }: EnvironmentObservation,
  known: KnownValues,
): Omit<JudgedHolder, "verdict"> {
  if (service?.kind === "seen") return judgeService(service, place.name, known);
  if (place.entry.railway !== undefined) {
    const detail = service === undefined ? "Railway was not asked" : service.detail;
    return { stored: { kind: "unknown", detail }, earlier: [] };
  }
  const told =
    hearing?.kind === "heard" ? judgeToldConfiguration(hearing.instances, place, known) : undefined;
  return { ...(told !== undefined && { stored: told }), earlier: [] };
}

function judgeService(
  service: Extract<ServiceState, { kind: "seen" }>,
  name: string,
  known: KnownValues,
): Omit<JudgedHolder, "verdict"> {
  const judge = (variables: StoredValues | undefined): StoredVerdict[] =>
    variables === undefined ? [] : [judgeVariable(variables, name, known)];
  const [snapshot] = judge(service.serving?.variables);
  return {
    stored: judgeVariable(service.stored, name, known),
    ...(snapshot !== undefined && { snapshot }),
    earlier: service.earlier.flatMap(({ variables }) => judge(variables)),
  };
}

function judgeHearing(hearing: Hearing | undefined, place: Place, known: KnownValues): Verdict {
  if (hearing === undefined) {
    return {
      kind: "unknown",
      because: "not-reported",
      code: "no-endpoint",
      detail: "the fleet names no health endpoint, so nothing tells what its processes hold",
    };
  }
  if (hearing.kind === "silent") {
    const { because, code, detail } = hearing;
    return { kind: "unknown", because, ...(code !== undefined && { code }), detail };
  }
  const told = hearing.instances.flatMap((instance) => judgeInstance(instance, place, known));
  return together(told, Math.max(hearing.instancesExpected, hearing.instances.length), known);
}

interface ToldVerdict {
  readonly instance: string;
  readonly verdict: HeldVerdict;
}

function judgeInstance(
  answer: InstanceAnswer,
  { environment, name }: Place,
  known: KnownValues,
): ToldVerdict[] {
  const told = answer.running.get(name);
  if (told === undefined) return [];
  const held = heldByFingerprint(told, { environment, name, nonce: answer.nonce });
  return [{ instance: answer.instance, verdict: judgeHeldValue(held, known) }];
}

/** One verdict for all instances. What was not seen never counts as good; what was seen wrong is wrong. */
function together(told: readonly ToldVerdict[], instances: number, known: KnownValues): Verdict {
  const [first] = told;
  if (first === undefined) {
    const detail = "its responder does not report this secret";
    return { kind: "unknown", because: "not-reported", code: "not-in-responder", detail };
  }
  if (told.length < instances && told.every(({ verdict }) => isHealthy(verdict))) {
    const detail = `only ${told.length} of ${instances} instances told of it; what they told is right`;
    return { kind: "unknown", because: "not-reported", code: "instances-missing", detail };
  }
  // Most environments are one instance: a large fleet need not pay for a comparison with itself.
  if (told.length === 1) return first.verdict;
  if (new Set(told.map(({ verdict }) => JSON.stringify(verdict))).size === 1) return first.verdict;
  return {
    kind: "split",
    instances: told.toSorted(byInstance).map((each) => withPrintableName(each, known)),
  };
}

/** A run of letters and digits as long as no replica's or host's name has, but tokens and fingerprints do. */
const tokenLike = /[A-Za-z0-9_]{20}/;

/** A label may be any short text, and so, by mistake, the secret itself; a report must not repeat it. */
function withPrintableName({ instance, verdict }: ToldVerdict, { truth, others }: KnownValues): ToldVerdict {
  const versions = [truth.current, ...(truth.pending ? [truth.pending] : []), ...truth.older, ...truth.newer];
  const values = [...versions, ...others].map(({ value }) => value);
  const isTelling = values.some((value) => value.satisfies((text) => text !== "" && instance.includes(text)));
  return { instance: isTelling || tokenLike.test(instance) ? "(named like a secret)" : instance, verdict };
}

function byInstance(a: ToldVerdict, b: ToldVerdict): number {
  return a.instance < b.instance ? -1 : 1;
}
