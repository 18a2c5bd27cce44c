import { expect, test } from "vitest";
import type { VariableRow } from "../../../functions/adapters/railway/answers.ts";
import { originsFor, storedValue, storedValues } from "../../../functions/adapters/railway/stored-values.ts";
import { Secret } from "../../../functions/protocol/secret.ts";

const service = "service-1";

function row(changes: Partial<VariableRow> = {}): VariableRow {
  return { name: "A", serviceId: service, isSealed: false, references: [], ...changes };
}

/** Written and rendered alike, but for what is told to render otherwise. */
function holding(
  values: Readonly<Record<string, string | null>>,
  rendered: Readonly<Record<string, string | null>> = {},
) {
  return { written: variables(values), rendered: variables({ ...values, ...rendered }) };
}

function variables(values: Readonly<Record<string, string | null>>) {
  return new Map(
    Object.entries(values).map(([name, text]) => [name, text === null ? null : new Secret(text)] as const),
  );
}

test("gives a value, and what is not there as unset, by the fleet's names", () => {
  const stored = storedValues(
    new Map([
      ["one", "A"],
      ["two", "B"],
    ]),
    holding({ A: "value" }),
  );

  expect(stored).toEqual(
    new Map<string, object>([
      ["one", { kind: "value", value: new Secret("value") }],
      ["two", { kind: "unset" }],
    ]),
  );
});

test("takes an empty value for a value", () => {
  expect(storedValue("A", holding({ A: "" })).kind).toBe("value");
});

test.for(["constructor", "__proto__", "toString"])("takes %s for unset", (name) => {
  expect(storedValue(name, holding({ A: "x" })).kind).toBe("unset");
});

test.for<[string, Record<string, string | null>, VariableRow[]]>([
  ["null", { A: null }, [row()]],
  ["null without rows", { A: null }, []],
  ["a row that says so", { A: "*****" }, [row({ isSealed: true })]],
  ["a row without a key", {}, [row({ isSealed: true })]],
])("takes for sealed: %s", ([, values, rows]) => {
  expect(storedValue("A", holding(values), originsFor(service, rows))).toEqual({ kind: "sealed" });
});

test.for([
  [`\${{shared.AUTH}}`, "shared.AUTH"],
  [`  \${{ Postgres DB.DATABASE_URL }}\n`, "Postgres DB.DATABASE_URL"],
  [`\${{OTHER}}`, "OTHER"],
] as const)("tells where the reference %s points", ([value, to]) => {
  expect(storedValue("A", holding({ A: value, OTHER: "x" }, { A: "rendered" }))).toEqual({
    ...{ kind: "reference", to },
    value: new Secret("rendered"),
  });
});

test.for([
  `postgres://user:hunter2@\${{Postgres.HOST}}`,
  `\${{shared.A}}\${{shared.B}}`,
  "hunter2${{",
  `\${{hunter2}}`,
  `\${{hunter2.with-dashes}}`,
  `\${{secret(32)}}`,
])("tells of %s only that it is a reference", (value) => {
  expect(storedValue("A", holding({ A: value }))).toEqual({ kind: "reference" });
});

test("takes a value for a reference where its row says that it refers to something", () => {
  const origins = originsFor(service, [row({ references: ["shared.A"] })]);

  expect(storedValue("A", holding({ A: "rendered" }), origins)).toEqual({
    ...{ kind: "reference", value: new Secret("rendered") },
  });
});

test("takes even a sealed variable for a reference where its row says that it refers to something", () => {
  const origins = originsFor(service, [row({ isSealed: true, references: ["shared.A"] })]);

  expect(storedValue("A", holding({ A: null }), origins)).toEqual({ kind: "reference" });
});

test.for([
  ["a value", "x", { value: new Secret("x") }],
  ["a sealed one", null, {}],
  ["a reference that nothing rendered", `\${{shared.B}}`, {}],
] as const)("takes %s for inherited where only the environment has a row", ([, value, known]) => {
  const origins = originsFor(service, [
    row({ serviceId: null }),
    row({ serviceId: "another" }),
    row({ name: "B" }),
  ]);

  expect(storedValue("A", holding({ A: value }), origins)).toEqual({ kind: "inherited", ...known });
});

test("does not take for inherited what the service has a row of its own for", () => {
  const origins = originsFor(service, [row({ serviceId: null }), row()]);

  expect(storedValue("A", holding({ A: "x" }), origins).kind).toBe("value");
});

test("does not take for inherited a shared variable that does not reach the service", () => {
  expect(storedValue("A", holding({}), originsFor(service, [row({ serviceId: null })])).kind).toBe("unset");
});

test("says nothing of inheritance where the rows could not be read", () => {
  expect(storedValue("A", holding({ A: "x" })).kind).toBe("value");
});
