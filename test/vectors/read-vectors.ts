import { readFileSync } from "node:fs";

import type { Vector, VectorFile } from "./vector-file.ts";

/** The tests of one group, in the form that `it.each` takes; `Inputs` is what its cases hold. */
export function readVectors<Inputs>(file: string, type: string): (Vector & Inputs)[] {
  const { testGroups } = JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8")) as VectorFile;
  const tests = testGroups
    .filter((group) => group.type === type)
    .flatMap(({ tests: ofGroup, type: _, ...shared }) => ofGroup.map((test) => ({ ...shared, ...test })));
  if (tests.length === 0) throw new Error(`${file} has no tests of type ${type}`);
  return tests as (Vector & Inputs)[];
}

export interface DesignVectors {
  readonly nonce: string;
  readonly fingerprints: readonly {
    readonly comment: string;
    readonly value: string;
    readonly environment: string;
    readonly name: string;
    readonly nonce: string;
    readonly fingerprint: string;
  }[];
  readonly echo: { readonly environment: string; readonly nonce: string; readonly fingerprint: string };
  readonly signing: { readonly seed: string; readonly publicKey: string; readonly kid: string };
  readonly challenges: readonly {
    readonly comment: string;
    readonly now: number;
    readonly environment: string;
    readonly jwt: string;
    readonly result: string;
  }[];
}

/** Made with Python and OpenSSL before the project had any code. */
export const designVectors: DesignVectors = JSON.parse(
  readFileSync(new URL("design.json", import.meta.url), "utf8"),
);
