import { describe, expect, it } from "vitest";

import {
  mistakesIn,
  pathsIn,
  secrets,
  withCapability,
  withEnvironment,
  withPolicy,
  withRailway,
  withSecret,
} from "./fleet-files.ts";
import { health } from "./world.ts";

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

describe("the form of a fleet file", () => {
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
    ["", { secrets, environments: { app: { health } }, environment: {} }, "environment"],
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
});
