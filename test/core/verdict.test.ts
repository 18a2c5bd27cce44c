import { describe, expect, it } from "vitest";
import { diagnose } from "../../functions/core/diagnosis.ts";
import type { SilenceReason, Truth } from "../../functions/core/observation.ts";
import { isWrong, type Verdict } from "../../functions/core/verdict.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import {
  fleetOf,
  health,
  heard,
  holderIn,
  holderOf,
  nowMs,
  observationOf,
  type Scene,
  service,
  texts,
  truthOf,
  version,
} from "./world.ts";

const verdictOn = (scene: Scene): Verdict => holderOf(scene).verdict;

const otherFleet = fleetOf({
  secrets: {
    TOKEN: { source: { secretsManager: "prod/token" } },
    OTHER: { source: { secretsManager: "prod/other" } },
  },
  environments: { app: { health, secrets: ["TOKEN"] } },
});

/** The verdict on TOKEN where the fleet has another secret too. */
function verdictBeside(other: Truth, running: string, truth = truthOf()): Verdict {
  const truths = new Map([
    ["TOKEN", truth],
    ["OTHER", other],
  ]);
  const observation = observationOf({ app: { hearing: heard("app", [{ TOKEN: running }]) } }, truths);
  return holderIn(diagnose(otherFleet, observation, nowMs), "app", "TOKEN").verdict;
}

const other = truthOf({ current: version(texts.other), older: [] });

describe("the verdict on a running value", () => {
  it.each<[string, Scene, Verdict]>([
    ["in-sync when it equals the current version", {}, { kind: "in-sync", versionId: "v-cur" }],
    [
      "ahead when it equals the pending version",
      { running: [texts.pending], truth: { pending: version(texts.pending) } },
      { kind: "ahead", versionId: "v-pen" },
    ],
    [
      "behind by one when it equals the version before",
      { running: [texts.previous] },
      { kind: "behind", versionId: "v-pre", behindBy: 1 },
    ],
    [
      "behind by two when it equals the one before that",
      { running: [texts.ancient] },
      { kind: "behind", versionId: "v-anc", behindBy: 2 },
    ],
    [
      "withdrawn when it equals a newer version than the current one",
      { running: [texts.newer], truth: { newer: [version(texts.newer)] } },
      { kind: "withdrawn", versionId: "v-new" },
    ],
    [
      "mangled when it equals a known version after an accident",
      { running: [`${texts.current}\n`] },
      { kind: "mangled", accident: "trailing-newline", versionId: "v-cur" },
    ],
    ["unset when the process has none", { running: [null] }, { kind: "unset" }],
    ["unset when it is empty", { running: [""] }, { kind: "unset" }],
    ["foreign when it equals nothing known", { running: [texts.foreign] }, { kind: "foreign" }],
  ])("is %s", (_, scene, verdict) => {
    expect(verdictOn(scene)).toEqual(verdict);
  });

  it("is swapped when it equals another secret's current value", () => {
    expect(verdictBeside(other, texts.other)).toEqual({ kind: "swapped", secret: "OTHER" });
  });

  it("is foreign when it equals another secret's older value", () => {
    const rotated = truthOf({ current: version(texts.other), older: [version(texts.ancient)] });
    expect(verdictBeside(rotated, texts.ancient, truthOf({ older: [] }))).toEqual({ kind: "foreign" });
  });

  it("says when a version was replaced, where the source dates its successor", () => {
    const truth = {
      current: version(texts.current, 2_000),
      older: [version(texts.previous, 1_000), version(texts.ancient, 500)],
    };
    expect([
      verdictOn({ truth, running: [texts.previous] }),
      verdictOn({ truth, running: [texts.ancient] }),
    ]).toEqual([
      { kind: "behind", versionId: "v-pre", behindBy: 1, replacedAtMs: 2_000 },
      { kind: "behind", versionId: "v-anc", behindBy: 2, replacedAtMs: 1_000 },
    ]);
  });

  it("judges a stored value by the same rules", () => {
    const { stored } = holderOf({ service: service({ stored: { TOKEN: `"${texts.previous}"` } }) });
    expect(stored).toEqual({ kind: "mangled", accident: "quotes-kept", versionId: "v-pre" });
  });

  it("does not take a fingerprint made under another environment's name for this one's", () => {
    const hearing = heard("sister", [{ TOKEN: texts.current }]);
    expect(verdictOn({ hearing })).toEqual({ kind: "foreign" });
  });
});

describe("the order of matching", () => {
  const same = (id: string, text: string) => ({ id, value: new Secret(text) });

  it.each<[string, Scene, Verdict["kind"]]>([
    [
      "in-sync before ahead",
      { running: [texts.current], truth: { pending: same("pending", texts.current) } },
      "in-sync",
    ],
    [
      "ahead before behind",
      { running: [texts.previous], truth: { pending: same("pending", texts.previous) } },
      "ahead",
    ],
    [
      "behind before withdrawn",
      { running: [texts.previous], truth: { newer: [same("newer", texts.previous)] } },
      "behind",
    ],
    [
      "behind before mangled",
      { running: [`${texts.current}\n`], truth: { older: [version(`${texts.current}\n`)] } },
      "behind",
    ],
    [
      "withdrawn before mangled",
      { running: [`${texts.current}\n`], truth: { newer: [version(`${texts.current}\n`)] } },
      "withdrawn",
    ],
    ["behind before unset", { running: [""], truth: { older: [version("")] } }, "behind"],
    ["in-sync before unset", { running: [""], truth: { current: version("") } }, "in-sync"],
  ])("puts %s", (_, scene, kind) => {
    expect(verdictOn(scene).kind).toBe(kind);
  });

  it("puts behind before swapped", () => {
    const twin = truthOf({ current: version(texts.previous), older: [] });
    expect(verdictBeside(twin, texts.previous).kind).toBe("behind");
  });

  it("puts swapped before mangled", () => {
    const twin = truthOf({ current: version(`${texts.current}\n`), older: [] });
    expect(verdictBeside(twin, `${texts.current}\n`).kind).toBe("swapped");
  });

  it("takes an empty value for unset, not for another secret that is empty", () => {
    expect(verdictBeside(truthOf({ current: version(""), older: [] }), "")).toEqual({ kind: "unset" });
  });

  it.each([[["ALPHA", "BETA"]], [["BETA", "ALPHA"]]])(
    "names the first in the alphabet of two other secrets that are alike, whatever their order in the fleet: %o",
    (names) => {
      const named = ["TOKEN", ...names];
      const fleet = fleetOf({
        secrets: Object.fromEntries(named.map((name) => [name, { source: { env: name } }])),
        environments: { app: { health, secrets: ["TOKEN"] } },
      });
      const truths = new Map(named.map((name) => [name, name === "TOKEN" ? truthOf() : other]));
      const observation = observationOf({ app: { hearing: heard("app", [{ TOKEN: texts.other }]) } }, truths);
      expect(holderIn(diagnose(fleet, observation, nowMs), "app", "TOKEN").verdict).toEqual({
        kind: "swapped",
        secret: "ALPHA",
      });
    },
  );

  it("takes the newest of several equal older versions", () => {
    const older = [version(texts.previous), same("again", texts.previous)];
    expect(verdictOn({ running: [texts.previous], truth: { older } })).toMatchObject({ behindBy: 1 });
  });
});

describe("several instances", () => {
  it("share one verdict when they agree", () => {
    expect(verdictOn({ running: [texts.previous, texts.previous] })).toMatchObject({ kind: "behind" });
  });

  it("are split when they disagree, each with its own verdict", () => {
    expect(verdictOn({ running: [texts.current, null] })).toEqual({
      kind: "split",
      instances: [
        { instance: "replica-1", verdict: { kind: "in-sync", versionId: "v-cur" } },
        { instance: "replica-2", verdict: { kind: "unset" } },
      ],
    });
  });

  it("are split when they are behind by different versions", () => {
    expect(verdictOn({ running: [texts.previous, texts.ancient] }).kind).toBe("split");
  });

  it.each<[string, Scene]>([
    [
      "one of two that answered is right",
      { hearing: heard("app", [{ TOKEN: texts.current }], { expected: 2 }) },
    ],
    [
      "two of three are right, one of them already ahead",
      {
        truth: { pending: version(texts.pending) },
        hearing: heard("app", [{ TOKEN: texts.current }, { TOKEN: texts.pending }], { expected: 3 }),
      },
    ],
    [
      "an instance does not tell of the secret",
      { hearing: heard("app", [{ TOKEN: texts.current }, {}], { expected: 1 }) },
    ],
  ])("are unknown while %s: what was not seen does not count as good", (_, scene) => {
    expect(verdictOn(scene)).toMatchObject({ kind: "unknown", because: "not-reported" });
  });

  it("are right when more answered than were expected", () => {
    const hearing = heard("app", [{ TOKEN: texts.current }, { TOKEN: texts.current }], { expected: 1 });
    expect(verdictOn({ hearing }).kind).toBe("in-sync");
  });

  it("are told in the order of their names", () => {
    const answers = heard("app", [{ TOKEN: texts.current }, { TOKEN: null }]);
    const hearing =
      answers.kind === "heard" ? { ...answers, instances: answers.instances.toReversed() } : answers;
    expect(verdictOn({ hearing })).toMatchObject({
      instances: [{ instance: "replica-1" }, { instance: "replica-2" }],
    });
  });

  it("are split though too few answered, for one that is wrong is wrong", () => {
    const hearing = heard("app", [{ TOKEN: texts.current }, { TOKEN: null }], { expected: 3 });
    expect(verdictOn({ hearing }).kind).toBe("split");
  });

  it("are wrong as soon as one that answered is wrong", () => {
    const hearing = heard("app", [{ TOKEN: texts.previous }], { expected: 2 });
    expect(verdictOn({ hearing }).kind).toBe("behind");
  });
});

describe("silence", () => {
  const reasons: readonly SilenceReason[] = [
    "unreachable",
    "timeout",
    "refused",
    "stale",
    "faulty",
    "malformed",
    "wrong-place",
    "not-reported",
    "throttled",
    "truth",
  ];

  it.each(reasons)("is unknown because of %s, with the other side's code", (because) => {
    const hearing = { kind: "silent", because, code: "challenge-early", detail: "why" } as const;
    expect(verdictOn({ hearing })).toEqual({
      kind: "unknown",
      because,
      code: "challenge-early",
      detail: "why",
    });
  });

  it("has no code where the other side gave none", () => {
    expect(verdictOn({ hearing: { kind: "silent", because: "timeout", detail: "why" } })).toEqual({
      kind: "unknown",
      because: "timeout",
      detail: "why",
    });
  });

  it("is unknown where no responder reports the secret", () => {
    expect(verdictOn({ hearing: heard("app", [{}]) })).toMatchObject({
      kind: "unknown",
      because: "not-reported",
    });
  });

  it("is unknown where nobody was asked", () => {
    const fleet = fleetOf({
      secrets: { TOKEN: { source: { env: "TOKEN" } } },
      environments: { app: { health } },
    });
    const { verdict } = holderIn(diagnose(fleet, observationOf({}), nowMs), "app", "TOKEN");
    expect(verdict).toMatchObject({ kind: "unknown", because: "not-reported" });
  });

  it("is unknown because of the truth where the source could not be read", () => {
    const truths = new Map([
      ["TOKEN", { kind: "unreadable", code: "access-denied", detail: "why" } as const],
    ]);
    const fleet = fleetOf({
      secrets: { TOKEN: { source: { env: "TOKEN" } } },
      environments: { app: { health } },
    });
    const observation = observationOf({ app: { hearing: heard("app", [{ TOKEN: "x" }]) } }, truths);
    expect(holderIn(diagnose(fleet, observation, nowMs), "app", "TOKEN").verdict).toEqual({
      kind: "unknown",
      because: "truth",
      code: "access-denied",
      detail: "why",
    });
  });

  it("is unknown because of the truth where its value is no well-formed text", () => {
    const verdict = verdictOn({ truth: { current: version("\ud800") }, running: [texts.foreign] });
    expect(verdict).toMatchObject({ kind: "unknown", because: "truth", code: "value-malformed" });
  });

  it("passes over an older version that is no well-formed text", () => {
    const older = [version("\ud800"), version(texts.ancient)];
    expect(verdictOn({ truth: { older }, running: [texts.ancient] })).toMatchObject({ behindBy: 2 });
  });
});

describe("what counts as wrong", () => {
  it.each<[Verdict["kind"], boolean, Scene]>([
    ["in-sync", false, {}],
    ["ahead", false, { running: [texts.pending], truth: { pending: version(texts.pending) } }],
    ["unknown", false, { hearing: { kind: "silent", because: "timeout", detail: "" } }],
    ["behind", true, { running: [texts.previous] }],
    ["withdrawn", true, { running: [texts.newer], truth: { newer: [version(texts.newer)] } }],
    ["mangled", true, { running: [`${texts.current} `] }],
    ["unset", true, { running: [null] }],
    ["foreign", true, { running: [texts.foreign] }],
    ["split", true, { running: [texts.current, texts.previous] }],
    ["split", false, { running: [texts.current, texts.pending], truth: { pending: version(texts.pending) } }],
  ])("%s: %s", (kind, wrong, scene) => {
    const verdict = verdictOn(scene);
    expect([verdict.kind, isWrong(verdict)]).toEqual([kind, wrong]);
  });

  it("includes swapped", () => {
    expect(isWrong(verdictBeside(other, texts.other))).toBe(true);
  });
});

describe("an instance's label", () => {
  const split = (instance: string) => {
    const fleet = fleetOf({
      secrets: { TOKEN: { source: { env: "T" } } },
      environments: { app: { health } },
    });
    const answers = heard("app", [{ TOKEN: texts.current }, { TOKEN: texts.foreign }]);
    const hearing =
      answers.kind === "heard"
        ? {
            ...answers,
            instances: answers.instances.map((each, index) => ({ ...each, instance: `${instance}${index}` })),
          }
        : answers;
    const truths = new Map([
      ["TOKEN", truthOf({ pending: version(texts.pending), newer: [version(texts.newer)] })],
    ]);
    return diagnose(fleet, observationOf({ app: { hearing } }, truths), nowMs)
      .environments.get("app")
      ?.holders.get("TOKEN")?.verdict;
  };

  it("is told where instances differ", () => {
    expect(split("replica-")).toMatchObject({
      kind: "split",
      instances: [{ instance: "replica-0" }, { instance: "replica-1" }],
    });
  });

  it.each([
    ["all but the end of a value", texts.current.replaceAll("-", "").slice(0, -1).padEnd(20, "x")],
    ["a fingerprint", "0123456789abcdef".repeat(4)],
  ])("is not repeated where it looks like a token: %s", (_, label) => {
    expect(split(label)).toMatchObject({
      kind: "split",
      instances: [{ instance: "(named like a secret)" }, {}],
    });
  });

  it("is told where it is a replica's id", () => {
    const id = "0f3c9a52-6e1d-4c5e-9d0b-1f2e3d4c5b6";
    expect(split(id)).toMatchObject({ kind: "split", instances: [{ instance: `${id}0` }, {}] });
  });

  it.each(["current", "pending", "previous", "newer"] as const)(
    "is not repeated where it holds the %s value itself",
    (value) => {
      const verdict = split(texts[value]);
      expect(verdict).toMatchObject({
        kind: "split",
        instances: [{ instance: "(named like a secret)" }, { instance: "(named like a secret)" }],
      });
      expect(JSON.stringify(verdict)).not.toContain(texts[value]);
    },
  );
});
