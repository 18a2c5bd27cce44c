import { describe, expect, it } from "vitest";
import { diagnose } from "../../functions/core/diagnosis.ts";
import type { ReadTruth } from "../../functions/core/observation.ts";
import { suspicionByValue } from "../../functions/core/truth.ts";
import { type Case, type Sights, truthDiagnosis } from "./truth-case.ts";
import {
  fleetOf,
  health,
  heard,
  nowMs,
  observationOf,
  railway,
  service,
  silent,
  texts,
  truthOf,
  version,
} from "./world.ts";

describe("the source is suspect where the current version is", () => {
  it.each<[string, Case, string]>([
    ["empty", { truth: { current: version("") } }, "the current version is empty"],
    ["a placeholder", { truth: { current: version("CHANGEME") } }, "the current version is a placeholder"],
    [
      "another secret of the fleet",
      { other: truthOf({ current: version(texts.current) }) },
      "the current version is the value of OTHER",
    ],
    [
      "an accident of the version before",
      { truth: { current: version(`${texts.previous}\n`) } },
      "the current version is what trailing-newline makes of version v-pre",
    ],
    [
      "an accident of an older one",
      { truth: { current: version(`"${texts.ancient}"`) } },
      "the current version is what quotes-kept makes of version v-anc",
    ],
  ])("%s", (_, one, suspicion) => {
    expect(truthDiagnosis(one).suspicion).toBe(suspicion);
  });

  it("one whose other versions could not be read, for it may have been rolled back", () => {
    const truth: ReadTruth = { ...truthOf({ older: [] }), olderUnread: "access was denied" };
    expect(suspicionByValue("TOKEN", truth, [])).toBe(
      "its other versions could not be read: access was denied",
    );
  });

  it.each<[string, Case]>([
    ["unlike all that was before", {}],
    ["an older version brought back whole", { truth: { older: [version(texts.current)] } }],
    [
      "an accident of a version too long ago",
      {
        truth: {
          current: version(`${texts.ancient}\n`),
          older: [
            ...Array.from({ length: 10 }, (_, index) => version(`${index}${texts.previous}`)),
            version(texts.ancient),
          ],
        },
      },
    ],
    [
      "the same source under two names",
      {
        sources: { TOKEN: { secretsManager: "prod/one" }, OTHER: { secretsManager: "prod/one" } },
        other: truthOf(),
      },
    ],
    [
      "a version of which the blanks were taken away",
      { truth: { current: version(texts.previous), older: [version(`${texts.previous}\n`)] } },
    ],
    [
      "what another secret was once",
      { other: truthOf({ current: version(texts.other), older: [version(texts.current)] }) },
    ],
  ])("and not where it is %s", (_, one) => {
    expect(truthDiagnosis(one).suspicion).toBeUndefined();
  });
});

describe("the source is suspect where its holders", () => {
  const running = (values: readonly (string | null)[]): Sights =>
    Object.fromEntries(
      values.map((text, index) => {
        const name = `env-${index + 1}`;
        return [name, { hearing: heard(name, [{ TOKEN: text, OTHER: texts.other }]) }];
      }),
    );
  const { current, previous, foreign } = texts;
  const unheard = { "env-9": { hearing: silent } };

  it.each<[string, Sights, string]>([
    ["are all foreign", running([foreign, foreign]), "nobody runs the current version, and 2 of 2"],
    [
      "are foreign by half",
      running([foreign, foreign, previous, null]),
      "nobody runs the current version, and 2 of 4",
    ],
    [
      "are foreign by half of those that answered",
      { ...running([foreign, foreign, previous]), ...unheard },
      "nobody runs the current version, and 2 of 3",
    ],
    [
      "are foreign in some of their instances",
      {
        "env-1": { hearing: heard("env-1", [{ TOKEN: previous }, { TOKEN: foreign }]) },
        "env-2": { hearing: heard("env-2", [{ TOKEN: foreign }]) },
      },
      "nobody runs the current version, and 2 of 2",
    ],
  ])("%s", (_, environments, suspicion) => {
    expect(truthDiagnosis({ environments }).suspicion).toContain(suspicion);
  });

  it("are all foreign to a value that is suspect by itself, which is told first", () => {
    const environments = running([foreign, foreign]);
    expect(truthDiagnosis({ truth: { current: version("") }, environments }).suspicion).toBe(
      "the current version is empty",
    );
  });

  it("run a version newer than the current one", () => {
    const truth = { newer: [version(texts.newer)] };
    expect(truthDiagnosis({ truth, environments: running([current, texts.newer]) }).suspicion).toBe(
      "env-2 holds a newer version than the current one: the source was rolled back",
    );
  });

  it("run one, of which the first in the alphabet is told, whatever their order in the fleet", () => {
    const { "env-1": one, "env-2": two } = running([texts.newer, texts.newer]);
    const environments = { "env-2": two ?? {}, "env-1": one ?? {} };
    const truth = { newer: [version(texts.newer)] };
    expect(truthDiagnosis({ truth, environments }).suspicion).toContain("env-1 holds a newer");
  });

  it("have one stored, which the next start would bring in", () => {
    const fleet = fleetOf({
      secrets: { TOKEN: { source: { env: "T" } } },
      environments: { app: { health, railway } },
    });
    const truths = new Map([["TOKEN", truthOf({ newer: [version(texts.newer)] })]]);
    const app = {
      hearing: heard("app", [{ TOKEN: current }]),
      service: service({ stored: { TOKEN: texts.newer } }),
    };
    const { secrets } = diagnose(fleet, observationOf({ app }, truths), nowMs);
    expect(secrets.get("TOKEN")?.suspicion).toBe(
      "app holds a newer version than the current one: the source was rolled back",
    );
  });

  it("run one in some of their instances", () => {
    const truth = { newer: [version(texts.newer)] };
    const hearing = heard("env-1", [{ TOKEN: current }, { TOKEN: texts.newer }]);
    expect(truthDiagnosis({ truth, environments: { "env-1": { hearing } } }).suspicion).toContain(
      "env-1 holds a newer",
    );
  });

  it.each<[string, Sights]>([
    ["are all on the version before: a roll-out, not a suspicion", running([previous, previous, previous])],
    ["are foreign but for one that is in sync", running([foreign, foreign, foreign, current])],
    ["are foreign in one environment only", running([foreign])],
    ["are foreign by less than half", running([foreign, foreign, previous, previous, previous])],
    ["are all silent", unheard],
  ])("and not where they %s", (_, environments) => {
    expect(truthDiagnosis({ environments }).suspicion).toBeUndefined();
  });
});
