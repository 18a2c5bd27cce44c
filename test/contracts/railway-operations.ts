import { readdirSync, readFileSync } from "node:fs";
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery, parse, validate } from "graphql";
import { operations } from "../../functions/adapters/railway/operations.ts";
import { schema as sandboxSchema } from "../sandbox/railway/schema.ts";
import { subsetProblems } from "../sandbox/railway/schema-subset.ts";

const adapterFolder = new URL("../../functions/adapters/railway/", import.meta.url);
const operationsFile = "operations.ts";

/** One finding about one subject; without problems it holds. */
interface Finding {
  readonly subject: string;
  readonly problems: readonly string[];
}

/**
 * Holds every document that we send, and the sandbox's schema, against Railway's own. Railway's breaks a rule of
 * GraphQL's (a deprecated field that its interface has not deprecated), so that it cannot be validated itself.
 */
function findingsFor(whole: IntrospectionQuery): readonly Finding[] {
  return [
    ...operationFindings(buildClientSchema(whole, { assumeValid: true })),
    { subject: "documents outside of operations.ts", problems: strayDocuments() },
    { subject: "the sandbox's schema", problems: subsetProblems(sandboxSchema, whole) },
  ];
}

function operationFindings(schema: GraphQLSchema): readonly Finding[] {
  const entries = Object.entries(operations);
  if (entries.length === 0) return [{ subject: "operations", problems: ["there is none to validate"] }];
  return entries.map(([name, { document }]) => ({
    subject: name,
    problems: validate(schema, parse(document)).map(({ message }) => message),
  }));
}

/** A document that is not in the map would be sent without ever having been validated. */
function strayDocuments(): readonly string[] {
  return readdirSync(adapterFolder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && file !== operationsFile)
    .filter((file) => containsDocument(readFileSync(new URL(file, adapterFolder), "utf8")))
    .map((file) => `${file} holds a GraphQL document`);
}

function containsDocument(source: string): boolean {
  return /\b(?:query|mutation|subscription)\b[\w\s]*(?:\([^)]*\)\s*)?\{/.test(source);
}

function readIntrospection(path: string): IntrospectionQuery {
  const file: { readonly data: IntrospectionQuery } = JSON.parse(readFileSync(path, "utf8"));
  return file.data;
}

const [, , path] = process.argv;
if (path === undefined) {
  process.stderr.write("usage: node test/contracts/railway-operations.ts <path to schema.json>\n");
  process.exit(1);
}
const findings = findingsFor(readIntrospection(path));
for (const { subject, problems } of findings) {
  process.stdout.write(`${problems.length === 0 ? "ok" : "PROBLEM"} ${subject}\n`);
  for (const problem of problems) process.stdout.write(`  ${problem}\n`);
}
process.exitCode = findings.some(({ problems }) => problems.length > 0) ? 1 : 0;
