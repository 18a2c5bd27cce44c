import { describe, expect, it } from "vitest";

import { type Cause, causes } from "../../functions/core/cause.ts";
import type { Hearing } from "../../functions/core/observation.ts";
import type { Remedy } from "../../functions/core/remedy.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import {
  dayMs,
  heard,
  holderOf,
  nowMs,
  railway,
  remedyOf,
  type Scene,
  type Stored,
  service,
  silent,
  texts,
  unseenService,
  version,
} from "./world.ts";

const { current, previous, ancient, foreign, pending } = texts;

/** TOKEN on Railway: what runs, what is stored, and what the serving and earlier deployments were started with. */
function onRailway(
  running: string | null,
  stored: Stored,
  snapshot?: Stored,
  earlier: readonly Stored[] = [],
): Scene {
  return {
    running: [running],
    service: service({
      stored: { TOKEN: stored },
      ...(snapshot !== undefined && { snapshot: { TOKEN: snapshot } }),
      earlier: earlier.map((text) => ({ TOKEN: text })),
    }),
  };
}

/** A reference to what holds this; what else hangs on it is not known. */
function linkedTo(text: string): Stored {
  return { kind: "reference", to: "shared.TOKEN", value: new Secret(text) };
}

type Row = [string, Scene, Cause | undefined, Remedy["kind"]];

const rows: readonly Row[] = [
  [
    "wrong, stored right, started with a wrong value",
    onRailway(previous, current, previous),
    "process",
    "redeploy",
  ],
  [
    "wrong, stored right, started while it was not set",
    onRailway(null, current, { kind: "unset" }),
    "process",
    "redeploy",
  ],
  [
    "wrong, stored right, started before the current version existed",
    { ...onRailway(previous, current), truth: { current: version(current, nowMs - dayMs + 1) } },
    "process",
    "redeploy",
  ],
  [
    "right in one instance only, stored right, started with the right value",
    { ...onRailway(previous, current, current), running: [current, previous] },
    "process",
    "redeploy",
  ],
  [
    "wrong in every instance in its own way, stored right, started with the right value",
    { ...onRailway(previous, current, current), running: [ancient, previous] },
    "override",
    "by-hand",
  ],
  [
    "wrong, stored right, started with the right value",
    onRailway(previous, current, current),
    "override",
    "by-hand",
  ],
  [
    "wrong, stored right, started at the very moment when the current version was created",
    { ...onRailway(previous, current, current), truth: { current: version(current, nowMs - dayMs) } },
    "override",
    "by-hand",
  ],
  ["wrong, stored right, snapshot not readable", onRailway(previous, current), "undetermined", "by-hand"],
  [
    "wrong, stored right, snapshot sealed",
    onRailway(previous, current, { kind: "sealed" }),
    "undetermined",
    "by-hand",
  ],
  ["wrong, stored wrong alike", onRailway(previous, previous, previous), "variable", "set-and-redeploy"],
  ["wrong, stored wrong otherwise", onRailway(previous, foreign), "variable", "set-and-redeploy"],
  ["wrong, not stored", onRailway(null, { kind: "unset" }), "variable", "set-and-redeploy"],
  ["wrong, stored mangled", onRailway(`${current}\n`, `${current}\n`), "variable", "set-and-redeploy"],
  [
    "wrong, stored the pending version",
    {
      ...onRailway(previous, pending),
      truth: { pending: version(pending, nowMs - 2 * dayMs) },
    },
    "variable",
    "set-and-redeploy",
  ],
  ["right, stored wrong", onRailway(current, previous), "latent", "set-quietly"],
  ["right, not stored", onRailway(current, { kind: "unset" }), "latent", "set-quietly"],
  [
    "the pending version, stored wrong",
    {
      ...onRailway(pending, previous),
      truth: { pending: version(pending, nowMs - 2 * dayMs) },
    },
    "latent",
    "set-quietly",
  ],
  ["right, stored right", onRailway(current, current), undefined, "none"],
  ["right, stored sealed", onRailway(current, { kind: "sealed" }), undefined, "none"],
  ["right, stored a reference", onRailway(current, { kind: "reference" }), undefined, "none"],
  ["right, Railway not seen", { service: unseenService }, undefined, "none"],
  [
    "wrong, stored a reference",
    onRailway(previous, { kind: "reference", to: "shared.TOKEN" }),
    "shared",
    "by-hand",
  ],
  ["right, linked to what is wrong", onRailway(current, linkedTo(previous)), "latent", "by-hand"],
  ["right, linked to what is right", onRailway(current, linkedTo(current)), undefined, "none"],
  ["wrong, linked to what is wrong", onRailway(previous, linkedTo(previous)), "shared", "by-hand"],
  [
    "wrong, linked to what is right, and started with the wrong value",
    onRailway(previous, linkedTo(current), previous),
    "process",
    "redeploy",
  ],
  [
    "wrong, linked to what is right, and started with the right value",
    onRailway(previous, linkedTo(current), current),
    "override",
    "by-hand",
  ],
  ["wrong, inherited from shared", onRailway(previous, { kind: "inherited" }), "shared", "by-hand"],
  ["wrong, stored sealed", onRailway(previous, { kind: "sealed" }), "undetermined", "set-and-redeploy"],
  ["wrong, Railway not seen", { running: [previous], service: unseenService }, "undetermined", "withheld"],
  [
    "wrong, Railway not asked",
    {
      running: [previous],
      environment: { railway },
    },
    "undetermined",
    "set-and-redeploy",
  ],
  ["not seen, stored wrong", { ...onRailway(current, previous), hearing: silent }, undefined, "none"],
  ["not seen, stored right", { ...onRailway(current, current), hearing: silent }, undefined, "none"],
];

describe("what runs on Railway is", () => {
  it.each(rows)("%s", (_, scene, cause, remedy) => {
    expect([holderOf(scene).cause, remedyOf(scene).kind]).toEqual([cause, remedy]);
  });
});

describe("a rollback is", () => {
  it.each<[string, Scene]>([
    ["an older version after the current one", onRailway(previous, previous, previous, [current])],
    ["an older version after a newer one", onRailway(ancient, ancient, ancient, [previous])],
    ["so however long ago the newer one was", onRailway(previous, previous, previous, [previous, current])],
    [
      "so beside a deployment with something else",
      onRailway(previous, previous, previous, [foreign, current]),
    ],
  ])("%s", (_, scene) => {
    expect([holderOf(scene).cause, remedyOf(scene).kind]).toEqual(["rollback", "set-and-redeploy"]);
  });

  it.each<[string, Scene]>([
    ["where no earlier deployment is known", onRailway(previous, previous, previous)],
    ["where the earlier deployments had the same", onRailway(previous, previous, previous, [previous])],
    ["where the earlier deployments were older still", onRailway(previous, previous, previous, [ancient])],
    ["where the earlier deployments had a foreign value", onRailway(previous, previous, previous, [foreign])],
    [
      "where the earlier deployment's value is sealed",
      onRailway(previous, previous, previous, [{ kind: "sealed" }]),
    ],
    ["where the stored value is no older version", onRailway(previous, foreign, previous, [current])],
    [
      "where the deployment was started with no older version",
      onRailway(previous, previous, foreign, [current]),
    ],
    ["where the snapshot could not be read", onRailway(previous, previous, undefined, [current])],
  ])("not seen %s", (_, scene) => {
    expect(holderOf(scene).cause).toBe("variable");
  });
});

describe("what runs on a host that Railway does not know is", () => {
  const [one, two] = [{ TOKEN: previous }, { TOKEN: ancient }];
  const together = (hearings: readonly Hearing[]): Hearing => ({
    kind: "heard",
    instances: hearings.flatMap((hearing) => (hearing.kind === "heard" ? hearing.instances : [])),
    instancesExpected: hearings.length,
  });
  const agreeing = together([heard("app", [one], { stored: one }), heard("app", [one], { stored: one })]);
  const differing = together([heard("app", [one], { stored: one }), heard("app", [one], { stored: two })]);
  const oneTells = together([heard("app", [one]), heard("app", [one], { stored: one })]);

  it.each<Row>([
    ["wrong, its configuration wrong", { running: [previous], toldStored: previous }, "variable", "by-hand"],
    ["wrong, not set in its configuration", { running: [previous], toldStored: null }, "variable", "by-hand"],
    ["wrong, its configuration right", { running: [previous], toldStored: current }, "process", "by-hand"],
    ["wrong, its configuration not told", { running: [previous] }, "undetermined", "by-hand"],
    ["right, its configuration wrong", { toldStored: previous }, "latent", "by-hand"],
    ["right, its configuration right", { toldStored: current }, undefined, "none"],
    ["wrong, its instances' configurations alike", { hearing: agreeing }, "variable", "by-hand"],
    ["wrong, its instances' configurations different", { hearing: differing }, "undetermined", "by-hand"],
    ["wrong, one of its instances telling its configuration", { hearing: oneTells }, "variable", "by-hand"],
  ])("%s", (_, scene, cause, remedy) => {
    expect([holderOf(scene).cause, remedyOf(scene).kind]).toEqual([cause, remedy]);
  });

  it("is said to have unknown configurations where its instances' differ", () => {
    expect(holderOf({ hearing: differing }).stored).toMatchObject({ kind: "unknown" });
  });

  it("is judged by Railway's variables, not by what the process says of them, where Railway knows it", () => {
    const { stored } = holderOf({ service: service({ stored: { TOKEN: foreign } }), toldStored: current });
    expect(stored).toEqual({ kind: "foreign" });
  });
});

describe("what runs on Railway, where Railway was not asked,", () => {
  it("has an unknown variable, whatever the process says of it", () => {
    const { stored } = holderOf({ toldStored: current, environment: { railway } });
    expect(stored).toEqual({ kind: "unknown", detail: "Railway was not asked" });
  });
});

describe("the evidence", () => {
  it("is the process where it told of itself", () => {
    expect(holderOf({}).evidence).toBe("process");
  });

  it("is missing where it did not", () => {
    expect(holderOf({ hearing: silent })).not.toHaveProperty("evidence");
  });
});

describe("the list of causes", () => {
  it("holds nothing that no row of these tables meets", () => {
    const met = rows.map(([, , cause]) => cause);
    // `rollback` has its table above, `rejected` its own file.
    expect(causes.filter((cause) => !met.includes(cause))).toEqual(["rollback", "rejected"]);
  });
});
