import { describe, expect, it } from "vitest";
import { diagnose } from "../../functions/core/diagnosis.ts";
import {
  health,
  heard,
  holderOf,
  nowMs,
  railway,
  type Scene,
  type Stored,
  service,
  silent,
  stage,
  texts,
} from "./world.ts";

const { current, previous } = texts;

/** TOKEN on a service that opted for its snapshot and says nothing itself. */
function unheard(snapshot: Stored | undefined, scene: Scene = {}): Scene {
  return {
    hearing: silent,
    environment: { railway, evidence: "snapshot" },
    service: service({
      stored: { TOKEN: current },
      ...(snapshot !== undefined && { snapshot: { TOKEN: snapshot } }),
    }),
    ...scene,
  };
}

describe("where no process answers and the fleet opted for it, the snapshot", () => {
  it.each<[string, Stored, object]>([
    ["is in sync", current, { verdict: { kind: "in-sync" }, evidence: "snapshot" }],
    ["is behind", previous, { verdict: { kind: "behind" }, cause: "process", evidence: "snapshot" }],
    ["has no value", { kind: "unset" }, { verdict: { kind: "unset" }, evidence: "snapshot" }],
  ])("%s, and is said to be the evidence", (_, snapshot, told) => {
    expect(holderOf(unheard(snapshot))).toMatchObject(told);
  });

  it.each<[string, Stored | undefined, string]>([
    ["is sealed", { kind: "sealed" }, "it is sealed"],
    ["is not there", undefined, "could not be read either"],
  ])("says nothing where it %s", (_, snapshot, words) => {
    const holder = holderOf(unheard(snapshot));
    expect(holder).toMatchObject({
      verdict: { kind: "unknown", because: "timeout", detail: expect.stringContaining(words) },
    });
    expect(holder).not.toHaveProperty("evidence");
  });

  it.each<[string, Scene]>([
    ["answers with another value", { hearing: heard("app", [{ TOKEN: previous }]) }],
    ["answers that it has none", { hearing: heard("app", [{ TOKEN: null }]) }],
  ])("does not count where a process %s", (_, scene) => {
    const holder = holderOf(unheard(current, scene));
    expect(holder.evidence).toBe("process");
    expect(holder.verdict.kind).not.toBe("in-sync");
  });

  it("does not stand in for instances that were not seen", () => {
    const hearing = heard("app", [{ TOKEN: current }], { expected: 2 });
    expect(holderOf(unheard(current, { hearing })).verdict).toMatchObject({
      kind: "unknown",
      code: "instances-missing",
    });
  });

  it("counts where a responder answers and leaves the secret out", () => {
    const hearing = heard("app", [{ OTHER: current }]);
    expect(holderOf(unheard(current, { hearing })).evidence).toBe("snapshot");
  });
});

it("is no evidence where the fleet did not opt for it", () => {
  expect(holderOf(unheard(previous, { environment: { railway } })).verdict.kind).toBe("unknown");
});

describe("an environment is noted to", () => {
  const notesOf = (scene: Scene): readonly string[] | undefined => {
    const { fleet, observation } = stage(scene);
    return diagnose(fleet, observation, nowMs).environments.get("app")?.notes;
  };
  const right = service({ stored: { TOKEN: current } });

  it.each<[string, object, Scene, string[]]>([
    ["sleep", { rest: "sleeps" }, {}, ["sleeps"]],
    ["run at its hours, whatever its replicas", { rest: "cron", replicas: 2 }, {}, ["cron"]],
    ["have more instances than the fleet says", { replicas: 2 }, {}, ["more-instances"]],
    ["have nothing worth it with as many", { replicas: 2 }, { environment: { health, instances: 2 } }, []],
    [
      "have nothing worth it where none are asked",
      { replicas: 2 },
      { environment: { health: undefined } },
      [],
    ],
    ["have nothing worth it where Railway does not say", {}, {}, []],
  ])("%s", (_, changes, scene, notes) => {
    const environment = { railway, ...scene.environment };
    expect(notesOf({ service: { ...right, ...changes }, ...scene, environment })).toEqual(notes);
  });
});
