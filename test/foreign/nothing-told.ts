import { expect } from "vitest";
import { expectNoCanary } from "../canaries.ts";
import { canaries } from "./foreign-values.ts";
import { type Outcome, seed } from "./tallystick-call.ts";

/** Whatever goes wrong, neither values nor the seed, challenges or fingerprints come out. */
export function expectNothingTold({ stdout, stderr }: Outcome): void {
  const printed = `${stdout}\n${stderr}`;
  expectNoCanary(printed, [...canaries, seed]);
  expect(printed).not.toMatch(/eyJ[\w-]{8}/);
  expect(printed).not.toMatch(/[0-9a-f]{64}/i);
}
