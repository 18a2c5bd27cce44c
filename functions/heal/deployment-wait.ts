import type { RailwayEntry } from "../core/fleet.ts";
import type { HealReason } from "../core/heal-outcome.ts";
import { limits } from "../core/limits.ts";
import type { DeploymentState, Look } from "../core/ports.ts";
import { attempt, type Failure, isFailure } from "./attempt.ts";
import { backOff } from "./back-off.ts";
import type { Course } from "./course.ts";
import { holdMeanwhile } from "./held-claim.ts";
import type { World } from "./world.ts";

/** How the wait for a deployment ended; plain data. */
export type DeploymentEnd =
  /** `running` is how many of its instances Railway says there are; null where it does not say. */
  | { readonly kind: "serving"; readonly running: number | null }
  | {
      readonly kind: "not-serving";
      readonly status: "failed" | "timed-out" | "superseded";
      readonly reason: HealReason;
      readonly detail: string;
    };

/** The deadline is part of it, so that work that is resumed does not wait anew. */
type WaitState = {
  readonly looks: number;
  readonly untilMs: number;
  readonly heldAtMs: number;
  readonly word: string;
  readonly end: DeploymentEnd | null;
};

/** Waits for that one deployment, by its id, until it serves, has failed, or takes longer than is sensible. */
export async function awaitDeployment(
  world: World,
  railway: RailwayEntry,
  deployment: DeploymentState,
  { steps, tell, claim, round }: Course,
): Promise<DeploymentEnd> {
  const lookOnce = async ({ looks, untilMs, ...before }: WaitState): Promise<Look<WaitState>> => {
    const heldAtMs = await holdMeanwhile(claim, world.clock, before.heldAtMs);
    const state = await lookUp(world, railway, deployment);
    if (isFailure(state)) {
      const end = failed(state.reason, state.detail);
      return { done: true, state: { looks: looks + 1, untilMs, heldAtMs, word: deployment.word, end } };
    }
    tell(`waiting for the deployment: ${state.word.toLowerCase()}`);
    const end = endOf(state) ?? (world.clock.now() >= untilMs ? tooSlow : null);
    const next = { looks: looks + 1, untilMs, heldAtMs, word: state.word, end };
    return end === null
      ? {
          done: false,
          state: next,
          againInMs: pauseMs(looks, state, world.clock.now()),
        }
      : { done: true, state: next };
  };
  const last = await steps.waitUntil<WaitState>(`deployment${round}`, lookOnce, {
    looks: 0,
    untilMs: world.clock.now() + limits.deploymentWaitMs,
    heldAtMs: world.clock.now(),
    word: deployment.word,
    end: null,
  });
  return last.end ?? tooSlow;
}

/** Longer each time, and as long as what Railway's hour still allows asks for: half of it is left for what follows. */
function pauseMs(looks: number, { quota }: DeploymentState, nowMs: number): number {
  const usual = backOff(looks, limits.deploymentPollFirstMs, limits.deploymentPollMaxMs);
  if (quota === undefined || quota.untilMs <= nowMs) return usual;
  const sparing = (quota.untilMs - nowMs) / Math.max(1, Math.floor(quota.callsLeft / 2));
  const bounded = Math.min(limits.deploymentPollSparingMs, Math.round(sparing));
  return quota.callsLeft < limits.railwayCallsScarce ? Math.max(usual, bounded) : usual;
}

const tooSlow: DeploymentEnd = {
  kind: "not-serving",
  status: "timed-out",
  reason: "deployment-slow",
  detail: "the deployment is still under way; the old one serves, and the next check looks again",
};

/**
 * A look that fails in passing is not an end; the deadline bounds how often that may be. Who is throttled, or has
 * spent the run's calls, would only wait for nothing.
 */
async function lookUp(
  world: World,
  railway: RailwayEntry,
  deployment: DeploymentState,
): Promise<DeploymentState | Failure> {
  const state = await attempt(() => world.railway.deployment(railway, deployment.id));
  return isFailure(state) && state.reason === "railway-unreachable" ? deployment : state;
}

function endOf({ status, word, running }: DeploymentState): DeploymentEnd | undefined {
  switch (status) {
    case "unfinished":
      return undefined;
    case "serving":
      return { kind: "serving", running: running ?? null };
    case "gone":
      return {
        kind: "not-serving",
        status: "superseded",
        reason: "deployment-replaced",
        detail: `another deployment came after ours, which ended ${word}; the next check looks at what serves`,
      };
    case "failed":
      return failed(
        "deployment-failed",
        `the new deployment ended ${word}; the old one keeps serving with the old value`,
      );
    case "stuck":
      return failed("deployment-stuck", `the new deployment waits for a person (${word}) in Railway`);
    default:
      return status satisfies never;
  }
}

function failed(reason: HealReason, detail: string): DeploymentEnd {
  return { kind: "not-serving", status: "failed", reason, detail };
}
