import { describe, expect, it } from "vitest";

import type { PolicyMode } from "../../functions/core/fleet.ts";
import { guardOf } from "../../functions/core/guards.ts";
import type { Remedy, WithheldReason } from "../../functions/core/remedy.ts";
import { withheldReasons } from "../../functions/core/remedy.ts";
import { runMode } from "../../functions/core/run-mode.ts";
import {
  dayMs,
  fleetOf,
  health,
  heard,
  nowMs,
  observationOf,
  planOf,
  railway,
  remedyIn,
  remedyOf,
  type Scene,
  service,
  texts,
  truthOf,
  version,
  wrongToken,
} from "./world.ts";

const { current, previous, foreign, pending, newer } = texts;

/** Behind, with the same old value stored: without a guard it is set and redeployed. */
const behind: Scene = { running: [previous], service: service({ stored: { TOKEN: previous } }) };
const inProgress = version(pending, nowMs - dayMs + 1);
const stuck = version(pending, nowMs - dayMs);
const deploying = service({ stored: { TOKEN: previous }, deploying: true });
const seen = service({ stored: { TOKEN: previous } });
const untilMs = nowMs + dayMs;
const changed = { ...seen, changedSince: ["TOKEN", "LOG_LEVEL", "A", "B", "C", "D", "E"] };
const scarce = { ...seen, quota: { callsLeft: 39, untilMs } };

function reasonOf(remedy: Remedy): WithheldReason | undefined {
  return remedy.kind === "withheld" ? remedy.reason : undefined;
}

const guarded: readonly [WithheldReason, string, Scene, PolicyMode][] = [
  ["source-suspect", "the current version is empty", { ...behind, truth: { current: version("") } }, "fix"],
  [
    "source-suspect",
    "the current version is a placeholder",
    { ...behind, truth: { current: version("todo") } },
    "fix",
  ],
  [
    "source-suspect",
    "the current version is an accident of the one before",
    { ...behind, truth: { current: version(`${previous}\n`) } },
    "fix",
  ],
  [
    "source-suspect",
    "a newer version than the current one runs",
    { ...behind, running: [newer], truth: { newer: [version(newer)] } },
    "fix",
  ],
  ["wrong-token", "the token is another project's", { ...behind, service: wrongToken }, "fix"],
  [
    "rotation-in-progress",
    "a version is pending since less than a day",
    { ...behind, truth: { pending: inProgress } },
    "fix",
  ],
  [
    "unseen",
    "Railway could not be read, so that a reference might be cut",
    { ...behind, service: { kind: "unseen", code: "railway-unreachable", detail: "Railway did not answer" } },
    "fix",
  ],
  ["deploying", "a deployment is unfinished", { ...behind, service: deploying }, "fix"],
  ["others-pending", "somebody changed another variable", { ...behind, service: changed }, "fix"],
  ["limit", "Railway's hour is nearly used up", { ...behind, service: scarce }, "fix"],
  ["mode", "the policy observes", behind, "observe"],
  ["mode", "nobody approved", behind, "approve"],
];

describe("a remedy", () => {
  it.each(guarded)("is withheld for %s where %s", (reason, _, scene, mode) => {
    const remedy = remedyOf(scene, mode);
    expect(remedy).toMatchObject({ kind: "withheld", reason, wouldBe: "set-and-redeploy" });
  });

  it.each<[string, Scene]>([
    ["no guard stands against it", behind],
    ["a rotation is stuck, which is told and blocks nothing", { ...behind, truth: { pending: stuck } }],
    ["all holders are on the version before", { ...behind, running: [previous, previous, previous] }],
    ["what changed is the secret itself", { ...behind, service: { ...seen, changedSince: ["TOKEN"] } }],
    ["there are calls enough", { ...behind, service: { ...seen, quota: { callsLeft: 40, untilMs } } }],
    [
      "the fleet allows other changes to be shipped",
      {
        ...behind,
        service: changed,
        environment: { railway: { ...railway, allowOthersPending: true } },
      },
    ],
  ])("is carried out where %s", (_, scene) => {
    expect(remedyOf(scene)).toEqual({ kind: "set-and-redeploy" });
  });

  it.each<[string, Scene]>([
    [
      "redeploy",
      {
        running: [previous],
        service: service({ stored: { TOKEN: current }, snapshot: { TOKEN: previous }, deploying: true }),
      },
    ],
    ["set-quietly", { service: service({ stored: { TOKEN: previous }, deploying: true }) }],
  ])("that is %s is withheld too while a deployment is unfinished", (wouldBe, scene) => {
    expect(remedyOf(scene)).toEqual({ kind: "withheld", reason: "deploying", wouldBe });
  });

  it("is told with what is suspect about the source", () => {
    const remedy = remedyOf({ ...behind, truth: { current: version("") } });
    expect(remedy).toMatchObject({ detail: "the current version is empty" });
  });

  it("is told with what is wrong about the token", () => {
    expect(remedyOf({ ...behind, service: wrongToken })).toMatchObject({
      detail: "the token is of another project",
    });
  });

  it("is told with what it would ship, and no more names than a line takes", () => {
    expect(remedyOf({ ...behind, service: changed })).toMatchObject({
      detail: "it would also ship what was changed and not deployed: LOG_LEVEL, A, B, C, D and 1 more",
    });
  });

  it("is told with what Railway's hour still allows", () => {
    expect(remedyOf({ ...behind, service: scarce })).toMatchObject({
      detail: "Railway allows 39 more calls until 2026-11-23 10:00 UTC, and a repair may take 40",
    });
  });

  it("that deploys nothing ships nobody's change", () => {
    expect(remedyOf({ service: changed })).toEqual({ kind: "set-quietly" });
  });

  it("that is none needs no guard", () => {
    expect(remedyOf({ truth: { pending: inProgress } }, "observe")).toEqual({ kind: "none" });
  });

  it("that is withheld is a reason of the published list, and each of the list has its case", () => {
    const met = new Set(guarded.map(([reason]) => reason));
    // Between secrets of one service (plan.test.ts), between services (plan-heal.test.ts), between runs
    // (started-repair.test.ts, history-guards.test.ts).
    const elsewhere = [...["canary", "in-flight"], ...["cooldown", "daily-cap", "fighting", "no-memory"]];
    expect(withheldReasons.filter((reason) => !met.has(reason))).toEqual(elsewhere);
  });
});

describe("of several guards the gravest is told:", () => {
  const empty = version("");

  it.each<[WithheldReason, WithheldReason, Scene, PolicyMode]>([
    ["source-suspect", "wrong-token", { ...behind, truth: { current: empty }, service: wrongToken }, "fix"],
    [
      "wrong-token",
      "rotation-in-progress",
      { ...behind, truth: { pending: inProgress }, service: wrongToken },
      "fix",
    ],
    [
      "rotation-in-progress",
      "deploying",
      { ...behind, truth: { pending: inProgress }, service: deploying },
      "fix",
    ],
    ["deploying", "others-pending", { ...behind, service: { ...changed, deploying: true } }, "fix"],
    [
      "others-pending",
      "limit",
      { ...behind, service: { ...changed, ...scarce, changedSince: ["A"] } },
      "fix",
    ],
    ["limit", "mode", { ...behind, service: scarce }, "observe"],
    ["deploying", "mode", { ...behind, service: deploying }, "observe"],
    ["source-suspect", "mode", { ...behind, truth: { current: empty } }, "observe"],
  ])("%s before %s", (graver, _, scene, mode) => {
    expect(reasonOf(remedyOf(scene, mode))).toBe(graver);
  });
});

describe("a person's steps", () => {
  const byHand: Scene = { running: [previous], toldStored: previous };
  const shared = (state: object): Scene => ({
    running: [previous],
    service: { ...service({ stored: { TOKEN: { kind: "reference" } } }), ...state },
  });

  it.each<[WithheldReason, Scene]>([
    ["source-suspect", { ...byHand, truth: { current: version("") } }],
    ["rotation-in-progress", { ...byHand, truth: { pending: inProgress } }],
  ])("are held back for %s, for they would spread a value that may be wrong", (reason, scene) => {
    expect(remedyOf(scene)).toMatchObject({ kind: "withheld", reason, wouldBe: "by-hand" });
  });

  it.each<[string, Scene, PolicyMode]>([
    ["the run only observes", byHand, "observe"],
    ["a deployment is unfinished", shared({ deploying: true }), "fix"],
  ])("are given though %s", (_, scene, mode) => {
    expect(remedyOf(scene, mode).kind).toBe("by-hand");
  });

  it("are given though the token is another project's: a person does not use it", () => {
    expect(
      guardOf({ isRejected: false, remedy: "by-hand", service: wrongToken, mode: "fix" }),
    ).toBeUndefined();
  });

  it("are given for a rejected secret though the source looks wrong: a new one replaces it", () => {
    const truth = { state: "rejected", rotation: "none", suspicion: "rolled back" } as const;
    expect(guardOf({ remedy: "by-hand", truth, mode: "fix", isRejected: true })).toBeUndefined();
  });

  it("are held back for a rejected secret while its successor is on its way in", () => {
    const truth = { state: "rejected", rotation: "in-progress" } as const;
    expect(guardOf({ remedy: "by-hand", truth, mode: "fix", isRejected: true })?.reason).toBe(
      "rotation-in-progress",
    );
  });

  it("are held back for a rotation though the token is another project's", () => {
    const truth = { state: "valid", rotation: "in-progress" } as const;
    expect(
      guardOf({ isRejected: false, remedy: "by-hand", service: wrongToken, truth, mode: "fix" })?.reason,
    ).toBe("rotation-in-progress");
  });
});

describe("a source that only its holders make suspect", () => {
  const fleet = fleetOf({
    secrets: { TOKEN: { source: { env: "T" } } },
    environments: { one: { health, railway }, two: { health, railway: { ...railway, service: "another" } } },
  });
  const seen = (environment: string, running: string) => ({
    hearing: heard(environment, [{ TOKEN: running }]),
    service: service({ stored: { TOKEN: running } }),
  });
  const remedyOn = (running: string): Remedy => {
    const observation = observationOf({ one: seen("one", running), two: seen("two", running) });
    return remedyIn(planOf(fleet, observation), "one", "TOKEN");
  };

  it("is not pushed where all of them are foreign", () => {
    expect(reasonOf(remedyOn(foreign))).toBe("source-suspect");
  });

  it("is pushed where all of them are on the version before: that is a roll-out", () => {
    expect(remedyOn(previous)).toEqual({ kind: "set-and-redeploy" });
  });
});

describe("another secret's value in the source", () => {
  it("is not pushed", () => {
    const fleet = fleetOf({
      secrets: { TOKEN: { source: { env: "T" } }, OTHER: { source: { env: "O" } } },
      environments: { app: { health, railway, secrets: ["TOKEN"] } },
    });
    const truths = new Map([
      ["TOKEN", truthOf()],
      ["OTHER", truthOf()],
    ]);
    const app = {
      hearing: heard("app", [{ TOKEN: previous }]),
      service: service({ stored: { TOKEN: previous } }),
    };
    expect(reasonOf(remedyIn(planOf(fleet, observationOf({ app }, truths)), "app", "TOKEN"))).toBe(
      "source-suspect",
    );
  });
});

describe("what a run may do", () => {
  it.each<[PolicyMode, "observe" | "fix" | undefined, PolicyMode]>([
    ["observe", undefined, "observe"],
    ["observe", "observe", "observe"],
    ["observe", "fix", "observe"],
    ["approve", undefined, "approve"],
    ["approve", "observe", "observe"],
    ["approve", "fix", "fix"],
    ["fix", undefined, "fix"],
    ["fix", "observe", "observe"],
    ["fix", "fix", "fix"],
  ])("under the policy %s, asked for %s, is %s", (policy, asked, mode) => {
    expect(runMode(policy, asked)).toBe(mode);
  });
});
