import { diagnose } from "../core/diagnosis.ts";
import type { EnvironmentEntry, Fleet, RailwayEntry } from "../core/fleet.ts";
import type { HealReason } from "../core/heal-outcome.ts";
import type { Evidence } from "../core/judgement.ts";
import { limits } from "../core/limits.ts";
import type { EnvironmentObservation, Hearing, InstanceAnswer } from "../core/observation.ts";
import type { DeploymentState, Look } from "../core/ports.ts";
import { isWrong } from "../core/verdict.ts";
import { attempt, isFailure } from "./attempt.ts";
import { backOff } from "./back-off.ts";
import type { Course } from "./course.ts";
import { holdMeanwhile } from "./held-claim.ts";
import { hearOne, variableNames } from "./observer.ts";
import type { World } from "./world.ts";

/** What has to be proven: these secrets, by instances of this deployment. */
export interface Claim {
  readonly environment: string;
  readonly secrets: readonly string[];
  /** The versions that were written. */
  readonly versions: ReadonlyMap<string, string>;
  /** The fleet narrowed to that environment and those secrets. */
  readonly fleet: Fleet;
  readonly deployment: DeploymentState;
  /** How many of its instances Railway says there are. */
  readonly running: number | null;
  /** The deployment that served before, whose processes may go on answering for a while. */
  readonly predecessor: { readonly railway: RailwayEntry; readonly id: string };
}

type Proof = {
  readonly status: "healed" | "failed" | "timed-out" | "superseded";
  readonly reason?: HealReason;
  readonly detail?: string;
  readonly evidence?: Evidence;
};
/** The deadline is part of it, so that work that is resumed does not wait anew. */
type WaitState = {
  readonly looks: number;
  readonly untilMs: number;
  readonly heldAtMs: number;
  readonly proof: Proof;
};

/** Asks until every instance that answers belongs to the new deployment and holds the right values. */
export async function awaitVerification(
  world: World,
  claim: Claim,
  { steps, tell, claim: held, round }: Course,
): Promise<Proof> {
  const lookOnce = async ({ looks, untilMs, ...before }: WaitState): Promise<Look<WaitState>> => {
    const heldAtMs = await holdMeanwhile(held, world.clock, before.heldAtMs);
    if (looks === 0) tell("verifying by fingerprint");
    const isLastLook = world.clock.now() >= untilMs;
    const proof = await attempt(() => prove(world, claim, isLastLook));
    if (isFailure(proof))
      return { done: true, state: { looks, untilMs, heldAtMs, proof: unproven(proof.detail) } };
    const state = { looks: looks + 1, untilMs, heldAtMs, proof };
    return proof.status === "timed-out" && !isLastLook
      ? {
          done: false,
          state,
          againInMs: backOff(looks, limits.verificationPollFirstMs, limits.verificationPollMaxMs),
        }
      : { done: true, state };
  };
  const initial: WaitState = {
    looks: 0,
    untilMs: world.clock.now() + limits.verificationWaitMs,
    heldAtMs: world.clock.now(),
    proof: unproven("nobody was asked yet"),
  };
  const last = await steps.waitUntil(`verify-${claim.environment}${round}`, lookOnce, initial);
  return last.proof;
}

/**
 * By the processes, which get all the time there is to answer; where none does, and the fleet has opted for it, by what
 * their deployment was started with.
 */
async function prove(world: World, claim: Claim, isLastLook: boolean): Promise<Proof> {
  const { environment, fleet } = claim;
  const entry = fleet.environments[environment];
  const hearing = entry && (await hearNew(world, claim, entry));
  const hasWaited = hearing === undefined || isLastLook;
  if (entry?.evidence === "snapshot" && hasWaited && !isTold(claim, hearing))
    return await proveByStart(world, claim);
  if (hearing?.kind === "heard") return await proveByProcesses(world, claim, hearing);
  return unproven(hearing?.detail ?? "the fleet names no health endpoint for it");
}

/** Whether any process told of what is to be proven. */
function isTold({ secrets }: Claim, hearing: Hearing | undefined): boolean {
  return (
    hearing?.kind === "heard" &&
    hearing.instances.some(({ running }) => secrets.some((secret) => running.has(secret)))
  );
}

/** All the instances that Railway says there are have to be seen, where these are more than the fleet says. */
async function hearNew(
  world: World,
  { environment, secrets, running }: Claim,
  entry: EnvironmentEntry,
): Promise<Hearing | undefined> {
  const { health, instances } = entry;
  if (health === undefined || world.keys === undefined) return undefined;
  const expected = Math.min(limits.instancesMax, Math.max(instances, running ?? 0));
  return await hearOne(world, {
    environment,
    entry: { ...entry, health, instances: expected },
    secrets,
    keys: world.keys,
  });
}

async function proveByProcesses(
  world: World,
  claim: Claim,
  hearing: Extract<Hearing, { kind: "heard" }>,
): Promise<Proof> {
  const { deployment, predecessor } = claim;
  const old = hearing.instances.filter((instance) => !isOf(deployment, instance));
  if (old.length > 0)
    return unproven(
      `${old.length} of ${hearing.instances.length} instances that answered are not known to be of the new deployment`,
    );
  const proof = await judgeNew(world, claim, { hearing, probes: new Map() });
  const isOver = proof.status === "healed" || proof.status === "superseded";
  if (isOver && (await mayStillAnswer(world, predecessor)))
    return unproven("the deployment before it is not removed yet, so its processes may still answer");
  return proof;
}

/** What the new deployment was started with, and nothing said of what its processes make of it. */
async function proveByStart(world: World, claim: Claim): Promise<Proof> {
  const { environment, fleet, deployment, predecessor } = claim;
  const entry = fleet.environments[environment];
  const names = entry === undefined ? new Map<string, string>() : variableNames(fleet, entry);
  const serving = await attempt(() => world.railway.snapshot(predecessor.railway, names, deployment.id));
  if (isFailure(serving)) return unproven(serving.detail);
  const stored = serving.variables ?? new Map();
  const service = { kind: "seen", stored, serving, earlier: [], deploying: false } as const;
  return await judgeNew(world, claim, { service, probes: new Map() });
}

/**
 * An edge in front of old and new processes may have shown the new ones alone. Railway lets the old ones answer
 * until their deployment is REMOVED; where it does not tell, nothing is proven yet.
 */
async function mayStillAnswer(world: World, { railway, id }: Claim["predecessor"]): Promise<boolean> {
  const state = await attempt(() => world.railway.deployment(railway, id));
  return isFailure(state) || state.status === "serving" || state.word === "REMOVING";
}

/**
 * Its deployment is the new id; else it was started after that deployment was made. Nothing less is a proof.
 * A responder tells whole seconds, so the second of the deployment counts as after it.
 */
function isOf(deployment: DeploymentState, instance: InstanceAnswer): boolean {
  if (instance.deployment !== undefined) return instance.deployment === deployment.id;
  return (
    instance.startedAtMs !== undefined &&
    instance.startedAtMs >= Math.floor(deployment.createdAtMs / 1_000) * 1_000
  );
}

async function judgeNew(
  world: World,
  { environment, fleet, secrets, versions }: Claim,
  seen: EnvironmentObservation,
): Promise<Proof> {
  const wanted = Object.entries(fleet.secrets).filter(([name]) => secrets.includes(name));
  const truths = await world.truth.readCurrent(new Map(wanted));
  const outrun = [...truths].find(
    ([name, truth]) => truth.kind === "read" && truth.current.id !== versions.get(name),
  );
  if (outrun !== undefined) {
    const detail = `${outrun[0]} changed in its source while it was being repaired`;
    return { status: "superseded", reason: "truth-changed", detail };
  }
  const diagnosis = diagnose(
    fleet,
    { truths, environments: new Map([[environment, seen]]) },
    world.clock.now(),
  );
  const holders = [...(diagnosis.environments.get(environment)?.holders.values() ?? [])];
  const [first] = holders;
  if (first !== undefined && holders.every(({ verdict }) => verdict.kind === "in-sync"))
    return { status: "healed", ...(first.evidence !== undefined && { evidence: first.evidence }) };
  if (holders.some(({ verdict }) => isWrong(verdict))) {
    return {
      status: "failed",
      reason: "verification-failed",
      detail: seen.hearing === undefined ? startedWrong : stillWrong,
    };
  }
  return unproven(
    seen.hearing === undefined
      ? "what the new deployment was started with cannot be read"
      : "not all of the new deployment's instances answered yet",
  );
}

const stillWrong =
  "the new deployment's instances still hold another value: something overrides the variable, or the deployment began before the variable was set";
const startedWrong =
  "the new deployment was started with another value: it began before the variable was set, or somebody changed it since";

function unproven(detail: string): Proof {
  return { status: "timed-out", reason: "unproven", detail };
}
