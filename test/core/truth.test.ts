import { describe, expect, it } from "vitest";

import { diagnose } from "../../functions/core/diagnosis.ts";
import type { ReadTruth } from "../../functions/core/observation.ts";
import { isUnstorableInRailway, isWeak, type TruthDiagnosis } from "../../functions/core/truth.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import {
  dayMs,
  fleetOf,
  health,
  heard,
  nowMs,
  observationOf,
  type Seen,
  silent,
  type TruthTexts,
  texts,
  truthOf,
  version,
} from "./world.ts";

type Sights = Readonly<Record<string, Seen>>;

const twoSecrets = { TOKEN: texts.current, OTHER: texts.other };

interface Case {
  readonly truth?: TruthTexts;
  readonly other?: ReadTruth;
  readonly sources?: { readonly TOKEN: object; readonly OTHER: object };
  readonly expires?: object;
  readonly environments?: Sights;
}

/** The diagnosis of TOKEN itself, beside OTHER. */
function truthDiagnosis(one: Case): TruthDiagnosis {
  const sources = one.sources ?? {
    TOKEN: { secretsManager: "prod/token" },
    OTHER: { secretsManager: "prod/other" },
  };
  const environments = one.environments ?? { app: { hearing: heard("app", [twoSecrets]) } };
  const fleet = fleetOf({
    secrets: {
      TOKEN: { source: sources.TOKEN, ...(one.expires !== undefined && { expires: one.expires }) },
      OTHER: { source: sources.OTHER },
    },
    environments: Object.fromEntries(Object.keys(environments).map((name) => [name, { health }])),
  });
  const other = one.other ?? truthOf({ current: version(texts.other), older: [] });
  const truths = new Map([
    ["TOKEN", truthOf(one.truth)],
    ["OTHER", other],
  ]);
  const diagnosis = diagnose(fleet, observationOf(environments, truths), nowMs).secrets.get("TOKEN");
  if (diagnosis === undefined) throw new Error("the test's fleet has no TOKEN");
  return diagnosis;
}

function jwt(claims: unknown): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "EdDSA" })}.${part(claims)}.${"c2ln".repeat(6)}`;
}

const nowSeconds = nowMs / 1_000;
const token = (exp: unknown): Case => ({ truth: { current: version(jwt({ exp })) } });
const aged = (ageMs: number, expires: object): Case => ({
  truth: { current: version(texts.current, nowMs - ageMs) },
  expires,
});

describe("the truth is", () => {
  it.each<[string, TruthDiagnosis["state"], Case]>([
    ["valid", "valid", {}],
    ["valid long before a token's own end", "valid", token(nowSeconds + 6 * 86_400)],
    ["expiring in a token's last five days", "expiring", token(nowSeconds + 5 * 86_400)],
    ["valid one second before them", "valid", token(nowSeconds + 5 * 86_400 + 1)],
    ["expired at a token's own end", "expired", token(nowSeconds)],
    ["expiring one second before it", "expiring", token(nowSeconds + 1)],
    ["expired at the end of its configured life", "expired", aged(30 * dayMs, { after: "30d" })],
    ["expiring one millisecond before it", "expiring", aged(30 * dayMs - 1, { after: "30d" })],
    ["expiring within the warning time", "expiring", aged(28 * dayMs, { after: "30d", warn: "2d" })],
    ["valid before the warning time", "valid", aged(28 * dayMs - 1, { after: "30d", warn: "2d" })],
    ["valid where its age is not known", "valid", { expires: { after: "1s" } }],
    ["valid where no life is configured", "valid", aged(900 * dayMs, { warn: "1d" })],
    ["valid where a token does not say its end", "valid", { truth: { current: version(jwt({})) } }],
    ["valid where a token's end is no number", "valid", token("tomorrow")],
    ["valid where a token's claims are no object", "valid", { truth: { current: version(jwt(null)) } }],
    [
      "valid where it only looks like a token",
      "valid",
      { truth: { current: version("aGVsbG8.d29ybGQ.aGVsbG8td29ybGQ") } },
    ],
    [
      "placeholder where somebody forgot to replace it",
      "placeholder",
      { truth: { current: version("changeme") } },
    ],
    ["placeholder where it is empty", "placeholder", { truth: { current: version("") } }],
    ["weak where it can be guessed", "weak", { truth: { current: version("tr0ub4dor&3") } }],
    [
      "expiring rather than weak",
      "expiring",
      { truth: { current: version("tr0ub4dor", nowMs) }, expires: { after: "1d" } },
    ],
    [
      "placeholder rather than expired",
      "placeholder",
      { truth: { current: version("changeme", nowMs - dayMs) }, expires: { after: "1d" } },
    ],
  ])("%s", (_, state, one) => {
    expect(truthDiagnosis(one).state).toBe(state);
  });

  it("unknown, with the reason, where it could not be read", () => {
    const fleet = fleetOf({
      secrets: { TOKEN: { source: { env: "T" } } },
      environments: { app: { health } },
    });
    const truths = new Map([
      ["TOKEN", { kind: "unreadable", code: "gone", detail: "no such secret" } as const],
    ]);
    expect(diagnose(fleet, observationOf({}, truths), nowMs).secrets.get("TOKEN")).toEqual({
      state: "unknown",
      rotation: "none",
      detail: "no such secret",
    });
  });

  it("unknown where its source was not asked", () => {
    const fleet = fleetOf({
      secrets: { TOKEN: { source: { env: "T" } } },
      environments: { app: { health } },
    });
    const diagnosis = diagnose(fleet, observationOf({}, new Map()), nowMs);
    expect(diagnosis.secrets.get("TOKEN")?.state).toBe("unknown");
  });

  it("told with its version, its creation and its end", () => {
    const { version: told, expiresAtMs } = truthDiagnosis(aged(dayMs, { after: "30d" }));
    expect([told, expiresAtMs]).toEqual([{ id: "v-cur", createdAtMs: nowMs - dayMs }, nowMs + 29 * dayMs]);
  });

  it("said to end when the token says so, whatever the fleet says", () => {
    const current = version(jwt({ exp: nowSeconds + 900 }), nowMs);
    expect(truthDiagnosis({ truth: { current }, expires: { after: "30d" } }).expiresAtMs).toBe(
      nowMs + 900_000,
    );
  });
});

describe("a value is weak", () => {
  const digits = "0123456789";
  const hex = "0123456789abcdef";
  const lower = "abcdefghijklmnopqrstuvwxyz";
  const take = (alphabet: string, length: number): string => alphabet.repeat(length).slice(0, length);

  it.each([
    ["digits", digits, 34],
    ["lower-case hexadecimal", hex, 28],
    ["upper-case hexadecimal", hex.toUpperCase(), 28],
    ["lower-case letters", lower, 24],
    ["upper-case letters", lower.toUpperCase(), 24],
    ["lower-case letters and digits", lower.slice(-10) + digits, 22],
    ["upper-case letters and digits", lower.slice(-10).toUpperCase() + digits, 22],
    ["letters and digits", `aB3${lower.slice(-9)}`, 19],
    ["base64", `aB3+${lower.slice(-9)}`, 19],
    ["any signs", `aB3!${lower.slice(-9)}`, 18],
  ])("below 112 bits: of %s", (_, alphabet, enough) => {
    const weak = [enough - 1, enough].map((length) => isWeak(new Secret(take(alphabet, length))));
    expect(weak).toEqual([true, false]);
  });

  it.each([
    ["one sign repeated", "a".repeat(500)],
    ["two signs in turn", "ab".repeat(20)],
  ])("however long, of %s", (_, text) => {
    expect(isWeak(new Secret(text))).toBe(true);
  });
});

describe("a rotation is", () => {
  it.each<[string, TruthDiagnosis["rotation"], TruthTexts]>([
    ["none without a pending version", "none", {}],
    ["in progress with one", "in-progress", { pending: version(texts.pending, nowMs) }],
    [
      "in progress for less than a day",
      "in-progress",
      { pending: version(texts.pending, nowMs - dayMs + 1) },
    ],
    ["stuck after a day", "stuck", { pending: version(texts.pending, nowMs - dayMs) }],
    ["in progress where its age is not known", "in-progress", { pending: version(texts.pending) }],
  ])("%s", (_, rotation, truth) => {
    expect(truthDiagnosis({ truth }).rotation).toBe(rotation);
  });
});

describe("the source is suspect where the current version is", () => {
  it.each<[string, Case, string]>([
    ["empty", { truth: { current: version("") } }, "the current version is empty"],
    ["a placeholder", { truth: { current: version("CHANGEME") } }, "the current version is a placeholder"],
    [
      "another secret of the fleet",
      { other: truthOf({ current: version(texts.current) }) },
      "the current version is the value of OTHER",
    ],
    [
      "an accident of the version before",
      { truth: { current: version(`${texts.previous}\n`) } },
      "the current version is what trailing-newline makes of version v-pre",
    ],
    [
      "an accident of an older one",
      { truth: { current: version(`"${texts.ancient}"`) } },
      "the current version is what quotes-kept makes of version v-anc",
    ],
  ])("%s", (_, one, suspicion) => {
    expect(truthDiagnosis(one).suspicion).toBe(suspicion);
  });

  it.each<[string, Case]>([
    ["unlike all that was before", {}],
    ["an older version brought back whole", { truth: { older: [version(texts.current)] } }],
    [
      "an accident of a version too long ago",
      {
        truth: {
          current: version(`${texts.ancient}\n`),
          older: [
            ...Array.from({ length: 10 }, (_, index) => version(`${index}${texts.previous}`)),
            version(texts.ancient),
          ],
        },
      },
    ],
    [
      "the same source under two names",
      {
        sources: { TOKEN: { secretsManager: "prod/one" }, OTHER: { secretsManager: "prod/one" } },
        other: truthOf(),
      },
    ],
    [
      "what another secret was once",
      { other: truthOf({ current: version(texts.other), older: [version(texts.current)] }) },
    ],
  ])("and not where it is %s", (_, one) => {
    expect(truthDiagnosis(one).suspicion).toBeUndefined();
  });
});

describe("the source is suspect where its holders", () => {
  const running = (values: readonly (string | null)[]): Sights =>
    Object.fromEntries(
      values.map((text, index) => {
        const name = `env-${index + 1}`;
        return [name, { hearing: heard(name, [{ TOKEN: text, OTHER: texts.other }]) }];
      }),
    );
  const { current, previous, foreign } = texts;
  const unheard = { "env-9": { hearing: silent } };

  it.each<[string, Sights, string]>([
    ["are all foreign", running([foreign, foreign]), "nobody runs the current version, and 2 of 2"],
    [
      "are foreign by half",
      running([foreign, foreign, previous, null]),
      "nobody runs the current version, and 2 of 4",
    ],
    [
      "are foreign by half of those that answered",
      { ...running([foreign, foreign, previous]), ...unheard },
      "nobody runs the current version, and 2 of 3",
    ],
    [
      "are foreign in some of their instances",
      {
        "env-1": { hearing: heard("env-1", [{ TOKEN: previous }, { TOKEN: foreign }]) },
        "env-2": { hearing: heard("env-2", [{ TOKEN: foreign }]) },
      },
      "nobody runs the current version, and 2 of 2",
    ],
  ])("%s", (_, environments, suspicion) => {
    expect(truthDiagnosis({ environments }).suspicion).toContain(suspicion);
  });

  it("run a version newer than the current one", () => {
    const truth = { newer: [version(texts.newer)] };
    expect(truthDiagnosis({ truth, environments: running([current, texts.newer]) }).suspicion).toBe(
      "env-2 runs a newer version than the current one: the source was rolled back",
    );
  });

  it("run one in some of their instances", () => {
    const truth = { newer: [version(texts.newer)] };
    const hearing = heard("env-1", [{ TOKEN: current }, { TOKEN: texts.newer }]);
    expect(truthDiagnosis({ truth, environments: { "env-1": { hearing } } }).suspicion).toContain(
      "env-1 runs a newer",
    );
  });

  it.each<[string, Sights]>([
    ["are all on the version before: a roll-out, not a suspicion", running([previous, previous, previous])],
    ["are foreign but for one that is in sync", running([foreign, foreign, foreign, current])],
    ["are foreign in one environment only", running([foreign])],
    ["are foreign by less than half", running([foreign, foreign, previous, previous, previous])],
    ["are all silent", unheard],
  ])("and not where they %s", (_, environments) => {
    expect(truthDiagnosis({ environments }).suspicion).toBeUndefined();
  });
});

describe("a value cannot be stored in Railway", () => {
  it.each([
    ["a\u0024{{b", true],
    ["a$ {{b", false],
    ["a\u0024{b}", false],
  ])("%j: %s", (text, unstorable) => {
    expect(isUnstorableInRailway(new Secret(text))).toBe(unstorable);
  });
});
