import { describe, expect, it } from "vitest";

import { diagnose } from "../../functions/core/diagnosis.ts";
import type { ProbeResult, Truth } from "../../functions/core/observation.ts";
import { planRemedies } from "../../functions/core/plan.ts";
import {
  exitCodeOfMistake,
  exitCodes,
  type HolderReport,
  type Report,
  type RunStatus,
  reportOf,
} from "../../functions/core/report.ts";
import {
  dayMs,
  denied,
  fleetOf,
  forbidden,
  health,
  heard,
  nowMs,
  observationOf,
  type Scene,
  type Seen,
  type Staged,
  service,
  silent,
  stage,
  texts,
  truthOf,
  version,
  works,
  wrongToken,
} from "./world.ts";

const run = {
  id: "run-1",
  trigger: "manual",
  mode: "fix",
  startedAt: "2026-11-22T10:00:00Z",
  durationMs: 12,
} as const;

function reportOn({ fleet, observation }: Staged): Report {
  const diagnosis = diagnose(fleet, observation, nowMs);
  const { remedies } = planRemedies(fleet, diagnosis, observation, "fix");
  return reportOf({ run, diagnosis, remedies, heals: [] });
}

function holderReport(scene: Scene): HolderReport | undefined {
  return reportOn(stage(scene)).environments[0]?.secrets[0];
}

const { current, previous, pending } = texts;
const inSync: Seen = { hearing: heard("app", [{ TOKEN: current }]) };

/** `app` with one capability that sends nothing, so that its result says nothing of the secret. */
function withProbe(result: ProbeResult): Staged {
  const fleet = fleetOf({
    secrets: { TOKEN: { source: { env: "T" } } },
    environments: { app: { health, capabilities: { skills: { url: health } } } },
  });
  return { fleet, observation: observationOf({ app: { ...inSync, probes: { skills: result } } }) };
}

/** `app` holding TOKEN, of which the source says so much, beside OTHER. */
function withTruths(
  token: Truth,
  second: Truth = otherTruth,
  seen: Seen = inSync,
  entry: object = {},
): Staged {
  const fleet = fleetOf({
    secrets: { TOKEN: { source: { env: "T" }, expires: { after: "1d" } }, OTHER: { source: { env: "O" } } },
    environments: { app: { health, secrets: ["TOKEN"], ...entry } },
  });
  const truths = new Map([
    ["TOKEN", token],
    ["OTHER", second],
  ]);
  return { fleet, observation: observationOf({ app: seen }, truths) };
}

const unreadable = { kind: "unreadable", code: "access-denied", detail: "the role may not read it" } as const;
const otherTruth = truthOf({ current: version(texts.other), older: [] });
const ofAge = (ageMs: number) => truthOf({ current: version(current, nowMs - ageMs) });

describe("the status of a run", () => {
  it.each<[string, RunStatus, Staged]>([
    ["all is in sync", "in-sync", stage({})],
    [
      "all is right and some is ahead",
      "in-sync",
      stage({ truth: { pending: version(pending) }, running: [current, pending] }),
    ],
    ["something is wrong", "drifted", stage({ running: [previous] })],
    ["something is latent", "drifted", stage({ service: service({ stored: { TOKEN: previous } }) })],
    ["something was not heard", "unknown", stage({ hearing: silent })],
    [
      "something was not heard and its stored value is wrong",
      "unknown",
      stage({ hearing: silent, service: service({ stored: { TOKEN: previous } }) }),
    ],
    ["a capability works", "in-sync", withProbe(works)],
    ["a capability is denied", "drifted", withProbe(denied)],
    ["a capability is forbidden", "drifted", withProbe(forbidden)],
    ["a capability is broken", "in-sync", withProbe({ kind: "broken", httpStatus: 502 })],
    ["a capability is unknown", "unknown", withProbe({ kind: "unknown", because: "timeout" })],
    ["a secret is expired", "drifted", withTruths(ofAge(dayMs), otherTruth)],
    ["a secret expires soon", "in-sync", withTruths(ofAge(dayMs - 1), otherTruth)],
    ["one of two sources cannot be read", "unknown", withTruths(ofAge(0), unreadable)],
    ["no source can be read", "failed", withTruths(unreadable, unreadable)],
    [
      "nothing is held and all sources can be read",
      "in-sync",
      withTruths(ofAge(0), otherTruth, {}, { secrets: [] }),
    ],
  ])("where %s is %s", (_, status, staged) => {
    expect(reportOn(staged).status).toBe(status);
  });

  it("where a secret is rejected is drifted", () => {
    const staged = withTruths(
      ofAge(0),
      otherTruth,
      { ...inSync, probes: { own: denied } },
      { capabilities: { own: { url: health, bearer: "TOKEN" } } },
    );
    expect([reportOn(staged).status, reportOn(staged).secrets[0]?.truth]).toEqual(["drifted", "rejected"]);
  });

  it("is drifted rather than unknown", () => {
    const fleet = fleetOf({
      secrets: { TOKEN: { source: { env: "T" } } },
      environments: { app: { health }, vps: { health } },
    });
    const observation = observationOf({
      app: { hearing: heard("app", [{ TOKEN: previous }]) },
      vps: { hearing: silent },
    });
    expect(reportOn({ fleet, observation }).status).toBe("drifted");
  });

  it.each<[RunStatus, number]>([
    ["in-sync", 0],
    ["drifted", 1],
    ["unknown", 2],
    ["failed", 4],
  ])("%s ends the command line with %i", (status, code) => {
    expect(exitCodes[status]).toBe(code);
  });

  it("leaves 3 to a mistake in the call", () => {
    expect([exitCodeOfMistake, Object.values(exitCodes).includes(exitCodeOfMistake as never)]).toEqual([
      3,
      false,
    ]);
  });
});

describe("a report", () => {
  it("is whole: what ran, what was found, what is to be done", () => {
    const truth = { current: version(current, nowMs - dayMs) };
    expect(reportOn(stage({ truth, running: [previous] }))).toEqual({
      schema: "tallystick/report/v1",
      run,
      status: "drifted",
      secrets: [
        { name: "TOKEN", version: { id: "v-cur", createdAt: "2026-11-21T10:00:00Z" }, truth: "valid" },
      ],
      environments: [
        {
          name: "app",
          secrets: [
            {
              name: "TOKEN",
              verdict: {
                kind: "behind",
                versionId: "v-pre",
                behindBy: 1,
                replacedAt: "2026-11-21T10:00:00Z",
              },
              evidence: "process",
              cause: "undetermined",
              remedy: {
                kind: "by-hand",
                steps: expect.arrayContaining([expect.stringContaining("Prove it")]),
              },
            },
          ],
          capabilities: [],
        },
      ],
      heals: [],
    });
  });

  it("keeps the order of the fleet", () => {
    const fleet = fleetOf({
      secrets: { Z: { source: { env: "Z" } }, A: { source: { env: "A" } } },
      environments: { z: { health }, a: { health } },
    });
    const { secrets, environments } = reportOn({ fleet, observation: observationOf({}) });
    expect([...secrets, ...environments].map(({ name }) => name)).toEqual(["Z", "A", "z", "a"]);
  });

  it("hands on how heals ended", () => {
    const { fleet, observation } = stage({});
    const diagnosis = diagnose(fleet, observation, nowMs);
    const heals = [{ environment: "app", secrets: ["TOKEN"], status: "healed", was: [] }] as const;
    expect(reportOf({ run, diagnosis, remedies: new Map(), heals }).heals).toEqual(heals);
  });

  it("says that nothing is to be done where no plan was made", () => {
    const { fleet, observation } = stage({ running: [previous] });
    const diagnosis = diagnose(fleet, observation, nowMs);
    const report = reportOf({ run, diagnosis, remedies: new Map(), heals: [] });
    expect(report.environments[0]?.secrets[0]?.remedy).toEqual({ kind: "none" });
  });
});

describe("a secret is reported", () => {
  const secretOf = (staged: Staged) => reportOn(staged).secrets[0];

  it("with the reason why it could not be read", () => {
    expect(secretOf(withTruths(unreadable, otherTruth))).toEqual({
      name: "TOKEN",
      truth: "unknown",
      detail: "the role may not read it",
    });
  });

  it("with the reason why nothing is pushed from it", () => {
    expect(secretOf(stage({ truth: { current: version("changeme") } }))).toMatchObject({
      truth: "placeholder",
      detail: "the current version is a placeholder",
    });
  });

  it("with its end", () => {
    const staged = withTruths(ofAge(0), otherTruth);
    expect(secretOf(staged)?.expiresAt).toBe("2026-11-23T10:00:00Z");
  });

  it("with an end that is on no calendar as unknown", () => {
    const staged = withTruths(truthOf({ current: version(current, Number.MAX_VALUE) }), otherTruth);
    expect(secretOf(staged)?.expiresAt).toBe("unknown");
  });

  it.each([
    [0, "in-progress"],
    [dayMs, "stuck"],
  ])("with a rotation that began %i ms ago as %s", (ageMs, rotation) => {
    expect(secretOf(stage({ truth: { pending: version(pending, nowMs - ageMs) } }))?.rotation).toBe(rotation);
  });
});

describe("a holder is reported", () => {
  it("with each of its instances where they differ, times in ISO 8601", () => {
    const truth = { current: version(current, nowMs) };
    expect(holderReport({ truth, running: [current, previous] })?.verdict).toEqual({
      kind: "split",
      instances: [
        { instance: "replica-1", verdict: { kind: "in-sync", versionId: "v-cur" } },
        {
          instance: "replica-2",
          verdict: { kind: "behind", versionId: "v-pre", behindBy: 1, replacedAt: "2026-11-22T10:00:00Z" },
        },
      ],
    });
  });

  it("with what is stored, times in ISO 8601", () => {
    const scene = {
      truth: { current: version(current, nowMs) },
      service: service({ stored: { TOKEN: previous } }),
    };
    expect(holderReport(scene)?.stored).toEqual({
      kind: "behind",
      versionId: "v-pre",
      behindBy: 1,
      replacedAt: "2026-11-22T10:00:00Z",
    });
  });

  it("with what is withheld and why", () => {
    expect(holderReport({ running: [previous], service: wrongToken })?.remedy).toEqual({
      kind: "withheld",
      withheld: {
        reason: "wrong-token",
        wouldBe: "set-and-redeploy",
        detail: "the token is of another project",
      },
    });
  });

  it("without a reason's detail where there is none", () => {
    const scene = { truth: { pending: version(pending, nowMs) }, running: [previous], toldStored: previous };
    expect(holderReport(scene)?.remedy).toEqual({
      kind: "withheld",
      withheld: { reason: "rotation-in-progress", wouldBe: "by-hand" },
    });
  });

  it("with what will be done", () => {
    const scene = { running: [previous], service: service({ stored: { TOKEN: previous } }) };
    expect(holderReport(scene)?.remedy).toEqual({ kind: "set-and-redeploy" });
  });
});

describe("a capability is reported", () => {
  const capabilityOf = (staged: Staged) => reportOn(staged).environments[0]?.capabilities[0];

  it.each<[ProbeResult, object]>([
    [works, { status: "works", httpStatus: 200 }],
    [denied, { status: "denied", httpStatus: 401 }],
    [
      { kind: "broken", httpStatus: 502 },
      { status: "broken", httpStatus: 502 },
    ],
    [
      { kind: "unknown", because: "timeout" },
      { status: "unknown", because: "timeout" },
    ],
  ])("as %o", (result, reported) => {
    expect(capabilityOf(withProbe(result))).toEqual({ name: "skills", dependsOn: [], ...reported });
  });

  it("as not tried where it was not", () => {
    const { fleet } = withProbe(works);
    expect(capabilityOf({ fleet, observation: observationOf({}) })).toEqual({
      name: "skills",
      dependsOn: [],
      status: "unknown",
      because: "not tried in this run",
    });
  });

  it("with the secrets that it depends on", () => {
    const fleet = fleetOf({
      secrets: { TOKEN: { source: { env: "T" } } },
      environments: { app: { health, capabilities: { sessions: { url: health, bearer: "TOKEN" } } } },
    });
    expect(capabilityOf({ fleet, observation: observationOf({}) })?.dependsOn).toEqual(["TOKEN"]);
  });
});

describe("an environment that trusts the checker's old key", () => {
  it("is told of in the report, and others are not", () => {
    const fleet = fleetOf({
      secrets: { TOKEN: { source: { env: "T" } } },
      environments: { old: { health }, new: { health } },
    });
    const hearing = heard("old", [{ TOKEN: texts.current }]);
    const sights = {
      old: { hearing: hearing.kind === "heard" ? { ...hearing, trustsOldKey: true } : hearing },
      new: { hearing: heard("new", [{ TOKEN: texts.current }]) },
    };
    const diagnosis = diagnose(fleet, observationOf(sights, new Map([["TOKEN", truthOf()]])), nowMs);
    const { environments } = reportOf({
      run: { id: "r", trigger: "cli", mode: "observe", startedAt: "", durationMs: 1 },
      diagnosis,
      remedies: new Map(),
      heals: [],
    });

    expect(environments.map(({ name, notes }) => [name, notes])).toEqual([
      ["old", ["trusts-old-key"]],
      ["new", undefined],
    ]);
  });
});
