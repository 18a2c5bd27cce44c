import { parse, validate } from "graphql";
import { expect, test } from "vitest";
import { type Operation, operations } from "../../../functions/adapters/railway/operations.ts";
import { schema } from "../../sandbox/railway/schema.ts";

const all: readonly [name: string, operation: Operation<unknown>][] = Object.entries(operations);

test.for(all)("sends %s as the sandbox's schema has it", ([, { document }]) => {
  expect(validate(schema, parse(document))).toEqual([]);
});

test.for(all)("says of %s whether it changes anything", ([, { document, mutates }]) => {
  const [definition] = parse(document).definitions;

  expect(definition).toMatchObject({ operation: mutates ? "mutation" : "query" });
});

test.for(all)("puts no value into the document of %s", ([, { document }]) => {
  expect(document).not.toContain('"');
});
