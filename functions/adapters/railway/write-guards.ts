import { TallystickError } from "../../core/errors.ts";
import type { Secret } from "../../protocol/secret.ts";
import type { VariablesAnswer } from "./answers.ts";
import { containsTemplate, storedValue, type VariableOrigins } from "./stored-values.ts";

/** Values by Railway's names. */
export type NewValues = ReadonlyMap<string, Secret>;

/** @throws TallystickError `railway-refused` for what Railway would take and not keep as it is */
export function requireStorable(values: NewValues): void {
  if (values.size === 0) throw refusal("no variable was given to be set");
  for (const [name, value] of values) {
    // A row of such a name is stored, and silently overridden at every deployment (railwayapp/cli PR 1163).
    if (name.startsWith("RAILWAY_")) throw refusal(`${name} is Railway's own: choose another name`);
    if (containsTemplate(value)) {
      throw refusal(`the value for ${name} contains \${{, which Railway would render: issue another value`);
    }
  }
}

/**
 * A literal over a reference destroys it (Infisical issue 5943), and over an inherited variable cuts it off from
 * the shared one; neither comes back by itself.
 * @throws TallystickError `railway-refused`
 */
export function requireNoLinkCut(
  values: NewValues,
  variables: VariablesAnswer,
  origins: VariableOrigins,
): void {
  for (const name of values.keys()) {
    const { kind } = storedValue(name, { written: variables, rendered: variables }, origins);
    if (kind === "reference" || kind === "inherited") {
      throw refusal(
        `${name} is ${kind === "reference" ? "a reference" : "inherited"}: set the variable that it comes from`,
      );
    }
  }
}

/** What others take their value from is only changed, never made: it may have been taken away since. */
export function requireThere(values: NewValues, { own }: VariableOrigins): void {
  for (const name of values.keys()) {
    if (!own.has(name)) throw refusal(`${name}, which others take their value from, is gone: look again`);
  }
}

/** A refusal of our own, before Railway was asked to change anything. */
export function refusal(because: string, options: { retryable?: boolean } = {}): TallystickError {
  return new TallystickError("railway-refused", `Nothing was changed in Railway: ${because}`, options);
}
