import { heldByFingerprint, heldInMemory } from "./held-value.ts";
import type { InstanceAnswer, StoredValue, StoredValues } from "./observation.ts";
import { type HeldVerdict, isWrong, judgeHeldValue, type KnownValues } from "./verdict.ts";

/** The judgement on what a configuration holds: what the next start would bring in. */
export type StoredVerdict =
  | HeldVerdict
  | { readonly kind: "sealed" }
  | { readonly kind: "reference"; readonly to?: string }
  | { readonly kind: "inherited" }
  | { readonly kind: "unknown"; readonly detail: string };

/** Judges a variable of a Railway service or snapshot; a name that is not there is not set. */
export function judgeVariable(variables: StoredValues, name: string, known: KnownValues): StoredVerdict {
  const stored: StoredValue = variables.get(name) ?? { kind: "unset" };
  return stored.kind === "value" ? judgeHeldValue(heldInMemory(stored.value), known) : stored;
}

/** Judges what instances say their configuration holds; undefined where none says, unknown where they differ. */
export function judgeToldConfiguration(
  instances: readonly InstanceAnswer[],
  place: { readonly environment: string; readonly name: string },
  known: KnownValues,
): StoredVerdict | undefined {
  const verdicts = instances.flatMap(({ stored, nonce }) => {
    const told = stored.get(place.name);
    return told === undefined ? [] : [judgeHeldValue(heldByFingerprint(told, { ...place, nonce }), known)];
  });
  const [first, ...rest] = verdicts;
  if (first === undefined) return undefined;
  const same = rest.every((verdict) => JSON.stringify(verdict) === JSON.stringify(first));
  return same ? first : { kind: "unknown", detail: "the instances' configurations differ" };
}

/** Whether a stored verdict is a judgement on a value that could be compared. */
export function isComparable(stored: StoredVerdict): stored is HeldVerdict {
  switch (stored.kind) {
    case "sealed":
    case "reference":
    case "inherited":
    case "unknown":
      return false;
    default:
      return true;
  }
}

/** Whether a stored value could be compared and is not what it should be. */
export function isStoredWrong(stored: StoredVerdict | undefined): boolean {
  return stored !== undefined && isComparable(stored) && isWrong(stored);
}
