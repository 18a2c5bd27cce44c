import { describe, expect, it } from "vitest";
import { passesPolicy, readFilterPolicy } from "./sns/filter-policy.ts";

type Case = readonly [policy: object, type: string, value: string | undefined, passes: boolean];

const cases: readonly Case[] = [
  [{ a: ["x", "y"] }, "String", "y", true],
  [{ a: ["x"] }, "String", "X", false],
  [{ a: ["x"] }, "String", undefined, false],
  [{ a: [5] }, "Number", "5.0", true],
  [{ a: ["5"] }, "Number", "5", false],
  [{ a: ["x"] }, "String.Array", '["w","x"]', true],
  [{ a: [true, null] }, "String.Array", "[null]", true],
  [{ a: ["x"] }, "String.Array", "no list", false],
  [{ a: [{ prefix: "al" }] }, "String", "alert", true],
  [{ a: [{ prefix: "al" }] }, "String", "final", false],
  [{ a: [{ suffix: "al" }] }, "String", "final", true],
  [{ a: [{ suffix: "al" }] }, "String", "alert", false],
  [{ a: [{ exists: true }] }, "String", "x", true],
  [{ a: [{ exists: true }] }, "String", undefined, false],
  [{ a: [{ exists: false }] }, "String", undefined, true],
  [{ a: [{ exists: false }] }, "String", "x", false],
  [{ a: [{ "anything-but": ["x", "y"] }] }, "String", "y", false],
  [{ a: [{ "anything-but": ["x", "y"] }] }, "String", "z", true],
  [{ a: [{ "anything-but": "x" }] }, "String", "x", false],
  [{ a: [{ "anything-but": "x" }] }, "String", undefined, false],
  [{ a: [{ "anything-but": { prefix: "x" } }] }, "String", "xy", false],
  [{ a: [{ "anything-but": { prefix: "x" } }] }, "String", "yx", true],
  [{ a: ["x", { prefix: "al" }] }, "String", "alert", true],
  [{ a: ["x"], b: ["y"] }, "String", "x", false],
  [{}, "String", undefined, true],
];

describe("a filter policy", () => {
  it.each(cases)("%j, an attribute of type %s with %j: %j", (policy, type, value, passes) => {
    const attributes = value === undefined ? [] : [["a", { type, value }] as const];
    expect(passesPolicy(new Map(attributes), readFilterPolicy(JSON.stringify(policy)))).toBe(passes);
  });

  it.each([
    "",
    "[]",
    '{"a":"x"}',
    '{"a":[]}',
    '{"a":[{"numeric":["=",1]}]}',
    '{"a":[{"prefix":"x","suffix":"y"}]}',
  ])("is refused as %s", (text) => {
    expect(() => readFilterPolicy(text)).toThrow(/FilterPolicy/);
  });
});
