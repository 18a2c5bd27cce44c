import { heldByFingerprint, heldInMemory } from "./held-value.ts";
import type { InstanceAnswer, StoredValue, StoredValues } from "./observation.ts";
import { type HeldVerdict, isWrong, judgeHeldValue, type KnownValues } from "./verdict.ts";

/** The judgement on what a configuration holds: what the next start would bring in. */
export type StoredVerdict =
  | HeldVerdict
  | { readonly kind: "sealed" }
  /** `holds` is what its value comes to, where that could be read. */
  | { readonly kind: "reference"; readonly to?: string; readonly holds?: HeldVerdict }
  | { readonly kind: "inherited"; readonly holds?: HeldVerdict }
  | { readonly kind: "unknown"; readonly detail: string };

/** Judges a variable of a Railway service or snapshot; a name that is not there is not set. */
export function judgeVariable(variables: StoredValues, name: string, known: KnownValues): StoredVerdict {
  const stored: StoredValue = variables.get(name) ?? { kind: "unset" };
  switch (stored.kind) {
    case "value":
      return judgeHeldValue(heldInMemory(stored.value), known);
    case "reference":
      return {
        kind: stored.kind,
        ...(stored.to !== undefined && { to: stored.to }),
        ...judgeLinked(stored, known),
      };
    case "inherited":
      return { kind: stored.kind, ...judgeLinked(stored, known) };
    default:
      return stored;
  }
}

function judgeLinked(
  { value }: Extract<StoredValue, { kind: "reference" | "inherited" }>,
  known: KnownValues,
): { readonly holds?: HeldVerdict } {
  return value === undefined ? {} : { holds: judgeHeldValue(heldInMemory(value), known) };
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

/** What the next start would bring in, through a link or not; undefined where that could not be compared. */
export function storedValueVerdict(stored: StoredVerdict | undefined): HeldVerdict | undefined {
  switch (stored?.kind) {
    case undefined:
    case "sealed":
    case "unknown":
      return undefined;
    case "reference":
    case "inherited":
      return stored.holds;
    default:
      return stored;
  }
}

/** Whether a stored value could be compared and is not what it should be. */
export function isStoredWrong(stored: StoredVerdict | undefined): boolean {
  const verdict = storedValueVerdict(stored);
  return verdict !== undefined && isWrong(verdict);
}
