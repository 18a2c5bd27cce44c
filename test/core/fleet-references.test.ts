import { describe, expect, it } from "vitest";

import { isLoopback, referenceMistakes } from "../../functions/core/fleet-references.ts";
import { health, railway } from "./world.ts";

const source = { source: { env: "T" } };
const secrets = { TOKEN: source, OTHER: source };
const fleetWith = (entry: object): unknown => ({
  secrets,
  environments: { app: entry, gateway: { health } },
});
const capability = (change: object): unknown =>
  fleetWith({ health, capabilities: { c: { url: "https://app.example.com/c", ...change } } });
const clear = "http://app.example.com/health";

/** A rule: its place, and a fleet that breaks it beside one that keeps it by the least. */
const rules: readonly [string, string, unknown, unknown][] = [
  [
    "holds a secret",
    "secrets",
    { secrets: {}, environments: { app: { health } } },
    { secrets, environments: { app: { health } } },
  ],
  [
    "has an environment",
    "environments",
    { secrets, environments: {} },
    { secrets, environments: { app: { health } } },
  ],
  ["can see each environment by its health", "environments.app", fleetWith({}), fleetWith({ health })],
  [
    "can see each environment by Railway",
    "environments.app",
    fleetWith({ secrets: [] }),
    fleetWith({ railway }),
  ],
  [
    "judges by snapshots only where there are some",
    "environments.app.evidence",
    fleetWith({ health, evidence: "snapshot" }),
    fleetWith({ health, railway, evidence: "snapshot" }),
  ],
  [
    "asks for health over https",
    "environments.app.health",
    fleetWith({ health: clear }),
    fleetWith({ health: clear, allowHttp: true }),
  ],
  [
    "asks for health in clear on this machine only",
    "environments.app.health",
    fleetWith({ health: "http://127.0.0.1.example.com/" }),
    fleetWith({ health: "http://127.0.0.1/" }),
  ],
  [
    "lists secrets that it has",
    "environments.app.secrets.1",
    fleetWith({ health, secrets: ["TOKEN", "NOBODY"] }),
    fleetWith({ health, secrets: ["TOKEN", "OTHER"] }),
  ],
  [
    "names variables of secrets that it has",
    "environments.app.variables.NOBODY",
    fleetWith({ health, variables: { NOBODY: "A" } }),
    fleetWith({ health, variables: { TOKEN: "A" } }),
  ],
  [
    "gives each secret a variable of its own",
    "environments.app.variables.OTHER",
    fleetWith({ health, variables: { TOKEN: "A", OTHER: "A" } }),
    fleetWith({ health, variables: { TOKEN: "A", OTHER: "B" } }),
  ],
  [
    "gives no secret the variable that another has by its name",
    "environments.app.variables.OTHER",
    fleetWith({ health, variables: { OTHER: "TOKEN" } }),
    fleetWith({ health, variables: { OTHER: "TOKEN", TOKEN: "OTHER" } }),
  ],
  [
    "lets two secrets share a name where only one is held",
    "environments.app.variables.OTHER",
    fleetWith({ health, variables: { OTHER: "TOKEN" } }),
    fleetWith({ health, secrets: ["OTHER"], variables: { OTHER: "TOKEN" } }),
  ],
  [
    "sends as bearer what the environment holds",
    "environments.app.capabilities.c.bearer",
    capability({ bearer: "NOBODY" }),
    capability({ bearer: "TOKEN" }),
  ],
  [
    "sends as header what the environment holds",
    "environments.app.capabilities.c.header.X",
    capability({ header: { X: "NOBODY" } }),
    capability({ header: { X: "TOKEN" } }),
  ],
  [
    "sends nothing that only others hold",
    "environments.app.capabilities.c.bearer",
    fleetWith({ health, secrets: ["OTHER"], capabilities: { c: { url: health, bearer: "TOKEN" } } }),
    fleetWith({ health, secrets: ["OTHER"], capabilities: { c: { url: health, bearer: "OTHER" } } }),
  ],
  [
    "names a verifier that it has",
    "environments.app.capabilities.c.verifier",
    capability({ verifier: "nobody" }),
    capability({ verifier: "gateway" }),
  ],
  [
    "tries capabilities over https",
    "environments.app.capabilities.c.url",
    capability({ url: clear }),
    capability({ url: clear, allowHttp: true }),
  ],
  [
    "tries capabilities in clear where the environment allows it",
    "environments.app.capabilities.c.url",
    capability({ url: clear, allowHttp: false }),
    fleetWith({ health, allowHttp: true, capabilities: { c: { url: clear } } }),
  ],
];

const pathsIn = (data: unknown): string[] => referenceMistakes(data).map(({ path }) => path.join("."));

describe("a fleet", () => {
  it.each(rules)("%s: else %s is reported", (_, path, broken) => {
    expect(pathsIn(broken)).toEqual([path]);
  });

  it.each(rules)("%s: then nothing is reported at %s", (_, __, ___, kept) => {
    expect(pathsIn(kept)).toEqual([]);
  });

  it("says which variable is taken", () => {
    const [mistake] = referenceMistakes(fleetWith({ health, variables: { TOKEN: "A", OTHER: "A" } }));
    expect(mistake?.expected).toBe(
      "a variable of its own: another secret of this environment is in it already",
    );
  });

  describe("with two environments on one Railway service", () => {
    const railway = { project: "p", environment: "e", service: "s", token: { env: "T" } };
    const twoOf = (blue: object, green: object): object => ({
      secrets: { TOKEN: { source: { env: "T" } }, OTHER: { source: { env: "O" } } },
      environments: { blue: { railway, ...blue }, green: { railway, ...green } },
    });

    it("puts one secret into one variable, from both", () => {
      expect(pathsIn(twoOf({ secrets: ["TOKEN"] }, { secrets: ["TOKEN"] }))).toEqual([]);
    });

    it("does not put two secrets into one variable: they would overwrite each other at every repair", () => {
      const blue = { secrets: ["TOKEN"], variables: { TOKEN: "X" } };
      const green = { secrets: ["OTHER"], variables: { OTHER: "X" } };
      expect(pathsIn(twoOf(blue, green))).toEqual(["environments.green.variables.OTHER"]);
    });
  });

  it("tells a header called bearer from the bearer itself", () => {
    expect(pathsIn(capability({ header: { bearer: "NOBODY" } }))).toEqual([
      "environments.app.capabilities.c.header.bearer",
    ]);
  });

  it("leaves mistakes of form to the form: what is no name points nowhere", () => {
    const entry = {
      health: 1,
      secrets: [1, null],
      variables: [],
      capabilities: { c: { url: 1, bearer: 1, verifier: 1 }, d: [] },
    };
    expect(pathsIn(fleetWith(entry))).toEqual([]);
  });

  it("does not take a name that objects inherit for one of the fleet's", () => {
    expect(pathsIn(capability({ bearer: "toString", verifier: "constructor" }))).toEqual([
      "environments.app.capabilities.c.bearer",
      "environments.app.capabilities.c.verifier",
    ]);
  });

  it("leaves an address that is none to the form", () => {
    expect(pathsIn(fleetWith({ health: "no address" }))).toEqual([]);
  });
});

describe("this machine", () => {
  it.each(["localhost", "127.0.0.1", "127.255.0.3", "[::1]"])("is %s", (hostname) => {
    expect(isLoopback(hostname)).toBe(true);
  });

  it.each(["localhost.example.com", "127.0.0.1.example.com", "128.0.0.1", "10.0.0.1", "::1", "0.0.0.0", ""])(
    "is not %s",
    (hostname) => {
      expect(isLoopback(hostname)).toBe(false);
    },
  );
});
