import { describe, expect, it } from "vitest";

import { narrowFleet, scopeMistakes } from "../../functions/core/scope.ts";
import { fleetOf, health } from "./world.ts";

const fleet = fleetOf({
  secrets: { TOKEN: { source: { env: "T" } }, OTHER: { source: { env: "O" } } },
  environments: {
    app: {
      health,
      capabilities: {
        open: { url: health },
        token: { url: health, bearer: "TOKEN" },
        both: { url: health, bearer: "TOKEN", header: { X: "OTHER" } },
      },
    },
    vps: { health, secrets: ["OTHER"] },
  },
});

describe("a long list of names", () => {
  it("is told in part", () => {
    const environments = Object.fromEntries(
      Array.from({ length: 14 }, (_, index) => [`env-${index}`, { health }]),
    );
    const many = fleetOf({ secrets: { TOKEN: { source: { env: "T" } } }, environments });

    const [mistake] = scopeMistakes(many, { environments: ["vsp"] });

    expect(mistake).toMatch(/env-11 and 2 more$/);
  });
});

describe("a scope", () => {
  it.each([
    ["nothing", {}],
    ["what the fleet has", { environments: ["vps", "app"], secrets: ["OTHER"] }],
    ["empty lists", { environments: [], secrets: [] }],
  ])("may name %s", (_, scope) => {
    expect(scopeMistakes(fleet, scope)).toEqual([]);
  });

  it("may not name what the fleet has not; each mistake says what there is", () => {
    expect(scopeMistakes(fleet, { environments: ["app", "mac"], secrets: ["toString", "TOKEN"] })).toEqual([
      '"mac" is no environment of this fleet; it has app, vps',
      '"toString" is no secret of this fleet; it has TOKEN, OTHER',
    ]);
  });

  it("quotes what was asked for, so that no control character reaches a terminal", () => {
    expect(scopeMistakes(fleet, { secrets: ["\u001b[2J"] })[0]).toContain('"\\u001b[2J"');
  });
});

describe("a narrowed fleet", () => {
  it("is the fleet itself where the scope names nothing", () => {
    expect(narrowFleet(fleet, {})).toBe(fleet);
  });

  it("has the environments that were asked for", () => {
    expect(Object.keys(narrowFleet(fleet, { environments: ["vps"] }).environments)).toEqual(["vps"]);
  });

  it("asks each environment for the secrets that were asked for", () => {
    const { environments } = narrowFleet(fleet, { secrets: ["TOKEN"] });
    expect([environments["app"]?.secrets, environments["vps"]?.secrets]).toEqual([["TOKEN"], []]);
  });

  it("tries the capabilities that need no other secret", () => {
    const { environments } = narrowFleet(fleet, { secrets: ["TOKEN"] });
    expect(Object.keys(environments["app"]?.capabilities ?? {})).toEqual(["open", "token"]);
  });

  it("keeps all secrets, for values are compared with each other", () => {
    expect(Object.keys(narrowFleet(fleet, { secrets: ["TOKEN"] }).secrets)).toEqual(["TOKEN", "OTHER"]);
  });

  it("keeps the policy", () => {
    expect(narrowFleet(fleet, { environments: [] }).policy).toEqual(fleet.policy);
  });
});
