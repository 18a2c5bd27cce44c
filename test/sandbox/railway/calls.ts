import { type DocumentNode, type FieldNode, Kind, valueFromASTUntyped } from "graphql";

/** What a test may know of a request: which, where and which names, never a value. */
export interface Call {
  readonly operation: string;
  readonly at: number;
  readonly ids: Readonly<Record<string, string>>;
  readonly variableNames: readonly string[];
  readonly flags: Readonly<Record<string, boolean>>;
  /** The query string, which keeps Cloudflare's limit away. */
  readonly query: string;
}

type Json = Readonly<Record<string, unknown>>;

const idNames = ["id", "projectId", "environmentId", "serviceId", "deploymentId"];

/** One call for each root field of the document. */
export function describeCalls(document: DocumentNode, variables: Json, at: number, query: string): Call[] {
  return rootFields(document).map((field) => {
    const given = argumentsOf(field, variables);
    const nested = isJson(given["input"]) ? given["input"] : {};
    const all = { ...given, ...nested };
    return {
      operation: field.name.value,
      at,
      ids: pick(all, (name, value) => typeof value === "string" && idNames.includes(name)),
      variableNames: namesIn(all),
      flags: pick(all, (_name, value) => typeof value === "boolean"),
      query,
    };
  });
}

function rootFields(document: DocumentNode): FieldNode[] {
  return document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? definition.selectionSet.selections.filter((selection) => selection.kind === Kind.FIELD)
      : [],
  );
}

function argumentsOf(field: FieldNode, variables: Json): Json {
  const given = field.arguments ?? [];
  return Object.fromEntries(
    given.map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables)]),
  );
}

function namesIn({ name, variables }: Json): string[] {
  const single = typeof name === "string" ? [name] : [];
  return isJson(variables) ? [...single, ...Object.keys(variables)] : single;
}

function pick<Value>(values: Json, wanted: (name: string, value: unknown) => boolean): Record<string, Value> {
  const picked = Object.entries(values).filter(([name, value]) => wanted(name, value));
  return Object.fromEntries(picked) as Record<string, Value>;
}

/** Whether it is a JSON object. */
export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
