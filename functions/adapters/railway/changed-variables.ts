import type { VariablesAnswer } from "./answers.ts";
import { containsTemplate, type VariableOrigins } from "./stored-values.ts";

/**
 * A service's own variables that a redeploy would bring in, change or take away, by name. Only what is written out is
 * compared: a reference may rightly render otherwise each time, and a sealed value cannot be read. Pure.
 */
export function changedSince(
  started: VariablesAnswer,
  written: VariablesAnswer,
  origins: VariableOrigins,
): readonly string[] {
  const changed = [...origins.own.keys()].filter((name) => {
    const now = written.get(name);
    if (now == null || containsTemplate(now)) return false;
    const then = started.get(name);
    return then !== null && !(then?.equals(now) ?? false);
  });
  // What an environment shares reaches a service without a row of its own, and leaves it without one.
  const gone = [...started.keys()].filter((name) => !written.has(name) && !origins.shared.has(name));
  return [...changed, ...gone].filter((name) => !name.startsWith("RAILWAY_")).toSorted();
}
