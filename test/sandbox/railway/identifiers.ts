const prefixes = {
  deployment: "de910000",
  snapshot: "5a900000",
  variable: "7a500000",
  replica: "4e910000",
  patch: "9a7c0000",
} as const;

/** Gives the next id of a kind, in the shape that Railway's have. */
export type Identify = (kind: keyof typeof prefixes) => string;

/** Ids count up, so that a failing test shows the same ones each time. */
export function createIdentify(): Identify {
  let sequence = 0;
  return (kind) => {
    sequence += 1;
    return `${prefixes[kind]}-0000-4000-8000-${String(sequence).padStart(12, "0")}`;
  };
}
