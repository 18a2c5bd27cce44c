import fc from "fast-check";
import { expect, it } from "vitest";
import { type FileMistake, mistakeLines, readFleetFile } from "../../functions/adapters/fleet-file.ts";
import { limits } from "../../functions/core/limits.ts";
import { canary, expectNoCanary } from "../canaries.ts";

const good = `secrets:
  TOKEN:
    source: { secretsManager: prod/token }
environments:
  vps:
    health: https://vps.example.com/health
`;

function mistakesIn(text: string): readonly FileMistake[] {
  const reading = readFleetFile(text, "fleet.yaml");
  return reading.kind === "mistakes" ? reading.mistakes : [];
}

it("reads YAML, and JSON as well", () => {
  const ofYaml = readFleetFile(good, "fleet.yaml");
  const json = JSON.stringify({
    secrets: { TOKEN: { source: { secretsManager: "prod/token" } } },
    environments: { vps: { health: "https://vps.example.com/health" } },
  });

  expect(ofYaml.kind).toBe("fleet");
  expect(readFleetFile(json, "fleet.json")).toEqual(ofYaml);
});

it("tells every mistake at once, each by its line, without the values", () => {
  const value = canary("pasted");
  const text = `secrets:
  TOKEN:
    source: { secretsManager: [${value}] }
    expires: { after: ${value} }
environments:
  vps:
    health: http://vps.example.com/health
    instances: ${value}
    secrets: [TOKEN, MISSING]
    colour: ${value}
`;

  const mistakes = mistakesIn(text);

  expect(mistakes.map(({ line, path }) => `${line} ${path}`)).toEqual([
    "3 secrets.TOKEN.source",
    "4 secrets.TOKEN.expires.after",
    "7 environments.vps.health",
    "8 environments.vps.instances",
    "9 environments.vps.secrets.1",
    "10 environments.vps.colour",
  ]);
  expectNoCanary(mistakeLines(mistakes), [value]);
});

it("points to the nearest line there is where something is missing", () => {
  expect(mistakesIn("secrets:\n  TOKEN: {}\nenvironments:\n  vps: {}\n").map(({ line }) => line)).toEqual([
    2, 4,
  ]);
});

it("renders mistakes in columns", () => {
  const lines = mistakeLines([
    { file: "fleet.yaml", line: 7, path: "environments.vps.health", expected: "https" },
    { file: "fleet.yaml", line: 12, path: "", expected: "spaces" },
  ]);

  expect(lines).toEqual([
    "fleet.yaml:7   environments.vps.health: expected https",
    "fleet.yaml:12  expected spaces",
  ]);
});

const pasted = canary("in broken YAML");

it.each([
  ["a key that stands twice", `${good}secrets: ${pasted}\n`, 7],
  ["a tab", `secrets:\n\tTOKEN: ${pasted}\n`, 2],
  ["an open quote", `secrets: "${pasted}\nenvironments: {}`, 2],
  ["an open bracket", `secrets: [${pasted}\n`, 2],
  ["a second document", `${good}---\n${pasted}: 1\n`, 7],
  ["an alias of nothing", `secrets: *x\n# ${pasted}`, 1],
  ["a tag", `secrets: !secret ${pasted}\n`, 1],
  ["two mappings in a line", `secrets: a: ${pasted}\n`, 1],
])("says where %s is, in words of its own", (_what, text, line) => {
  const mistakes = mistakesIn(text);

  expect(mistakes[0]).toMatchObject({ file: "fleet.yaml", line });
  expect(mistakes.map(({ expected }) => expected)).not.toContain("valid YAML");
  expectNoCanary(mistakeLines(mistakes), [pasted]);
});

it("quotes and cuts a key that could be anything", () => {
  const lines = mistakeLines(mistakesIn(`${good}"\\e[31m${"x".repeat(200)}": 1\n`));

  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('"\\u001b[31mxxx');
  expect(lines[0]?.length).toBeLessThan(200);
});

it.each([
  ["nothing", ""],
  ["a text", "hello"],
  ["a list", "- a\n- b\n"],
  ["a file that is too large", `# ${"x".repeat(limits.fleetBytesMax)}`],
  ["a hundred thousand levels", "[".repeat(100_000)],
  [
    "a prototype",
    '{"secrets":{"__proto__":{"source":{"env":"X"}}},"environments":{"vps":{"health":"https://a.b"}}}',
  ],
])("refuses %s", (_what, text) => {
  expect(mistakesIn(text).length).toBeGreaterThan(0);
});

it("refuses aliases that multiply each other, at once", () => {
  const levels = Array.from(
    { length: 12 },
    (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(", ")}]`,
  );

  expect(mistakesIn(`l0: &l0 x\n${levels.join("\n")}\n`)).toHaveLength(1);
});

it("takes an alias that is used plainly, and finds mistakes behind it", () => {
  const text = `secrets:
  TOKEN: &token
    source: { secretsManager: prod/token }
  OTHER: *token
environments:
  vps: &vps
    instances: 0
    health: https://vps.example.com/health
  mac: *vps
`;

  expect(mistakesIn(text).map(({ line, path }) => `${line} ${path}`)).toEqual([
    "7 environments.vps.instances",
    "7 environments.mac.instances",
  ]);
});

it("never throws, whatever the text is", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: "binary" })), (text) => {
      expect(mistakesIn(text).length).toBeGreaterThan(0);
    }),
  );
});
