import { expect, test } from "vitest";
import { changedSince } from "../../../functions/adapters/railway/changed-variables.ts";
import { originsFor } from "../../../functions/adapters/railway/stored-values.ts";
import { Secret } from "../../../functions/protocol/secret.ts";

type Values = Readonly<Record<string, string | null>>;

function variables(values: Values) {
  return new Map(
    Object.entries(values).map(([name, text]) => [name, text === null ? null : new Secret(text)] as const),
  );
}

function changed(started: Values, written: Values, shared: readonly string[] = []): readonly string[] {
  const rows = [
    ...Object.keys(written)
      .filter((name) => !shared.includes(name))
      .map((name) => [name, "s"] as const),
    ...shared.map((name) => [name, null] as const),
  ].map(([name, serviceId]) => ({ name, serviceId, isSealed: false, references: [] }));
  return changedSince(variables(started), variables(written), originsFor("s", rows));
}

test("names what is new, what is otherwise and what is gone", () => {
  expect(changed({ A: "1", B: "2", C: "3" }, { A: "1", B: "two", D: "4" })).toEqual(["B", "C", "D"]);
});

test.for<[string, Values, Values, string[]]>([
  ["nothing that is as it was", { A: "1" }, { A: "1" }, []],
  ["no reference, which may rightly render otherwise", { A: "1" }, { A: `\${{shared.A}}` }, []],
  ["no sealed variable", { A: null, B: "1" }, { A: "1", B: null }, []],
  ["nothing of Railway's own", { RAILWAY_TOKEN: "1" }, { RAILWAY_URL: "2" }, []],
  ["nothing that the environment shares", { A: "1" }, { A: "2", B: "3" }, ["A", "B"]],
  ["nothing shared that reaches it no more", { A: "1" }, {}, ["A"]],
])("names %s", ([, started, written, shared]) => {
  expect(changed(started, written, shared)).toEqual([]);
});
