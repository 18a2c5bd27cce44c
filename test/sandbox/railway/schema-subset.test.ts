import { buildSchema, GraphQLSchema, introspectionFromSchema } from "graphql";
import { expect, test } from "vitest";
import { schema } from "./schema.ts";
import { subsetProblems } from "./schema-subset.ts";

const wholeText = `
  type Query { thing(id: String!, kind: Kind): Thing! }
  type Mutation { write(input: Input!): Boolean! }
  type Thing { id: ID! name: String }
  enum Kind { GOOD BAD }
  input Input { name: String! quiet: Boolean = false }
`;

function problemsAfter(search: string, replacement: string): string[] {
  const whole = introspectionFromSchema(buildSchema(wholeText));
  return subsetProblems(buildSchema(wholeText.replace(search, replacement)), whole);
}

test("finds nothing where all is the same, and nothing where there is less", () => {
  expect(problemsAfter("", "")).toEqual([]);
  expect(problemsAfter("name: String }", "}")).toEqual([]);
  expect(problemsAfter(", kind: Kind)", ")")).toEqual([]);
});

test.for([
  ["id: ID! name: String }", "id: ID! color: String }", "Thing.color does not exist there"],
  ["name: String }", "name: String! }", "Thing.name is String!, there String"],
  ["kind: Kind)", "sort: Kind)", "Query.thing(sort) does not exist there"],
  ["id: String!, ", "", "Query.thing(id) is required there and missing here"],
  ["id: String!,", "id: String,", "Query.thing(id) is String, there String!"],
  ["GOOD BAD", "GOOD", "Kind.BAD is missing here"],
  ["GOOD BAD", "GOOD BAD UGLY", "Kind.UGLY does not exist there"],
  ["name: String! quiet", "quiet", "Input(name) is required there and missing here"],
  ["= false", "= true", "Input(quiet) has the default true, there false"],
  ["enum Kind { GOOD BAD }", "scalar Kind", "Kind is SCALAR, there ENUM"],
  ["type Thing {", "scalar Date type Thing { at: Date", "type Date does not exist there"],
] as const)("reports %s changed into %s", ([search, replacement, problem]) => {
  expect(problemsAfter(search, replacement)).toContain(problem);
});

test("reports a root type of another name", () => {
  const whole = introspectionFromSchema(buildSchema(wholeText));
  const ours = buildSchema("schema { query: Thing } type Thing { id: ID! }");

  expect(subsetProblems(ours, whole)).toEqual(["queryType is Thing, there Query"]);
});

test("reports an empty schema", () => {
  expect(subsetProblems(new GraphQLSchema({}), introspectionFromSchema(schema))).toHaveLength(1);
});
