import { describe, expect, it } from "vitest";

import { dependenciesOf, secretsOf, variableOf } from "../../functions/core/fleet.ts";
import {
  mistakesIn,
  pathsIn,
  secrets,
  withCapability,
  withEnvironment,
  withPolicy,
  withSecret,
} from "./fleet-files.ts";
import { fleetOf, health } from "./world.ts";

const uuid = (digit: number): string => `${digit}f3a1c52-0b7e-4d19-9c68-2a5e8d7b41f0`;

/** The example of the architecture, with addresses and ids as they really look. */
const example = {
  secrets: {
    INTERNAL_AUTH_SECRET: { source: { secretsManager: "prod/internal-auth" } },
    OPENCLAW_GATEWAY_TOKEN: {
      source: { secretsManager: "prod/openclaw", jsonKey: "gatewayToken" },
      expires: { after: "30d", warn: "5d" },
    },
  },
  environments: {
    "railway-production": {
      health: "https://app.example.com/health",
      instances: 2,
      railway: {
        project: uuid(1),
        environment: uuid(2),
        service: uuid(3),
        token: { secretsManager: "prod/railway-token" },
      },
      variables: { INTERNAL_AUTH_SECRET: "AUTH_SECRET" },
      capabilities: {
        sessions_list: {
          url: "https://vps.example.com/tools/invoke",
          method: "POST",
          body: { tool: "sessions_list" },
          bearer: "OPENCLAW_GATEWAY_TOKEN",
          verifier: "vps",
        },
        "app-nudge-evening": {
          url: "https://app.example.com/api/nudge/check",
          header: { "X-Internal-Secret": "INTERNAL_AUTH_SECRET" },
        },
        skills: { url: "https://app.example.com/skills" },
      },
    },
    vps: { health: "https://vps.example.com/health", headers: { "CF-Access-Client-Id": "4f1c.access" } },
    "mac-mini": { health: "https://mac-mini.example.ts.net/health", secrets: ["OPENCLAW_GATEWAY_TOKEN"] },
  },
  policy: { mode: "fix", environmentsPerRunMax: 5, cooldown: "1h", fixesPerDayMax: 3, remindEvery: "24h" },
};

describe("a fleet file", () => {
  it("is accepted as the architecture shows it", () => {
    expect(mistakesIn(example)).toEqual([]);
  });

  it("reports mistakes of every kind at once, each with its place", () => {
    const data = {
      secrets: {
        TOKEN: { source: { env: "T" }, expires: { after: "30 days" } },
        "1A": { source: { env: "A" } },
      },
      environments: {
        app: {
          health,
          instance: 2,
          capabilities: { c: { url: "http://app.example.com/", bearer: "MISSING" } },
        },
        blind: { secrets: ["NOBODY"] },
      },
      policy: { mode: "repair" },
    };
    expect(pathsIn(data).toSorted()).toEqual([
      "environments.app.capabilities.c.bearer",
      "environments.app.capabilities.c.url",
      "environments.app.instance",
      "environments.blind",
      "environments.blind.secrets.0",
      "policy.mode",
      "secrets.1A",
      "secrets.TOKEN.expires.after",
    ]);
  });

  it.each([
    [
      "a source",
      withSecret({ source: "prod/token" }),
      "{ secretsManager: name, jsonKey?: key } or { env: NAME }",
    ],
    ["a header", withEnvironment({ headers: { X: 1 } }), "a text, { secretsManager: … } or { env: … }"],
    [
      "a variable",
      withEnvironment({ variables: { TOKEN: "RAILWAY_X" } }),
      "another name: Railway overrides RAILWAY_* at every deployment",
    ],
    ["a duration", withPolicy({ cooldown: "1 hour" }), "a duration such as 30s, 15m, 6h or 30d"],
    [
      "a secret's name",
      withSecret(secrets.TOKEN, "1A"),
      "a secret's name: a letter or underscore, then letters, digits, _ . or -, at most 128",
    ],
    [
      "a setting",
      withPolicy({ x: 1 }),
      "no such setting: remove it, or see the README for the name that was meant",
    ],
  ])("says what was expected of %s", (_, data, expected) => {
    expect(mistakesIn(data).map((mistake) => mistake.expected)).toContain(expected);
  });
});

describe("what a fleet file leaves out", () => {
  it("has its defaults", () => {
    expect(
      fleetOf({ secrets, environments: { app: { health, capabilities: { c: { url: health } } } } }),
    ).toEqual({
      secrets,
      environments: {
        app: { health, instances: 1, allowHttp: false, capabilities: { c: { url: health, method: "GET" } } },
      },
      policy: {
        mode: "approve",
        environmentsPerRunMax: 5,
        cooldown: 3_600_000,
        fixesPerDayMax: 3,
        remindEvery: 86_400_000,
        unseenAfter: 86_400_000,
      },
    });
  });

  it("has a warning time of five days where only the life is given", () => {
    const fleet = fleetOf({
      secrets: { TOKEN: { source: { env: "T" }, expires: { after: "30d" } } },
      environments: { app: { health } },
    });
    expect(fleet.secrets["TOKEN"]?.expires).toEqual({ after: 30 * 86_400_000, warn: 5 * 86_400_000 });
  });
});

describe("hostile input", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic["body"] = cyclic;
  const nested = (depth: number): unknown => {
    let value: unknown = 1;
    for (let level = 0; level < depth; level += 1) value = [value];
    return value;
  };
  const bare = Object.create(null) as object;

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a list", []],
    ["a text", "secrets"],
    ["a number", Number.NaN],
    ["a function", () => undefined],
    ["a symbol", Symbol("fleet")],
    ["lists for objects", { secrets: [], environments: [], policy: [] }],
    ["null for objects", { secrets: null, environments: { app: null }, policy: null }],
    [
      "null within an environment",
      withEnvironment({ secrets: null, variables: null, capabilities: null, headers: null }),
    ],
    ["null for a capability", withEnvironment({ capabilities: { c: null } })],
    ["an object without a prototype", bare],
    [
      "objects without a prototype for a variable",
      withEnvironment({ secrets: ["TOKEN", "TOKEN"], variables: { TOKEN: bare } }),
    ],
    ["keys of a prototype", JSON.parse('{"__proto__": {"secrets": {}}, "constructor": {}}')],
    [
      "a secret called __proto__",
      JSON.parse(
        `{"secrets": {"__proto__": {"source": {"env": "T"}}}, "environments": {"app": {"health": "${health}"}}}`,
      ),
    ],
    [
      "an environment called __proto__",
      JSON.parse(
        `{"secrets": {"TOKEN": {"source": {"env": "T"}}}, "environments": {"__proto__": {"health": "${health}"}}}`,
      ),
    ],
    ["a body nested without end", withCapability({ body: cyclic })],
    ["a body nested very deep", withCapability({ body: nested(100_000) })],
    ["a huge text", withSecret({ source: { env: 1 } }, "A".repeat(1_000_000))],
  ])("such as %s is refused, and does not throw", (_, data) => {
    expect(mistakesIn(data)).not.toEqual([]);
  });

  it("of many entries is read", () => {
    const environments = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, index) => [`env-${index}`, { health }]),
    );
    expect(mistakesIn({ secrets, environments })).toEqual([]);
  });
});

describe("what an environment holds", () => {
  const fleet = fleetOf({
    secrets: { ...secrets, constructor: { source: { env: "C" } } },
    environments: {
      all: { health, variables: { TOKEN: "APP_TOKEN" } },
      none: { health, secrets: [] },
    },
  });
  const { all, none } = fleet.environments;

  it("is all secrets of the fleet unless it lists its own", () => {
    if (all === undefined || none === undefined) throw new Error("the test's fleet is incomplete");
    expect([secretsOf(fleet, all), secretsOf(fleet, none)]).toEqual([["TOKEN", "constructor"], []]);
  });

  it.each([
    ["TOKEN", "APP_TOKEN"],
    ["OTHER", "OTHER"],
    ["constructor", "constructor"],
  ])("calls %s in Railway %s", (secret, variable) => {
    expect(all && variableOf(all, secret)).toBe(variable);
  });

  it("calls it by its own name where it has no names of its own", () => {
    expect(none && variableOf(none, "TOKEN")).toBe("TOKEN");
  });
});

describe("what a capability sends", () => {
  it.each([
    [{}, []],
    [{ bearer: "A" }, ["A"]],
    [{ header: { X: "A", Y: "B" } }, ["A", "B"]],
    [{ bearer: "A", header: { X: "B", Y: "A" } }, ["A", "B"]],
  ])("by %o is %o, each once", (sent, secretNames) => {
    expect(dependenciesOf({ url: health, method: "GET", ...sent })).toEqual(secretNames);
  });
});
