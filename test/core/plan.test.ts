import { describe, expect, it } from "vitest";
import { diagnose } from "../../functions/core/diagnosis.ts";
import type { Truth } from "../../functions/core/observation.ts";
import type { Plan } from "../../functions/core/plan.ts";
import { planRemedies } from "../../functions/core/plan.ts";
import { actionKinds, isAction, remedyKinds } from "../../functions/core/remedy.ts";
import type { ServicePlan } from "../../functions/core/service-plans.ts";
import {
  fleetOf,
  health,
  heard,
  nowMs,
  observationOf,
  planOf,
  railway,
  remedyIn,
  remedyOf,
  type Seen,
  type Stored,
  service,
  silent,
  stage,
  type Told,
  texts,
  truthOf,
  version,
} from "./world.ts";

const { current, previous, foreign, other, pending } = texts;
const elsewhere = { ...railway, service: "another" };

const secrets = {
  TOKEN: { source: { secretsManager: "prod/token" } },
  OTHER: { source: { secretsManager: "prod/other" } },
};
const truths = new Map([
  ["TOKEN", truthOf()],
  ["OTHER", truthOf({ current: version(other), older: [version(texts.ancient)] })],
]);

function seen(
  environment: string,
  running: Told,
  stored: Readonly<Record<string, Stored>>,
  snapshot?: Readonly<Record<string, Stored>>,
): Seen {
  const state = service({ stored, ...(snapshot !== undefined && { snapshot }) });
  return { hearing: heard(environment, [running]), service: state };
}

function servicesOf(
  environments: Readonly<Record<string, object>>,
  sights: Readonly<Record<string, Seen>>,
  mode: "observe" | "approve" | "fix" = "fix",
): readonly ServicePlan[] {
  return planOf(fleetOf({ secrets, environments }), observationOf(sights, truths), mode).services;
}

const app = { health, railway };
const bothBehind = seen(
  "app",
  { TOKEN: previous, OTHER: texts.ancient },
  { TOKEN: previous, OTHER: texts.ancient },
);

describe("the plan of a service", () => {
  it("mends all of its secrets with one redeploy", () => {
    expect(servicesOf({ app }, { app: bothBehind })).toEqual([
      {
        railway,
        redeploy: true,
        targets: [
          { environment: "app", secret: "TOKEN", variable: "TOKEN", action: "set-and-redeploy" },
          { environment: "app", secret: "OTHER", variable: "OTHER", action: "set-and-redeploy" },
        ],
      },
    ]);
  });

  it("names the variable as Railway does", () => {
    const [plan] = servicesOf({ app: { ...app, variables: { TOKEN: "APP_TOKEN" } } }, { app: bothBehind });
    expect(plan?.targets.map(({ variable }) => variable)).toEqual(["APP_TOKEN", "OTHER"]);
  });

  it("joins two environments of the fleet that stand on it", () => {
    const plans = servicesOf(
      { app: { ...app, secrets: ["TOKEN"] }, worker: { ...app, secrets: ["OTHER"] } },
      { app: bothBehind, worker: seen("worker", { OTHER: null }, { OTHER: { kind: "unset" } }) },
    );
    expect(plans.map(({ targets }) => targets.map(({ environment }) => environment))).toEqual([
      ["app", "worker"],
    ]);
  });

  it.each([
    ["service", elsewhere],
    ["environment", { ...railway, environment: "staging" }],
    ["project", { ...railway, project: "another" }],
  ])("stays apart from the plan of another %s", (_, place) => {
    const worker = seen("worker", { TOKEN: previous }, { TOKEN: previous });
    const plans = servicesOf(
      { app: { ...app, secrets: ["TOKEN"] }, worker: { health, railway: place, secrets: ["TOKEN"] } },
      { app: bothBehind, worker },
    );
    expect(plans.map((plan) => plan.railway)).toEqual([railway, place]);
  });

  it("redeploys nothing where all that it mends is latent", () => {
    const latent = seen("app", { TOKEN: current, OTHER: other }, { TOKEN: previous, OTHER: other });
    expect(servicesOf({ app }, { app: latent })).toMatchObject([
      { redeploy: false, targets: [{ secret: "TOKEN", action: "set-quietly" }] },
    ]);
  });

  it("sets what is latent before a redeploy that is due anyway", () => {
    const mixed = seen("app", { TOKEN: current, OTHER: null }, { TOKEN: previous, OTHER: { kind: "unset" } });
    const [plan] = servicesOf({ app }, { app: mixed });
    expect([plan?.redeploy, plan?.targets.map(({ action }) => action)]).toEqual([
      true,
      ["set-quietly", "set-and-redeploy"],
    ]);
  });

  it.each(["observe", "approve"] as const)("does not exist in the mode %s", (mode) => {
    expect(servicesOf({ app }, { app: bothBehind }, mode)).toEqual([]);
  });

  it.each<[string, object, Seen]>([
    [
      "nothing is wrong",
      app,
      seen("app", { TOKEN: current, OTHER: other }, { TOKEN: current, OTHER: other }),
    ],
    ["nothing was heard", app, { ...bothBehind, hearing: silent }],
    ["Railway does not know the environment", { health }, bothBehind],
    [
      "only a person can mend it",
      app,
      seen("app", { TOKEN: previous, OTHER: other }, { TOKEN: { kind: "inherited" }, OTHER: other }),
    ],
  ])("does not exist where %s", (_, entry, sight) => {
    expect(servicesOf({ app: entry }, { app: sight })).toEqual([]);
  });
});

describe("a redeploy beside another secret's wrong stored value", () => {
  const template = version("cur-7Zt1Qm4Xw9\u0024{{Rb2Kd6Vn8");
  const latentTemplate = new Map([...truths, ["TOKEN", truthOf({ current: template })] as const]);
  const sight = seen(
    "app",
    { TOKEN: template.value.reveal(), OTHER: null },
    { TOKEN: previous, OTHER: other },
    { OTHER: { kind: "unset" } },
  );
  const plan = (entries: Readonly<Record<string, object>>, sights: Readonly<Record<string, Seen>>) =>
    planOf(fleetOf({ secrets, environments: entries }), observationOf(sights, latentTemplate));

  it("is withheld while that one cannot be mended now: it would start the process with it", () => {
    expect(remedyIn(plan({ app }, { app: sight }), "app", "OTHER")).toMatchObject({
      kind: "withheld",
      reason: "others-pending",
      wouldBe: "redeploy",
    });
  });

  it("is withheld on the other environment of the same service too", () => {
    const worker = seen("worker", { OTHER: null }, { OTHER: { kind: "unset" } });
    const entries = { app: { ...app, secrets: ["TOKEN"] }, worker: { ...app, secrets: ["OTHER"] } };
    expect(remedyIn(plan(entries, { app: sight, worker }), "worker", "OTHER")).toMatchObject({
      reason: "others-pending",
      wouldBe: "set-and-redeploy",
    });
  });

  it("is withheld where that one is not seen to run the same already", () => {
    const sealed = new Map([...latentTemplate]);
    const unreported = seen("app", { OTHER: null }, { TOKEN: previous, OTHER: { kind: "unset" } });
    const remedies = planOf(
      fleetOf({ secrets, environments: { app } }),
      observationOf({ app: unreported }, sealed),
    );
    expect(remedyIn(remedies, "app", "OTHER")).toMatchObject({ reason: "others-pending" });
  });

  it("is withheld where that one's source cannot be read, so that nothing is known of what would start", () => {
    const unread = new Map<string, Truth>([
      ...truths,
      ["TOKEN", { kind: "unreadable", code: "denied", detail: "no" }],
    ]);
    const sight = seen("app", { TOKEN: current, OTHER: null }, { TOKEN: current, OTHER: { kind: "unset" } });
    const remedies = planOf(
      fleetOf({ secrets, environments: { app } }),
      observationOf({ app: sight }, unread),
    );
    expect(remedyIn(remedies, "app", "OTHER")).toMatchObject({ reason: "others-pending" });
  });

  it.each([
    ["is carried out where that one would start with what serves already", current, "set-and-redeploy"],
    ["is withheld where that one would start with something else", foreign, "withheld"],
  ])("%s, though its source cannot be read", (_, served, kind) => {
    const unread = new Map<string, Truth>([
      ...truths,
      ["TOKEN", { kind: "unreadable", code: "denied", detail: "no" }],
    ]);
    const stored = { TOKEN: current, OTHER: { kind: "unset" } } as const;
    const sight = seen("app", { TOKEN: current, OTHER: null }, stored, { TOKEN: served });
    const remedies = planOf(
      fleetOf({ secrets, environments: { app } }),
      observationOf({ app: sight }, unread),
    );
    expect(remedyIn(remedies, "app", "OTHER")?.kind).toBe(kind);
  });

  it("is carried out where the process runs that wrong value already", () => {
    const running = { TOKEN: previous, OTHER: null };
    const sight = seen("app", running, { TOKEN: previous, OTHER: { kind: "unset" } });
    expect(remedyIn(plan({ app }, { app: sight }), "app", "OTHER")).toEqual({ kind: "set-and-redeploy" });
  });

  it("is carried out on another service", () => {
    const worker = seen("worker", { OTHER: null }, { OTHER: { kind: "unset" } });
    const entries = {
      app: { ...app, secrets: ["TOKEN"] },
      worker: { health, railway: elsewhere, secrets: ["OTHER"] },
    };
    expect(remedyIn(plan(entries, { app: sight, worker }), "worker", "OTHER")).toEqual({
      kind: "set-and-redeploy",
    });
  });

  it("is withheld while that one's rotation is under way, which still may be set quietly elsewhere", () => {
    const rotating = new Map([
      ["TOKEN", truthOf()],
      ["OTHER", truthOf({ current: version(other), older: [], pending: version(pending, nowMs) })],
    ]);
    const mixed = seen("app", { TOKEN: previous, OTHER: other }, { TOKEN: previous, OTHER: foreign });
    const remedies = planOf(
      fleetOf({ secrets, environments: { app } }),
      observationOf({ app: mixed }, rotating),
    );
    expect([remedyIn(remedies, "app", "TOKEN"), remedyIn(remedies, "app", "OTHER")]).toMatchObject([
      { reason: "others-pending", wouldBe: "set-and-redeploy" },
      { reason: "rotation-in-progress", wouldBe: "set-quietly" },
    ]);
  });

  it("does not keep a third secret from being set quietly", () => {
    const three = { ...secrets, THIRD: { source: { env: "THIRD" } } };
    const withThird = new Map([
      ...latentTemplate,
      ["THIRD", truthOf({ current: version(texts.newer), older: [] })] as const,
    ]);
    const running = { TOKEN: template.value.reveal(), OTHER: null, THIRD: texts.newer };
    const mixed = seen("app", running, { TOKEN: previous, OTHER: { kind: "unset" }, THIRD: foreign });
    const fleet = fleetOf({ secrets: three, environments: { app } });
    expect(planOf(fleet, observationOf({ app: mixed }, withThird)).services).toMatchObject([
      { redeploy: false, targets: [{ secret: "THIRD", action: "set-quietly" }] },
    ]);
  });

  it("is carried out where that one is mended by the same plan", () => {
    const mixed = seen("app", { TOKEN: current, OTHER: null }, { TOKEN: previous, OTHER: { kind: "unset" } });
    const remedies = planOf(
      fleetOf({ secrets, environments: { app } }),
      observationOf({ app: mixed }, truths),
    );
    expect(remedyIn(remedies, "app", "OTHER")).toEqual({ kind: "set-and-redeploy" });
  });
});

describe("a repair that this run may not make", () => {
  it("is withheld for its mode, and only that one", () => {
    const fleet = fleetOf({ secrets, environments: { app } });
    const observation = observationOf({ app: bothBehind }, truths);
    const mayRepair = (environment: string, secret: string) => environment === "app" && secret === "OTHER";
    const plan = planRemedies(fleet, diagnose(fleet, observation, nowMs), observation, "fix", {
      mayRepair,
    });
    expect([remedyIn(plan, "app", "TOKEN"), remedyIn(plan, "app", "OTHER")]).toEqual([
      { kind: "withheld", reason: "mode", wouldBe: "set-and-redeploy" },
      { kind: "set-and-redeploy" },
    ]);
  });
});

describe("a value that Railway would take for a template", () => {
  const template = version("cur-7Zt1Qm4Xw9\u0024{{Rb2Kd6Vn8");
  const running = [previous];

  it.each<[string, Stored]>([
    ["set and redeployed", previous],
    ["set over a sealed one", { kind: "sealed" }],
  ])("is not %s: a person replaces it", (_, stored) => {
    const scene = { truth: { current: template }, running, service: service({ stored: { TOKEN: stored } }) };
    expect(remedyOf(scene)).toMatchObject({
      kind: "by-hand",
      steps: [expect.stringContaining("renders as a reference"), expect.anything(), expect.anything()],
    });
  });

  it("is redeployed where it is stored already, however it came there", () => {
    const text = template.value.reveal();
    const state = service({ stored: { TOKEN: text }, snapshot: { TOKEN: previous } });
    expect(remedyOf({ truth: { current: template }, running, service: state })).toEqual({ kind: "redeploy" });
  });
});

describe("remedies", () => {
  it.each(remedyKinds)("of the kind %s are actions only where the tool itself acts", (kind) => {
    const remedy = { kind, steps: [], reason: "mode", wouldBe: "redeploy" } as never;
    expect(isAction(remedy)).toBe((actionKinds as readonly string[]).includes(kind));
  });

  it("are given for every secret that every environment holds", () => {
    const fleet = fleetOf({
      secrets,
      environments: { app, bare: { health, secrets: [] }, one: { health, secrets: ["OTHER"] } },
    });
    const { remedies } = planOf(fleet, observationOf({}, truths));
    expect([...remedies].map(([name, own]) => [name, [...own.keys()]])).toEqual([
      ["app", ["TOKEN", "OTHER"]],
      ["bare", []],
      ["one", ["OTHER"]],
    ]);
  });

  it("are none for an environment of the diagnosis that the fleet does not know", () => {
    const { fleet, observation } = stage({ running: [previous] });
    const diagnosis = diagnose(fleet, observation, nowMs);
    const { remedies } = planRemedies({ ...fleet, environments: {} }, diagnosis, observation, "fix");
    expect([...remedies]).toEqual([]);
  });
});

describe("the policy's bound on one run", () => {
  const names = ["a", "b", "c", "d"];
  const planWith = (environmentsPerRunMax: number, services: readonly string[] = names): Plan => {
    const environments = Object.fromEntries(
      names.map((name, index) => [
        name,
        { health, railway: { ...railway, service: services[index] ?? name } },
      ]),
    );
    const fleet = fleetOf({ secrets, environments, policy: { environmentsPerRunMax } });
    const old = { TOKEN: previous, OTHER: texts.ancient };
    const sights = Object.fromEntries(names.map((name) => [name, seen(name, old, old)]));
    const observation = observationOf(sights, truths);
    return planRemedies(fleet, diagnose(fleet, observation, nowMs), observation, "fix");
  };
  const planned = ({ services }: Plan) => [
    ...new Set(services.flatMap(({ targets }) => targets.map(({ environment }) => environment))),
  ];

  it("leaves what is beyond it to the next run, and says so", () => {
    const plan = planWith(2);

    expect(planned(plan)).toEqual(["a", "b"]);
    expect(remedyIn(plan, "b", "TOKEN")).toEqual({ kind: "set-and-redeploy" });
    expect(remedyIn(plan, "c", "TOKEN")).toEqual({
      kind: "withheld",
      reason: "limit",
      wouldBe: "set-and-redeploy",
      detail: "the policy allows 2 environments in a run",
    });
  });

  it("counts environments, and cuts no service in two", () => {
    expect(planned(planWith(3, ["s1", "s1", "s2", "s2"]))).toEqual(["a", "b"]);
    expect(planned(planWith(4, ["s1", "s1", "s2", "s2"]))).toEqual(names);
  });

  it("is less than the one service that is always begun", () => {
    expect(planned(planWith(1, ["s1", "s1", "s2", "s3"]))).toEqual(["a", "b"]);
  });
});
