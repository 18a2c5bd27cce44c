import { boundedScenarios } from "./bounded.ts";
import { incident } from "./incident.ts";
import { processScenarios } from "./processes.ts";
import { repairedScenarios } from "./repaired.ts";
import type { Scenario } from "./scenario.ts";
import { sourceScenarios } from "./source.ts";
import { troubledScenarios } from "./troubled.ts";
import { withheldScenarios } from "./withheld.ts";

/** Every story that can be watched; the incident is the default. */
export const scenarios: readonly Scenario[] = [
  incident,
  ...repairedScenarios,
  ...withheldScenarios,
  ...sourceScenarios,
  ...boundedScenarios,
  ...processScenarios,
  ...troubledScenarios,
];

export function scenarioNamed(name: string): Scenario | undefined {
  return scenarios.find((scenario) => scenario.name === name);
}
