import { diagnose } from "../../functions/core/diagnosis.ts";
import type { ReadTruth } from "../../functions/core/observation.ts";
import type { TruthDiagnosis } from "../../functions/core/truth.ts";
import {
  fleetOf,
  health,
  heard,
  nowMs,
  observationOf,
  type Seen,
  type TruthTexts,
  texts,
  truthOf,
  version,
} from "./world.ts";

export type Sights = Readonly<Record<string, Seen>>;

const twoSecrets = { TOKEN: texts.current, OTHER: texts.other };

export interface Case {
  readonly truth?: TruthTexts;
  readonly other?: ReadTruth;
  readonly sources?: { readonly TOKEN: object; readonly OTHER: object };
  readonly expires?: object;
  readonly environments?: Sights;
}

/** The diagnosis of TOKEN itself, beside OTHER. */
export function truthDiagnosis(one: Case): TruthDiagnosis {
  const sources = one.sources ?? {
    TOKEN: { secretsManager: "prod/token" },
    OTHER: { secretsManager: "prod/other" },
  };
  const environments = one.environments ?? { app: { hearing: heard("app", [twoSecrets]) } };
  const fleet = fleetOf({
    secrets: {
      TOKEN: { source: sources.TOKEN, ...(one.expires !== undefined && { expires: one.expires }) },
      OTHER: { source: sources.OTHER },
    },
    environments: Object.fromEntries(Object.keys(environments).map((name) => [name, { health }])),
  });
  const other = one.other ?? truthOf({ current: version(texts.other), older: [] });
  const truths = new Map([
    ["TOKEN", truthOf(one.truth)],
    ["OTHER", other],
  ]);
  const diagnosis = diagnose(fleet, observationOf(environments, truths), nowMs).secrets.get("TOKEN");
  if (diagnosis === undefined) throw new Error("the test's fleet has no TOKEN");
  return diagnosis;
}
