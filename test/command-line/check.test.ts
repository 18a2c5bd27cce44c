import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { Secret } from "../../functions/protocol/secret.ts";
import { signingKeyFromSeed } from "../../functions/protocol/signing-key.ts";
import { createResponder } from "../../functions/responder/index.ts";
import { openEndpoint, openNothing } from "../adapters/http-endpoint.ts";
import { canary, expectNoCanary } from "../canaries.ts";
import { startQuietRailway } from "../sandbox/railway/fixtures/quiet-railway.ts";
import { gateway, production, projectId, tokens } from "../sandbox/railway/fixtures/small-world.ts";
import { call, directoryWith, fleetFile } from "./call.ts";

const values = { current: canary("cli current"), older: canary("cli older") };
const seed = canary("cli seed");
const canaries = [...Object.values(values), seed];
const variables = {
  TALLYSTICK_SIGNING_SEED: seed,
  TOKEN_NOW: values.current,
  TOKEN_BEFORE: values.older,
};
const secrets = { TOKEN: { source: { env: "TOKEN_NOW", older: ["TOKEN_BEFORE"] } } };

/** A service on this machine whose process uses this value. */
async function serve(value: string, environment = "vps"): Promise<string> {
  const responder = createResponder({
    environment,
    publicKeys: [signingKeyFromSeed(new Secret(seed)).publicKey],
    secrets: { TOKEN: () => value },
  });
  const { origin } = await openEndpoint((request, response) => responder.node(request, response));
  return `${origin}/health`;
}

async function fleetAt(health: string, more: object = {}): Promise<string> {
  return directoryWith(fleetFile({ secrets, environments: { vps: { health } }, ...more }));
}

describe("tallystick check", () => {
  it("ends with 0 where all is in sync", async () => {
    const directory = await fleetAt(await serve(values.current));

    const { exitCode, stdout, stderr } = await call(["check"], { directory, variables });

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("✓ in sync");
  });

  it("ends with 1 where something is wrong, and writes no value in any disguise", async () => {
    const directory = await fleetAt(await serve(values.older));

    const { exitCode, stdout, stderr } = await call(["check"], { directory, variables });

    expect(exitCode).toBe(1);
    expect(stdout).toContain("✗ old version (-1)");
    expectNoCanary(stdout + stderr, canaries);
  });

  it("ends with 2 where something was not seen", async () => {
    const directory = await fleetAt(`${await openNothing()}/health`);

    const { exitCode, stdout } = await call(["check"], { directory, variables });

    expect(exitCode).toBe(2);
    expect(stdout).toContain("? not seen");
  });

  it("ends with 4 where no source could be read, and still prints the report", async () => {
    const directory = await fleetAt(await serve(values.current));

    const { exitCode, stdout, stderr } = await call(["check", "--json"], {
      directory,
      variables: { TALLYSTICK_SIGNING_SEED: seed },
    });

    expect({ exitCode, stderr, status: JSON.parse(stdout).status }).toEqual({
      exitCode: 4,
      stderr: "",
      status: "failed",
    });
  });

  it("prints the report alone with --json", async () => {
    const directory = await fleetAt(await serve(values.older));

    const { exitCode, stdout, stderr } = await call(["check", "--json"], { directory, variables });

    const report = JSON.parse(stdout);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
    expect(report).toMatchObject({
      schema: "tallystick/report/v1",
      run: { trigger: "cli", mode: "observe" },
    });
    expectNoCanary(stdout, canaries);
  });

  it("confines itself to what is named", async () => {
    const health = await serve(values.current);
    const environments = { vps: { health }, laptop: { health: `${await openNothing()}/health` } };
    const directory = await fleetAt(health, { environments });

    const { exitCode, stdout } = await call(["check", "--only", "vps", "--secret=TOKEN"], {
      directory,
      variables,
    });

    expect(exitCode).toBe(0);
    expect(stdout).not.toContain("laptop");
  });

  it("says so where the policy does not let it repair", async () => {
    const directory = await fleetAt(await serve(values.older), { policy: { mode: "observe" } });

    const { exitCode, stderr } = await call(["check", "--fix"], { directory, variables });

    expect(exitCode).toBe(1);
    expect(stderr).toContain("policy.mode is observe");
  });

  it("repairs with --fix, tells each step on standard error, and what was done in the report", async () => {
    const { railway } = await startQuietRailway();
    const entry = {
      health: await serve(values.current, "gateway"),
      railway: {
        project: projectId,
        environment: production,
        service: gateway,
        token: { env: "RAILWAY_TOKEN" },
      },
      variables: { TOKEN: "AUTH_SECRET" },
    };
    const directory = await directoryWith(fleetFile({ secrets, environments: { gateway: entry } }));
    const railwayVariables = { RAILWAY_API_URL: railway.apiUrl, RAILWAY_TOKEN: tokens.production };

    const { exitCode, stdout, stderr } = await call(["check", "--fix"], {
      directory,
      variables: { ...variables, ...railwayVariables },
    });

    expect(stderr).toContain("gateway: writing AUTH_SECRET in Railway\n");
    expect(stdout).toContain("✓ gateway: set and read back, nothing was deployed");
    expect(exitCode).toBe(0);
    expectNoCanary(stdout + stderr, canaries);
  });
});

describe("a mistake in the call or the fleet", () => {
  it("ends with 3 and tells five mistakes at once, each with its line", async () => {
    const directory = await directoryWith({
      "fleet.yaml": `secrets:
  TOKEN: { source: { env: TOKEN_NOW }, colour: red }
environments:
  VPS: { health: https://vps.example.com/health }
  mac: { health: http://mac.example.com/health }
  app: {}
policy: { cooldown: soon }
`,
    });

    const { exitCode, stdout, stderr } = await call(["check"], { directory, variables });

    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("5 mistakes; nothing was contacted");
    expect(stderr.match(/fleet\.yaml:\d+/g)).toEqual(
      ["2", "4", "5", "6", "7"].map((line) => `fleet.yaml:${line}`),
    );
  });

  it("tells all unknown names, those that are known, and those that were meant", async () => {
    const directory = await fleetAt(await openNothing());

    const { exitCode, stderr } = await call(["check", "--only", "vsp", "--secret", "TOKENS"], {
      directory,
      variables,
    });

    expect(exitCode).toBe(3);
    expect(stderr).toContain('"vsp" is no environment of this fleet; it has vps');
    expect(stderr).toContain("did you mean vps, TOKEN?");
  });

  it.each([
    [["check", "--fxi"], /Did you mean --fix/],
    [["chekc"], /Did you mean check/],
    [["check", "--only", "a,,b"], /separated by commas/],
    [["check", "--fleet", "none.yaml"], /none\.yaml cannot be read \(ENOENT\)/],
    [["check", "--fleet", "/"], /cannot be read \(EISDIR\)/],
    [["check", "more"], /too many arguments/],
    [["fleet"], /Usage: tallystick fleet/],
    [[], /Usage: tallystick/],
  ])("ends with 3 for %j", async (args, words) => {
    const { exitCode, stdout, stderr } = await call(args);

    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toMatch(words);
  });

  it.each([
    ["missing", {}, /TALLYSTICK_SIGNING_SEED/],
    ["too short", { TALLYSTICK_SIGNING_SEED: "short" }, /at least 32 .*openssl rand -base64 32/],
  ])("ends with 3 where the seed is %s", async (_what, seedVariables, words) => {
    const directory = await fleetAt(await openNothing());

    const { exitCode, stderr } = await call(["check"], { directory, variables: seedVariables });

    expect(exitCode).toBe(3);
    expect(stderr).toMatch(words);
  });
});

describe("the colours", () => {
  it.each([
    ["are left out of a pipe", {}, false],
    ["are forced by FORCE_COLOR", { FORCE_COLOR: "1" }, true],
    ["are not forced by FORCE_COLOR=0", { FORCE_COLOR: "0" }, false],
    ["are forbidden by NO_COLOR, whatever else is said", { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
    ["are not taken from CI", { CI: "true" }, false],
  ])("%s", async (_what, colourVariables, isColoured) => {
    const directory = await fleetAt(await openNothing());

    const { stdout } = await call(["check"], { directory, variables: { ...variables, ...colourVariables } });

    expect(stdout !== stripVTControlCharacters(stdout)).toBe(isColoured);
  });
});
