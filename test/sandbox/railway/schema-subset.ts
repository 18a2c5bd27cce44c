import {
  type GraphQLSchema,
  type IntrospectionInputValue,
  type IntrospectionQuery,
  type IntrospectionType,
  type IntrospectionTypeRef,
  introspectionFromSchema,
} from "graphql";

interface Named {
  readonly name: string;
}

interface Field extends Named {
  readonly type: IntrospectionTypeRef;
  readonly args: readonly IntrospectionInputValue[];
}

/** Says in what our schema is no part of the whole one: then an operation valid here might be refused there. */
export function subsetProblems(ours: GraphQLSchema, whole: IntrospectionQuery): string[] {
  if (!ours.getQueryType()) return ["Our schema is empty: it has no query type"];
  const { __schema: part } = introspectionFromSchema(ours);
  const roots = (["queryType", "mutationType"] as const).flatMap((root) => {
    const [name, wholeName] = [part[root]?.name, whole.__schema[root]?.name];
    return name === undefined || name === wholeName ? [] : [`${root} is ${name}, there ${wholeName}`];
  });
  return [
    ...roots,
    ...part.types
      .filter(({ name }) => !name.startsWith("__"))
      .flatMap((type) =>
        withCounterpart(type, whole.__schema.types, `type ${type.name}`, (other) =>
          typeProblems(type, other),
        ),
      ),
  ];
}

function typeProblems(ours: IntrospectionType, whole: IntrospectionType): string[] {
  const { name } = ours;
  if (ours.kind === "OBJECT" && whole.kind === "OBJECT") {
    return ours.fields.flatMap((field) =>
      withCounterpart(field, whole.fields, `${name}.${field.name}`, (other) =>
        fieldProblems(name, field, other),
      ),
    );
  }
  if (ours.kind === "INPUT_OBJECT" && whole.kind === "INPUT_OBJECT") {
    return inputProblems(name, ours.inputFields, whole.inputFields);
  }
  if (ours.kind === "ENUM" && whole.kind === "ENUM") {
    return enumProblems(name, ours.enumValues, whole.enumValues);
  }
  if (ours.kind === "SCALAR" && whole.kind === "SCALAR") return [];
  return [`${name} is ${ours.kind}, there ${whole.kind}`];
}

function fieldProblems(owner: string, ours: Field, whole: Field): string[] {
  const place = `${owner}.${ours.name}`;
  return [...difference(place, ours, whole), ...inputProblems(place, ours.args, whole.args)];
}

/** What the whole schema requires must be in ours too, or we would accept what it refuses. */
function inputProblems(
  owner: string,
  ours: readonly IntrospectionInputValue[],
  whole: readonly IntrospectionInputValue[],
): string[] {
  const required = whole.filter(({ type, defaultValue }) => type.kind === "NON_NULL" && defaultValue == null);
  const left = required.filter(({ name }) => !ours.some((input) => input.name === name));
  return [
    ...ours.flatMap((input) => {
      const place = `${owner}(${input.name})`;
      return withCounterpart(input, whole, place, (other) => [
        ...difference(place, input, other),
        ...defaultDifference(place, input, other),
      ]);
    }),
    ...left.map(({ name }) => `${owner}(${name}) is required there and missing here`),
  ];
}

/** A client may meet any of an enum's values, whichever of them it asked for. */
function enumProblems(name: string, ours: readonly Named[], whole: readonly Named[]): string[] {
  const missing = whole.filter((value) => !ours.some((own) => own.name === value.name));
  return [
    ...ours.flatMap((value) => withCounterpart(value, whole, `${name}.${value.name}`, () => [])),
    ...missing.map((value) => `${name}.${value.name} is missing here`),
  ];
}

function withCounterpart<Item extends Named>(
  ours: Named,
  whole: readonly Item[],
  place: string,
  compare: (counterpart: Item) => string[],
): string[] {
  const counterpart = whole.find(({ name }) => name === ours.name);
  return counterpart ? compare(counterpart) : [`${place} does not exist there`];
}

function difference(
  place: string,
  ours: { readonly type: IntrospectionTypeRef },
  whole: { readonly type: IntrospectionTypeRef },
): string[] {
  const [here, there] = [typeText(ours.type), typeText(whole.type)];
  return here === there ? [] : [`${place} is ${here}, there ${there}`];
}

function defaultDifference(
  place: string,
  ours: IntrospectionInputValue,
  whole: IntrospectionInputValue,
): string[] {
  const [here, there] = [ours.defaultValue ?? "none", whole.defaultValue ?? "none"];
  return here === there ? [] : [`${place} has the default ${here}, there ${there}`];
}

function typeText(type: IntrospectionTypeRef): string {
  if (type.kind === "NON_NULL") return `${typeText(type.ofType)}!`;
  return type.kind === "LIST" ? `[${typeText(type.ofType)}]` : type.name;
}
