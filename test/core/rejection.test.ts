import { describe, expect, it } from "vitest";

import { diagnose } from "../../functions/core/diagnosis.ts";
import { verifierOf } from "../../functions/core/rejection.ts";
import {
  denied,
  fleetOf,
  forbidden,
  health,
  heard,
  holderIn,
  nowMs,
  observationOf,
  planOf,
  remedyIn,
  type Seen,
  service,
  silent,
  texts,
  truthOf,
  version,
  works,
} from "./world.ts";

const gateway = "https://gateway.example.com/tools/invoke";
const bearer = { url: gateway, bearer: "TOKEN", verifier: "gateway" };
const source = (id: string) => ({ source: { secretsManager: id } });

/** `app` sends TOKEN to `gateway`, which checks it. */
function stage(seen: Readonly<Record<string, Seen>>, capabilities: object = { sessions: bearer }) {
  const fleet = fleetOf({
    secrets: { TOKEN: source("prod/token"), OTHER: source("prod/other") },
    environments: {
      app: { health, capabilities },
      gateway: { health: "https://gateway.example.com/health" },
    },
  });
  const truths = new Map([
    ["TOKEN", truthOf()],
    ["OTHER", truthOf({ current: version(texts.other), older: [] })],
  ]);
  const observation = observationOf(seen, truths);
  return { fleet, observation, diagnosis: diagnose(fleet, observation, nowMs) };
}

const values = { TOKEN: texts.current, OTHER: texts.other };
const inSync = (name: string): Seen => ({ hearing: heard(name, [values]) });
const drifted = (name: string): Seen => ({ hearing: heard(name, [{ ...values, TOKEN: texts.previous }]) });

function stateOf(...parameters: Parameters<typeof stage>): string | undefined {
  return stage(...parameters).diagnosis.secrets.get("TOKEN")?.state;
}

describe("a denied secret is", () => {
  it("rejected where all hold it in sync, the verifier included", () => {
    const app = { ...inSync("app"), probes: { sessions: denied } };
    expect(stateOf({ app, gateway: inSync("gateway") })).toBe("rejected");
  });

  it("verifier-unseen where the verifier is silent", () => {
    const app = { ...inSync("app"), probes: { sessions: denied } };
    expect(stateOf({ app, gateway: { hearing: silent } })).toBe("verifier-unseen");
  });

  it("verifier-unseen where the fleet does not say who verifies", () => {
    const app = { ...inSync("app"), probes: { sessions: denied } };
    const anonymous = { sessions: { url: "https://elsewhere.example.com/", bearer: "TOKEN" } };
    expect(stateOf({ app, gateway: inSync("gateway") }, anonymous)).toBe("verifier-unseen");
  });

  it("rejected where the environment itself verifies, at its own address", () => {
    const app = { ...inSync("app"), probes: { sessions: denied } };
    const own = {
      sessions: { url: "https://app.example.com/sessions", header: { "X-Internal-Secret": "TOKEN" } },
    };
    expect(stateOf({ app, gateway: inSync("gateway") }, own)).toBe("rejected");
  });

  it("rejected where one of several verifiers is in sync", () => {
    const app = { ...inSync("app"), probes: { sessions: denied, elsewhere: denied } };
    const both = { sessions: bearer, elsewhere: { url: "https://elsewhere.example.com/", bearer: "TOKEN" } };
    expect(stateOf({ app, gateway: inSync("gateway") }, both)).toBe("rejected");
  });
});

describe("a denied secret is not blamed", () => {
  const app = { ...inSync("app"), probes: { sessions: denied } };
  const two = { sessions: bearer, again: bearer };
  const mixed = { sessions: { ...bearer, header: { "X-Other": "OTHER" } } };
  const throttled = { kind: "broken", httpStatus: 429 } as const;

  it.each<[string, Parameters<typeof stage>]>([
    [
      "by a 403 of which the fleet says nothing",
      [{ app: { ...app, probes: { sessions: forbidden } }, gateway: inSync("gateway") }],
    ],
    [
      "by a 429, which may be a lockout",
      [{ app: { ...app, probes: { sessions: throttled } }, gateway: inSync("gateway") }],
    ],
    [
      "where another capability that sends it works",
      [{ app: { ...app, probes: { sessions: denied, again: works } }, gateway: inSync("gateway") }, two],
    ],
    ["where another secret was sent with it", [{ app, gateway: inSync("gateway") }, mixed]],
    ["while the verifier is out of sync", [{ app, gateway: drifted("gateway") }]],
    [
      "while the sender is out of sync",
      [{ app: { ...drifted("app"), probes: { sessions: denied } }, gateway: inSync("gateway") }],
    ],
    [
      "while the sender was not heard, though the verifier was",
      [{ app: { hearing: silent, probes: { sessions: denied } }, gateway: inSync("gateway") }],
    ],
    ["where nothing was tried", [{ app: inSync("app"), gateway: inSync("gateway") }]],
  ])("%s", (_, parameters) => {
    expect(stateOf(...parameters)).toBe("valid");
  });
});

describe("a denied secret that ended by itself", () => {
  it("is expired, not rejected", () => {
    const fleet = fleetOf({
      secrets: { TOKEN: { ...source("prod/token"), expires: { after: "1d" } } },
      environments: { app: { health, capabilities: { own: { url: health, bearer: "TOKEN" } } } },
    });
    const truths = new Map([["TOKEN", truthOf({ current: version(texts.current, 0) })]]);
    const app = { hearing: heard("app", [{ TOKEN: texts.current }]), probes: { own: denied } };
    expect(diagnose(fleet, observationOf({ app }, truths), nowMs).secrets.get("TOKEN")?.state).toBe(
      "expired",
    );
  });
});

describe("a 403 that the fleet takes for a denial", () => {
  it("is blamed on the secret", () => {
    const app = { ...inSync("app"), probes: { sessions: { ...forbidden, blamesSecret: true } } };
    expect(stateOf({ app, gateway: inSync("gateway") })).toBe("rejected");
  });
});

describe("a rejected secret", () => {
  const app = { ...inSync("app"), probes: { sessions: denied } };

  it("is the cause on the environment that was denied", () => {
    const { diagnosis } = stage({ app, gateway: inSync("gateway") });
    expect(holderIn(diagnosis, "app", "TOKEN").cause).toBe("rejected");
  });

  it("is no cause on one that was not", () => {
    const { diagnosis } = stage({ app, gateway: inSync("gateway") });
    expect(holderIn(diagnosis, "gateway", "TOKEN").cause).toBeUndefined();
  });

  it("is no cause of another secret's holder", () => {
    const { diagnosis } = stage({ app, gateway: inSync("gateway") });
    expect(holderIn(diagnosis, "app", "OTHER").cause).toBeUndefined();
  });

  it("is no cause where the verifier was not seen", () => {
    const { diagnosis } = stage({ app, gateway: { hearing: silent } });
    expect(holderIn(diagnosis, "app", "TOKEN").cause).toBeUndefined();
  });

  it("is refreshed by hand, never synced", () => {
    const { fleet, observation } = stage({ app, gateway: inSync("gateway") });
    expect(remedyIn(planOf(fleet, observation), "app", "TOKEN").kind).toBe("by-hand");
  });

  it("is refreshed by hand even where its source is suspect: a new value is what that source needs", () => {
    const fleet = fleetOf({
      secrets: { TOKEN: source("prod/token") },
      environments: { app: { health, capabilities: { own: { url: health, bearer: "TOKEN" } } } },
    });
    const mangled = `${texts.previous} `;
    const truths = new Map([["TOKEN", truthOf({ current: version(mangled) })]]);
    const seen = { hearing: heard("app", [{ TOKEN: mangled }]), probes: { own: denied } };
    const observation = observationOf({ app: seen }, truths);
    expect(remedyIn(planOf(fleet, observation), "app", "TOKEN").kind).toBe("by-hand");
  });

  it("leaves a latent variable latent: that can be mended", () => {
    const fleet = fleetOf({
      secrets: { TOKEN: source("prod/token") },
      environments: {
        app: {
          health,
          railway: { project: "p", environment: "e", service: "s", token: { env: "T" } },
          capabilities: { own: { url: "https://app.example.com/", bearer: "TOKEN" } },
        },
      },
    });
    const hearing = heard("app", [{ TOKEN: texts.current }]);
    const seen = {
      hearing,
      service: service({ stored: { TOKEN: texts.previous } }),
      probes: { own: denied },
    };
    expect(holderIn(diagnose(fleet, observationOf({ app: seen }), nowMs), "app", "TOKEN").cause).toBe(
      "latent",
    );
  });
});

describe("the verifier of a capability", () => {
  const entryOf = (entry: object) => {
    const { environments } = fleetOf({ secrets: { TOKEN: source("t") }, environments: { app: entry } });
    const app = environments["app"];
    const capability = app?.capabilities?.["c"];
    if (app === undefined || capability === undefined)
      throw new Error("the test's fleet has no capability c");
    return verifierOf("app", app, capability);
  };
  const c = { url: "https://app.example.com/c" };
  const railway = { project: "p", environment: "e", service: "s", token: { env: "T" } };

  it.each([
    ["the one that is named", { health, capabilities: { c: { ...c, verifier: "app" } } }, "app"],
    ["the environment itself, where the address is its own", { health, capabilities: { c } }, "app"],
    [
      "nobody known, at another port",
      { health, capabilities: { c: { url: "https://app.example.com:8443/c" } } },
      undefined,
    ],
    ["nobody known, at another host", { health, capabilities: { c: { url: gateway } } }, undefined],
    ["nobody known, where the environment has no address", { railway, capabilities: { c } }, undefined],
  ])("is %s", (_, entry, verifier) => {
    expect(entryOf(entry)).toBe(verifier);
  });
});
