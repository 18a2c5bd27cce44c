import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accidentIds } from "../../functions/core/accidents.ts";
import type { Report } from "../../functions/core/report.ts";
import { verdictKinds } from "../../functions/core/verdict.ts";
import { type ForeignCase, fleetOf, playedBy } from "./foreign-case.ts";
import { type ForeignProcess, startForeignProcess, unmet } from "./foreign-process.ts";
import { variables } from "./foreign-values.ts";
import { mangledCases, plainCases } from "./judged-cases.ts";
import { reticentCase, silentCases, soundCases, unsoundCases } from "./misbehaviour-cases.ts";
import { expectNothingTold } from "./nothing-told.ts";
import { Desk, type Outcome, readPublicKey, seed, verdictsOf } from "./tallystick-call.ts";

const cases = [...plainCases, ...mangledCases, ...soundCases, ...unsoundCases, ...silentCases, reticentCase];
const inHealth = [
  ...plainCases.filter(({ environment }) => /^(?:in-sync|ahead)$/.test(environment)),
  ...soundCases,
];
const signed = { ...variables, TALLYSTICK_SIGNING_SEED: seed };

function only(some: readonly ForeignCase[]): string {
  return `--only=${some.map(({ environment }) => environment).join(",")}`;
}

const whyNot = unmet === undefined ? "" : ` (skipped: ${unmet})`;

describe.skipIf(unmet !== undefined)(`a fleet whose responders know PROTOCOL.md alone${whyNot}`, () => {
  let desk: Desk;
  let foreign: ForeignProcess;
  let outcome: Outcome;
  let verdicts: ReturnType<typeof verdictsOf>;

  beforeAll(async () => {
    const publicKey = await readPublicKey();
    foreign = await startForeignProcess(cases.map((one) => playedBy(one, publicKey)));
    desk = await Desk.open();
    await desk.put(fleetOf(cases, foreign.healthOf));
    outcome = await desk.call(["check", "--json"], signed);
    verdicts = verdictsOf(outcome.stdout);
  });

  afterAll(async () => {
    await desk?.close();
    expect(await foreign?.stop()).toEqual({ exitCode: 0, complaints: "" });
  });

  it.each(cases)("is judged rightly in $environment", ({ environment, verdicts: expected }) => {
    expect(verdicts[environment]).toEqual(expected);
  });

  it("is told whole, in its own order", () => {
    expect(Object.keys(verdicts)).toEqual(cases.map(({ environment }) => environment));
  });

  it.each(accidentIds)("has a case of the accident %s", (accident) => {
    const verdict = expect.objectContaining({ kind: "mangled", accident });
    expect(mangledCases.flatMap((one) => Object.values(one.verdicts))).toContainEqual(verdict);
  });

  it("has a case of every verdict that a source of env can lead to", () => {
    const kinds = cases
      .flatMap((one) => Object.values(one.verdicts))
      .map((verdict) => Reflect.get(verdict, "kind"));
    // An env source has no version newer than the current one; only several instances can be split.
    const without = new Set(["withdrawn", "split"]);
    expect(new Set(kinds)).toEqual(new Set(verdictKinds.filter((kind) => !without.has(kind))));
  });

  it("is drifted as a whole", () => {
    const { status }: Report = JSON.parse(outcome.stdout);
    expect({ status, exitCode: outcome.exitCode }).toEqual({ status: "drifted", exitCode: 1 });
  });

  it("is told in JSON alone", () => {
    expect(outcome.stdout).toMatch(/^\{\n[\s\S]*\n\}\n$/);
    expect(outcome.stderr).toBe("");
  });

  it("keeps values, challenges and fingerprints out of the report", () => {
    expectNothingTold(outcome);
  });

  it("keeps them out of what people read", async () => {
    const quick = cases.filter((one) => !silentCases.includes(one));
    const told = await desk.call(["check", only(quick)], signed);
    expect(told.stdout).toContain("known-as-other");
    expectNothingTold(told);
  });

  it.each([
    { status: "in-sync", exitCode: 0, some: inHealth },
    { status: "unknown", exitCode: 2, some: [...inHealth, ...unsoundCases] },
    { status: "unknown", exitCode: 2, some: [reticentCase] },
    { status: "drifted", exitCode: 1, some: [...inHealth, ...unsoundCases, ...plainCases] },
  ])("ends with $exitCode where it is $status", async ({ status, exitCode, some }) => {
    const told = await desk.call(["check", "--json", only(some)], signed);
    expect({ status: JSON.parse(told.stdout).status, exitCode: told.exitCode }).toEqual({ status, exitCode });
  });

  it("ends with 4 where no truth can be read", async () => {
    const told = await desk.call(["check", "--json", only(inHealth)], { TALLYSTICK_SIGNING_SEED: seed });
    expect({ status: JSON.parse(told.stdout).status, exitCode: told.exitCode }).toEqual({
      status: "failed",
      exitCode: 4,
    });
  });

  it("says by how much a clock is wrong", () => {
    const { environments }: Report = JSON.parse(outcome.stdout);
    const details = ["clock-ahead", "clock-behind"].map((name) => {
      const verdict = environments.find((environment) => environment.name === name)?.secrets[0]?.verdict;
      return verdict?.kind === "unknown" ? verdict.detail : verdict?.kind;
    });
    expect(details).toEqual([
      expect.stringMatching(/; its clock is 10 min ahead$/),
      expect.stringMatching(/; its clock is 10 min behind$/),
    ]);
  });

  it("is only ever asked, with one challenge each time, and leads nobody elsewhere", async () => {
    const { asked, ...rest } = await foreign.counts();
    expect(asked).toBeGreaterThanOrEqual(cases.length);
    expect(rest).toEqual({ other: 0, unsigned: 0, elsewhere: 0 });
  });

  it("leaves nothing behind on the checker's disk", async () => {
    expect(await desk.files()).toEqual(["fleet.yaml"]);
  });
});
