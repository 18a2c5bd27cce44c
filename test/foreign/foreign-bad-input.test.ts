import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ForeignCase, fleetOf, playedBy } from "./foreign-case.ts";
import { type ForeignProcess, startForeignProcess, unmet } from "./foreign-process.ts";
import { currentOf, variables } from "./foreign-values.ts";
import { expectNothingTold } from "./nothing-told.ts";
import { Desk, readPublicKey, seed } from "./tallystick-call.ts";

type Variables = Readonly<Record<string, string>>;

const right: ForeignCase = {
  environment: "railway-production",
  values: { PLAIN_KEY: currentOf("PLAIN_KEY") },
  verdicts: { PLAIN_KEY: { kind: "in-sync", versionId: "env:PLAIN_KEY" } },
};

/** Each line that is wrong ends with the path that the mistake has to be told under. */
const mixedMistakes = (health: string): string => `
secrets:
  PLAIN_KEY:
    source: { env: PLAIN_KEY }
    expires: { after: two weeks }          # secrets.PLAIN_KEY.expires.after
  OTHER_KEY:
    source: { file: /run/secret }          # secrets.OTHER_KEY.source
environments:
  railway-production:
    health: ${health}
  vps:
    health: http://vps.example.com/health  # environments.vps.health
    secrets: [PLAIN_KEY, PLAIN_KYE]        # environments.vps.secrets.1
  mac-mini:
    health: ${health}
    intances: 2                            # environments.mac-mini.intances
`;

function annotationsOf(text: string): { readonly line: number; readonly path: string }[] {
  return text.split("\n").flatMap((content, index) => {
    const path = / # (\S+)$/.exec(content)?.[1];
    return path === undefined ? [] : [{ line: index + 1, path }];
  });
}

const whyNot = unmet === undefined ? "" : ` (skipped: ${unmet})`;

describe.skipIf(unmet !== undefined)(`a call that is wrong${whyNot}`, () => {
  let desk: Desk;
  let foreign: ForeignProcess;
  let health: string;
  const signed = { ...variables, TALLYSTICK_SIGNING_SEED: seed };

  beforeAll(async () => {
    const publicKey = await readPublicKey();
    foreign = await startForeignProcess([playedBy(right, publicKey)]);
    health = foreign.healthOf(right.environment);
    desk = await Desk.open();
    await desk.put(fleetOf([right], foreign.healthOf));
  });

  afterAll(async () => {
    await desk?.close();
    expect(await foreign?.stop()).toEqual({ exitCode: 0, complaints: "" });
  });

  /** Calls with JSON asked for: what is wrong is told on standard error, and nobody is contacted. */
  async function refused(args: readonly string[], values: Variables = signed): Promise<string> {
    const before = await foreign.counts();
    const outcome = await desk.call(["check", "--json", ...args], values);
    expect(await foreign.counts()).toEqual(before);
    expect({ exitCode: outcome.exitCode, stdout: outcome.stdout }).toEqual({ exitCode: 3, stdout: "" });
    expectNothingTold(outcome);
    return outcome.stderr;
  }

  async function refusedFleet(fleet: string): Promise<string> {
    await desk.put(fleet, "wrong.yaml");
    return refused(["--fleet", "wrong.yaml"]);
  }

  it("is not this one, which contacts the environment and succeeds", async () => {
    const { exitCode, stderr } = await desk.call(["check", "--json"], signed);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect((await foreign.counts()).asked).toBe(1);
  });

  it("is told all of its fleet's mistakes, each with line and path", async () => {
    const fleet = mixedMistakes(health);
    const told = await refusedFleet(fleet);
    const found = [...told.matchAll(/wrong\.yaml:(\d+) +(\S+): expected \S/g)];
    expect(found.map(([, line, path]) => ({ line: Number(line), path }))).toEqual(annotationsOf(fleet));
    expect(found).toHaveLength(5);
    expect(told).toContain("wrong.yaml has 5 mistakes; nothing was contacted");
  });

  it("quotes nothing from a fleet that holds a value by mistake", async () => {
    const value = currentOf("PLAIN_KEY");
    const fleet = `secrets: { PLAIN_KEY: { source: { env: [${value}] }, expires: { after: ${value} } } }\nenvironments: ${value}\n`;
    expect(await refusedFleet(fleet)).toContain("wrong.yaml:1");
  });

  it("is told where its fleet is no YAML", async () => {
    const fleet = `secrets:\n  PLAIN_KEY: { source: { env: PLAIN_KEY }\nenvironments: { vps: { health: "${health}" } }\n`;
    expect(await refusedFleet(fleet)).toMatch(/wrong\.yaml:[23] +expected /);
  });

  it("is told that its fleet file is missing", async () => {
    expect(await refused(["--fleet", "fleet-of-nobody.yaml"])).toMatch(
      /fleet-of-nobody\.yaml cannot be read \(ENOENT\); .*--fleet/,
    );
  });

  it("is told of an option that does not exist", async () => {
    expect(await refused(["--jsn"])).toMatch(/unknown option '--jsn'/);
  });

  it("is told of an environment that does not exist, and of the near one", async () => {
    const told = await refused(["--only", "railway-produktion"]);
    expect(told).toMatch(/railway-produktion/);
    expect(told).toMatch(/did you mean railway-production\?/);
  });

  it("is told of a secret that does not exist, and of the near one", async () => {
    const told = await refused(["--secret", "PLAIN_KYE"]);
    expect(told).toMatch(/PLAIN_KYE/);
    expect(told).toMatch(/did you mean PLAIN_KEY\?/);
  });

  it("is told that the seed is missing", async () => {
    expect(await refused([], variables)).toMatch(/TALLYSTICK_SIGNING_SEED/);
  });

  it.each([
    { what: "ends with a newline", wrong: `${seed}\n` },
    { what: "is empty", wrong: "" },
  ])("is told that the seed is unfit where it $what", async ({ wrong }) => {
    const told = await refused([], { ...variables, TALLYSTICK_SIGNING_SEED: wrong });
    expect(told).toMatch(/seed/);
    expect(told.trimEnd().split("\n")).toHaveLength(1);
  });
});
