import { describe, expect, it } from "vitest";
import { diagnose } from "../../functions/core/diagnosis.ts";
import { isUnstorableInRailway, isWeak, type TruthDiagnosis } from "../../functions/core/truth.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { type Case, truthDiagnosis } from "./truth-case.ts";
import { dayMs, fleetOf, health, nowMs, observationOf, type TruthTexts, texts, version } from "./world.ts";

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

describe("a value cannot be stored in Railway", () => {
  it.each([
    ["a\u0024{{b", true],
    ["a$ {{b", false],
    ["a\u0024{b}", false],
  ])("%j: %s", (text, unstorable) => {
    expect(isUnstorableInRailway(new Secret(text))).toBe(unstorable);
  });
});
