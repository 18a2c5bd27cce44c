import { describe, expect, it } from "vitest";

import {
  dependenciesOf,
  type FleetMistake,
  fleetJsonSchema,
  readFleet,
  secretsOf,
  variableOf,
} from "../../functions/core/fleet.ts";
import { fleetOf, health, railway } from "./world.ts";

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

function mistakesIn(data: unknown): readonly FleetMistake[] {
  const reading = readFleet(data);
  return reading.kind === "mistakes" ? reading.mistakes : [];
}

const pathsIn = (data: unknown): string[] => mistakesIn(data).map(({ path }) => path.join("."));

const secrets = { TOKEN: { source: { env: "T" } } };
const withSecret = (entry: unknown, name = "TOKEN"): unknown => ({
  secrets: { [name]: entry },
  environments: { app: { health, secrets: [] } },
});
const withEnvironment = (entry: object, name = "app"): unknown => ({
  secrets,
  environments: { [name]: { health, ...entry } },
});
const withRailway = (change: object): unknown => withEnvironment({ railway: { ...railway, ...change } });
const withCapability = (change: object, name = "c"): unknown =>
  withEnvironment({ capabilities: { [name]: { url: "https://app.example.com/c", ...change } } });
const withPolicy = (policy: unknown): unknown => ({ secrets, environments: { app: { health } }, policy });
const a = (length: number): string => "a".repeat(length);

/** A rule of the form: where, what is accepted, what is not. */
const rules: readonly [string, string, (value: never) => unknown, readonly unknown[], readonly unknown[]][] =
  [
    [
      "an environment's name",
      "environments",
      (name: string) => withEnvironment({}, name),
      ["a", "0-a", a(63)],
      ["", "A", "-a", "a_b", a(64)],
    ],
    [
      "a secret's name",
      "secrets",
      (name: string) => withSecret(secrets.TOKEN, name),
      ["A", "_a.b-c", "constructor", a(128)],
      ["", "1A", "A B", a(129)],
    ],
    [
      "a source",
      "secrets.TOKEN.source",
      (source: unknown) => withSecret({ source }),
      [
        { env: "A" },
        { env: "A", older: ["B"], pending: "C" },
        { secretsManager: "a" },
        { secretsManager: "a", jsonKey: "b" },
      ],
      [
        undefined,
        {},
        "env",
        { env: "" },
        { env: "A", older: "B" },
        { secretsManager: "" },
        { secretsManager: "a", env: "A" },
        { secretsManager: "a", jsonKey: "" },
        { env: "A", older: Array(101).fill("B") },
      ],
    ],
    [
      "a life",
      "secrets.TOKEN.expires.after",
      (after: string) => withSecret({ ...secrets.TOKEN, expires: { after } }),
      ["1s", "15m", "6h", "30d"],
      ["", "30", "d", "1.5d", "-1d", "30 d", "1w", 30],
    ],
    [
      "a warning time",
      "secrets.TOKEN.expires.warn",
      (warn: string) => withSecret({ ...secrets.TOKEN, expires: { warn } }),
      ["5d"],
      ["soon"],
    ],
    [
      "a health address",
      "environments.app.health",
      (url: string) => withEnvironment({ health: url }),
      [health, "http://localhost:3000/health"],
      [
        "",
        "app.example.com",
        "ftp://app.example.com/",
        "https://user@app.example.com/",
        "https://:word@app.example.com/",
        1,
      ],
    ],
    [
      "a header's name",
      "environments.app.headers",
      (name: string) => withEnvironment({ headers: { [name]: "x" } }),
      ["X-A", "x!#", a(100)],
      ["", "X A", "X:", a(101)],
    ],
    [
      "a header's value",
      "environments.app.headers.X",
      (value: unknown) => withEnvironment({ headers: { X: value } }),
      ["x", { env: "A" }, { secretsManager: "a", jsonKey: "b" }],
      [1, null, {}, { env: "A", older: ["B"] }],
    ],
    [
      "the number of instances",
      "environments.app.instances",
      (instances: number) => withEnvironment({ instances }),
      [1, 100],
      [0, 101, 1.5, "2"],
    ],
    [
      "the permission of http",
      "environments.app.allowHttp",
      (allowHttp: unknown) => withEnvironment({ allowHttp }),
      [true, false],
      ["yes", 1],
    ],
    [
      "a list of secrets",
      "environments.app.secrets",
      (list: unknown) => withEnvironment({ secrets: list }),
      [[], ["TOKEN"]],
      ["TOKEN", {}],
    ],
    [
      "Railway's project",
      "environments.app.railway.project",
      (project: string) => withRailway({ project }),
      ["p"],
      ["", 1, undefined],
    ],
    [
      "Railway's environment",
      "environments.app.railway.environment",
      (environment: string) => withRailway({ environment }),
      ["e"],
      ["", 1, undefined],
    ],
    [
      "Railway's service",
      "environments.app.railway.service",
      (service: string) => withRailway({ service }),
      ["s"],
      ["", 1, undefined],
    ],
    [
      "Railway's token",
      "environments.app.railway.token",
      (token: unknown) => withRailway({ token }),
      [{ env: "A" }, { secretsManager: "a" }],
      ["literal", undefined, { env: "A", pending: "B" }],
    ],
    [
      "a variable's name",
      "environments.app.variables.TOKEN",
      (name: string) => withEnvironment({ variables: { TOKEN: name } }),
      ["A", "_a1", a(255), "MY_RAILWAY_X"],
      ["", "1A", "A-B", "A.B", a(256), "RAILWAY_TOKEN"],
    ],
    [
      "a capability's name",
      "environments.app.capabilities",
      (name: string) => withCapability({}, name),
      ["a", "Prüfung 1/2: x", a(64)],
      ["", " a", "a\n", a(65)],
    ],
    [
      "a capability's address",
      "environments.app.capabilities.c.url",
      (url: string) => withCapability({ url }),
      ["https://a.example/"],
      ["a.example", undefined],
    ],
    [
      "a capability's method",
      "environments.app.capabilities.c.method",
      (method: string) => withCapability({ method }),
      ["GET", "HEAD", "POST", "PUT"],
      ["get", "DELETE"],
    ],
    [
      "a capability's bearer",
      "environments.app.capabilities.c.bearer",
      (bearer: string) => withCapability({ bearer }),
      ["TOKEN"],
      [1, ""],
    ],
    [
      "a capability's verifier",
      "environments.app.capabilities.c.verifier",
      (verifier: string) => withCapability({ verifier }),
      ["app"],
      [1, "App"],
    ],
    [
      "the statuses that deny",
      "environments.app.capabilities.c.deniedStatuses",
      (deniedStatuses: unknown) => withCapability({ deniedStatuses }),
      [[403], [400, 499]],
      [[], 403],
    ],
    [
      "a status that denies",
      "environments.app.capabilities.c.deniedStatuses.0",
      (status: number) => withCapability({ deniedStatuses: [status] }),
      [400, 499],
      [399, 500, 401.5],
    ],
    [
      "the mode",
      "policy.mode",
      (mode: string) => withPolicy({ mode }),
      ["observe", "approve", "fix"],
      ["Fix", "", null],
    ],
    [
      "the most environments in a run",
      "policy.environmentsPerRunMax",
      (environmentsPerRunMax: number) => withPolicy({ environmentsPerRunMax }),
      [1, 500],
      [0, 1.5],
    ],
    [
      "the most fixes in a day",
      "policy.fixesPerDayMax",
      (fixesPerDayMax: number) => withPolicy({ fixesPerDayMax }),
      [1, 500],
      [0, "3"],
    ],
    [
      "the pause between fixes",
      "policy.cooldown",
      (cooldown: string) => withPolicy({ cooldown }),
      ["0s", "1h"],
      ["1 hour"],
    ],
    [
      "the pause between reminders",
      "policy.remindEvery",
      (remindEvery: string) => withPolicy({ remindEvery }),
      ["24h"],
      [24],
    ],
  ];

describe("a fleet file", () => {
  it("is accepted as the architecture shows it", () => {
    expect(mistakesIn(example)).toEqual([]);
  });

  const accepted = rules.flatMap(([what, , put, good]) =>
    good.map((value) => ({ what, data: put(value as never), value })),
  );
  it.each(accepted)("accepts $value for $what", ({ data }) => {
    expect(mistakesIn(data)).toEqual([]);
  });

  const refused = rules.flatMap(([what, path, put, , bad]) =>
    bad.map((value) => ({ what, path, data: put(value as never), value })),
  );
  it.each(refused)("refuses $value for $what, and says where", ({ path, data }) => {
    const at = pathsIn(data).filter((place) => place === path || place.startsWith(`${path}.`));
    expect(at).not.toEqual([]);
  });

  it.each([
    ["", { ...example, environment: {} }, "environment"],
    [" of a secret", withSecret({ ...secrets.TOKEN, expire: {} }), "secrets.TOKEN.expire"],
    [
      " of an expiry",
      withSecret({ ...secrets.TOKEN, expires: { warning: "5d" } }),
      "secrets.TOKEN.expires.warning",
    ],
    [" of an environment", withEnvironment({ instance: 2 }), "environments.app.instance"],
    [" of Railway", withRailway({ region: "eu" }), "environments.app.railway.region"],
    [" of a capability", withCapability({ headers: {} }), "environments.app.capabilities.c.headers"],
    [" of the policy", withPolicy({ dryRun: true }), "policy.dryRun"],
  ])("refuses a setting%s that does not exist", (_, data, path) => {
    expect(pathsIn(data)).toEqual([path]);
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

describe("the JSON schema", () => {
  const schema = JSON.parse(JSON.stringify(fleetJsonSchema()));

  /** Every node of a JSON document. */
  function nodesOf(node: unknown): object[] {
    return typeof node !== "object" || node === null ? [] : [node, ...Object.values(node).flatMap(nodesOf)];
  }
  const nodes = nodesOf(schema);

  it("is one of the 2020 draft, with a title", () => {
    expect(schema).toMatchObject({
      title: "Tallystick fleet",
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      required: ["secrets", "environments"],
    });
  });

  it.each([
    ...[
      "secrets",
      "environments",
      "policy",
      "source",
      "secretsManager",
      "jsonKey",
      "env",
      "older",
      "pending",
    ],
    ...["expires", "after", "warn", "health", "headers", "instances", "allowHttp", "railway", "project"],
    ...[
      "environment",
      "service",
      "token",
      "variables",
      "capabilities",
      "url",
      "method",
      "body",
      "bearer",
      "header",
    ],
    ...[
      "verifier",
      "deniedStatuses",
      "mode",
      "environmentsPerRunMax",
      "cooldown",
      "fixesPerDayMax",
      "remindEvery",
    ],
  ])("knows the setting %s", (setting) => {
    const settings = nodes.flatMap((node) =>
      "properties" in node ? Object.keys(Object(node.properties)) : [],
    );
    expect(settings).toContain(setting);
  });

  it("resolves every reference within itself", () => {
    const references = nodes.flatMap((node) => ("$ref" in node ? [String(node.$ref)] : []));
    const broken = references.filter((reference) => {
      const steps = reference.split("/").slice(1);
      return !reference.startsWith("#") || steps.reduce((at, step) => at?.[step], schema) === undefined;
    });
    expect(broken).toEqual([]);
  });

  it("refuses settings that do not exist, as the reader does", () => {
    const open = nodes.filter((node) => "properties" in node && !("additionalProperties" in node));
    expect(open).toEqual([]);
  });
});
