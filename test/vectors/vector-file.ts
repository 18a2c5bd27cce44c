/** The file format of Project Wycheproof, so that whoever has read its vectors can read ours. */
export interface VectorFile {
  readonly algorithm: string;
  readonly schema: string;
  readonly numberOfTests: number;
  readonly notes: Notes;
  readonly testGroups: readonly TestGroup[];
}

export type Notes = Readonly<Record<string, { readonly bugType: string; readonly description: string }>>;

interface TestGroup {
  readonly type: string;
  readonly tests: readonly Vector[];
  readonly [member: string]: unknown;
}

/** `code` says why an invalid one is invalid; it is part of what is tested. */
export interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly result: "valid" | "invalid";
  readonly code?: string;
  readonly [input: string]: unknown;
}

/** A vector before it has its number. */
export interface Case {
  readonly comment: string;
  readonly flags: readonly string[];
  readonly result: "valid" | "invalid";
  readonly code?: string;
  readonly [input: string]: unknown;
}

export interface CaseGroup {
  readonly type: string;
  readonly cases: readonly Case[];
  readonly [member: string]: unknown;
}

/** Numbers the cases through all groups, in order. */
export function vectorFile(
  algorithm: string,
  schema: string,
  notes: Notes,
  groups: readonly CaseGroup[],
): VectorFile {
  let tcId = 0;
  const testGroups = groups.map(({ cases, ...group }) => ({
    ...group,
    tests: cases.map((each) => ({ tcId: ++tcId, ...each })),
  }));
  return { algorithm, schema, numberOfTests: tcId, notes, testGroups };
}
