import { diagnose } from "../core/diagnosis.ts";
import type { Fleet, RailwayEntry } from "../core/fleet.ts";
import type { HealReason } from "../core/heal-outcome.ts";
import { limits } from "../core/limits.ts";
import type { Hearing, InstanceAnswer } from "../core/observation.ts";
import type { DeploymentState, Look } from "../core/ports.ts";
import { isWrong } from "../core/verdict.ts";
import { attempt, isFailure } from "./attempt.ts";
import { backOff } from "./back-off.ts";
import type { Course } from "./course.ts";
import { holdMeanwhile } from "./held-claim.ts";
import { hearOne } from "./observer.ts";
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
  /** The deployment that served before, whose processes may go on answering for a while. */
  readonly predecessor: { readonly railway: RailwayEntry; readonly id: string };
}

type Proof = {
  readonly status: "healed" | "failed" | "timed-out" | "superseded";
  readonly reason?: HealReason;
  readonly detail?: string;
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
    const proof = await attempt(() => prove(world, claim));
    if (isFailure(proof))
      return { done: true, state: { looks, untilMs, heldAtMs, proof: unproven(proof.detail) } };
    const state = { looks: looks + 1, untilMs, heldAtMs, proof };
    return proof.status === "timed-out" && world.clock.now() < untilMs
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

async function prove(world: World, claim: Claim): Promise<Proof> {
  const { environment, fleet, secrets, deployment, predecessor } = claim;
  const entry = fleet.environments[environment];
  if (entry?.health === undefined || world.keys === undefined)
    return unproven("the fleet names no health endpoint for it");
  const hearing = await hearOne(world, {
    environment,
    entry: { ...entry, health: entry.health },
    secrets,
    keys: world.keys,
  });
  if (hearing.kind === "silent") return unproven(hearing.detail);
  const old = hearing.instances.filter((instance) => !isOf(deployment, instance));
  if (old.length > 0)
    return unproven(
      `${old.length} of ${hearing.instances.length} instances that answered are not known to be of the new deployment`,
    );
  const proof = await judgeNew(world, claim, hearing);
  const isOver = proof.status === "healed" || proof.status === "superseded";
  if (isOver && (await mayStillAnswer(world, predecessor)))
    return unproven("the deployment before it is not removed yet, so its processes may still answer");
  return proof;
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
  hearing: Hearing,
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
  const environments = new Map([[environment, { hearing, probes: new Map() }]]);
  const diagnosis = diagnose(fleet, { truths, environments }, world.clock.now());
  const verdicts = [...(diagnosis.environments.get(environment)?.holders.values() ?? [])].map(
    ({ verdict }) => verdict,
  );
  if (verdicts.length > 0 && verdicts.every(({ kind }) => kind === "in-sync")) return { status: "healed" };
  if (verdicts.some(isWrong)) {
    return {
      status: "failed",
      reason: "verification-failed",
      detail:
        "the new deployment's instances still hold another value: something overrides the variable, or the deployment began before the variable was set",
    };
  }
  return unproven("not all of the new deployment's instances answered yet");
}

function unproven(detail: string): Proof {
  return { status: "timed-out", reason: "unproven", detail };
}
