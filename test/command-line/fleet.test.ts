import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFleetFile } from "../../functions/adapters/fleet-file.ts";
import { fleetDraft } from "../../functions/command-line/fleet-draft.ts";
import { canary, expectNoCanary } from "../canaries.ts";
import { startQuietRailway } from "../sandbox/railway/fixtures/quiet-railway.ts";
import { smallWorld, tokens } from "../sandbox/railway/fixtures/small-world.ts";
import { call, directoryWith } from "./call.ts";

async function init(args: readonly string[] = [], token: string = tokens.production, files = {}) {
  const { railway } = await startQuietRailway();
  const directory = await directoryWith(files);
  const variables = { RAILWAY_API_URL: railway.apiUrl, RAILWAY_TOKEN: token };
  return { directory, called: await call(["fleet", "init", ...args], { directory, variables }) };
}

describe("tallystick fleet check", () => {
  it("counts what a valid fleet has", async () => {
    const directory = await directoryWith({
      "fleet.yaml":
        "{ secrets: { TOKEN: { source: { env: A } } }, environments: { vps: { health: https://vps.example.com } } }",
    });

    const called = await call(["fleet", "check"], { directory });

    expect(called).toEqual({
      exitCode: 0,
      stdout: "fleet.yaml: valid: 1 environment, 1 secret, 0 capabilities, policy mode approve\n",
      stderr: "",
    });
  });

  it("ends with 3 for a mistake, and does not repeat a value that was put in the wrong place", async () => {
    const value = canary("misplaced");
    const directory = await directoryWith({
      "fleet.yaml": `secrets: ${JSON.stringify(value)}\nenvironments: {}\n`,
    });

    const called = await call(["fleet", "check"], { directory });

    expect(called).toMatchObject({ exitCode: 3, stdout: "" });
    expect(called.stderr).toContain("fleet.yaml:1");
    expectNoCanary(called, [value]);
  });
});

describe("tallystick fleet schema", () => {
  it("prints a JSON schema", async () => {
    const { exitCode, stdout } = await call(["fleet", "schema"]);

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ title: "Tallystick fleet", type: "object" });
  });
});

describe("tallystick fleet init", () => {
  it("writes a fleet that is valid as it is, and the schema beside it", async () => {
    const { directory, called } = await init();

    const checked = await call(["fleet", "check"], { directory });

    expect(called).toMatchObject({ exitCode: 0, stderr: "" });
    expect(checked.stdout).toContain("2 environments, 1 secret, 0 capabilities, policy mode observe");
    expect((await readdir(directory)).toSorted()).toEqual(["fleet.schema.json", "fleet.yaml"]);
  });

  it("writes what somebody can read and edit", async () => {
    const { directory } = await init(["--out", "draft.yaml"]);

    const text = await readFile(join(directory, "draft.yaml"), "utf8");

    await expect(text).toMatchFileSnapshot(new URL("golden/fleet-draft.yaml", import.meta.url).pathname);
  });

  it.each([
    ["the token is refused", [], canary("refused"), 4, /Railway/],
    [
      "there is no token",
      ["--railway-token-env", "OTHER"],
      tokens.production,
      3,
      /OTHER has no Railway token/,
    ],
  ])("writes nothing where %s", async (_what, args, token, exitCode, words) => {
    const { directory, called } = await init(args, token);

    expect(called).toMatchObject({ exitCode, stdout: "" });
    expect(called.stderr).toMatch(words);
    expect(await readdir(directory)).toEqual([]);
    expectNoCanary(
      called,
      [token].filter((text) => text !== tokens.production),
    );
  });

  it("overwrites nothing without --force", async () => {
    const { directory, called } = await init([], tokens.production, { "fleet.yaml": "mine" });

    expect(called).toMatchObject({ exitCode: 3, stdout: "" });
    expect(called.stderr).toContain("--force");
    expect(await readFile(join(directory, "fleet.yaml"), "utf8")).toBe("mine");
  });

  it("overwrites with --force", async () => {
    const { directory, called } = await init(["--force"], tokens.production, { "fleet.yaml": "mine" });

    expect(called.exitCode).toBe(0);
    expect(await readFile(join(directory, "fleet.yaml"), "utf8")).toContain("environments:");
  });

  it("keeps a schema that is there", async () => {
    const { directory, called } = await init([], tokens.production, { "fleet.schema.json": "{}" });

    expect(called).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(directory, "fleet.schema.json"), "utf8")).toBe("{}");
  });
});

describe("a fleet's draft", () => {
  const named = fc.record({
    id: fc.stringMatching(/^[A-Za-z0-9-]{1,64}$/),
    name: fc.oneof(
      fc.string({ unit: "binary", maxLength: 100 }),
      fc.constantFrom("no", "1", "日本", "a: b # c"),
    ),
  });
  const project = fc.record({
    ...{ id: fc.stringMatching(/^[0-9]{1,20}$/), name: fc.string({ maxLength: 100 }) },
    environments: fc.array(named, { minLength: 1, maxLength: 4 }),
    services: fc.array(named, { minLength: 1, maxLength: 4 }),
  });

  it("is valid whatever people called their projects, environments and services", () => {
    const drafts = fc.record({
      projects: fc.array(project, { minLength: 1, maxLength: 3 }),
      complete: fc.boolean(),
    });

    fc.assert(
      fc.property(drafts, fc.string({ minLength: 1, unit: "binary" }), (places, tokenVariable) => {
        const reading = readFleetFile(fleetDraft(places, tokenVariable), "draft");

        const count = places.projects.reduce(
          (sum, one) => sum + one.environments.length * one.services.length,
          0,
        );
        expect(reading).toMatchObject({ kind: "fleet" });
        expect(Object.keys(reading.kind === "fleet" ? reading.fleet.environments : {})).toHaveLength(count);
      }),
    );
  });

  it("says where not everything was read", () => {
    const [shop] = smallWorld().projects;
    const projects = shop === undefined ? [] : [{ ...shop, services: [{ id: "s", name: "web" }] }];

    expect(fleetDraft({ projects, complete: false }, "RAILWAY_TOKEN")).toContain(
      "more at Railway than was read",
    );
  });
});
