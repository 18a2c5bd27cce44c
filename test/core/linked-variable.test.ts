import { describe, expect, it } from "vitest";
import type { VariableLink } from "../../functions/core/observation.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import {
  fleetOf,
  health,
  heard,
  observationOf,
  planOf,
  railway,
  remedyIn,
  type Seen,
  type Stored,
  service,
  silent,
  texts,
  truthOf,
  version,
} from "./world.ts";

const { current, previous } = texts;
const templated = `${current}\${{x}}`;

const user = (serviceId: string, variable = "TOKEN") => ({ serviceId, variable });
const shared: VariableLink = { serviceId: null, variable: "SHARED", users: [user("one"), user("two")] };

interface LinkScene {
  /** What the shared variable holds. @default the previous version */
  readonly holds?: string;
  /** What both processes run. @default the previous version */
  readonly runs?: string;
  readonly link?: VariableLink | undefined;
  readonly two?: Seen;
  readonly entryTwo?: object;
  readonly truth?: string;
}

/** Two services, `one` and `two`, whose TOKEN is the environment's SHARED. */
function planWith({ holds = previous, runs = previous, two, entryTwo, truth = current, ...rest }: LinkScene) {
  const link = "link" in rest ? rest.link : shared;
  const stored: Stored = {
    ...{ kind: "reference", to: "shared.SHARED", value: new Secret(holds) },
    ...(link !== undefined && { link }),
  };
  const seen = (name: string): Seen => ({
    hearing: heard(name, [{ TOKEN: runs }]),
    service: service({ stored: { TOKEN: stored }, snapshot: { TOKEN: runs } }),
  });
  const fleet = fleetOf({
    secrets: { TOKEN: { source: { secretsManager: "prod/token" } } },
    environments: {
      one: { health, railway: { ...railway, service: "one" } },
      two: { health, railway: { ...railway, service: "two" }, ...entryTwo },
    },
  });
  const truths = new Map([["TOKEN", truthOf({ current: version(truth) })]]);
  return planOf(fleet, observationOf({ one: seen("one"), two: { ...seen("two"), ...two } }, truths));
}

const remedyOfOne = (scene: LinkScene) => remedyIn(planWith(scene), "one", "TOKEN");

describe("what several services take their value from", () => {
  it("is set where it is, and each of them is redeployed", () => {
    const { services } = planWith({});

    const place = { secret: "TOKEN", variable: "SHARED", ownerId: null, action: "set-and-redeploy" };
    expect(services.map(({ targets, redeploy }) => ({ targets, redeploy }))).toEqual([
      { targets: [{ environment: "one", ...place }], redeploy: true },
      { targets: [{ environment: "two", ...place }], redeploy: true },
    ]);
  });

  it("is set quietly where the processes are right", () => {
    expect(remedyOfOne({ runs: current })).toEqual({ kind: "set-quietly" });
  });

  it("is not touched where it is right already: a redeploy brings it in", () => {
    expect(remedyOfOne({ holds: current })).toEqual({ kind: "redeploy" });
  });

  it.each<[string, LinkScene, string]>([
    ["nobody knows what else does", { link: undefined }, "could not be told for sure"],
    [
      "a service does that is not in the fleet",
      { link: { ...shared, users: [user("one"), user("three", "AUTH")] } },
      "AUTH of the service three takes its value from there too",
    ],
    [
      "a service of the fleet does with another variable",
      { link: { ...shared, users: [user("one"), user("two", "OTHER")] } },
      "OTHER of the service two",
    ],
    [
      "a service of the fleet does that does not hold the secret",
      { entryTwo: { secrets: [] } },
      "service two",
    ],
    [
      "the service is in the fleet, in another environment of Railway",
      { entryTwo: { railway: { ...railway, service: "two", environment: "e0a2" } } },
      "service two",
    ],
  ])("is a person's where %s", (_, scene, words) => {
    const remedy = remedyOfOne(scene);
    expect(remedy.kind === "by-hand" && remedy.steps.join(" ")).toContain(words);
  });

  it("is a person's where Railway would take the value for a template", () => {
    const remedy = remedyOfOne({ truth: templated });
    expect(remedy.kind === "by-hand" && remedy.steps[0]).toContain("which Railway renders as a reference");
  });

  it("is left alone while one that takes it was not seen", () => {
    expect(remedyOfOne({ two: { hearing: silent } })).toEqual({
      ...{ kind: "withheld", reason: "unseen", wouldBe: "set-and-redeploy" },
      detail: "two takes its value from there too, and was not seen",
    });
  });
});
