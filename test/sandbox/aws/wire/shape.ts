import type { CreateSecret$ } from "@aws-sdk/client-secrets-manager";

/** What the SDK exports about one operation: its name, what goes in and what comes out. */
export type SdkOperation = typeof CreateSecret$;

type SdkSchema = SdkOperation[4];

/** One member of a structure. */
type Member = { readonly shape: Shape; readonly required: boolean; readonly place: Place };

/** Where REST-JSON puts a member; the other protocols put all of them in the body. */
export type Place =
  | { readonly kind: "body" | "label" | "payload" | "status" }
  | { readonly kind: "header" | "query"; readonly name: string };

/** The SDK's compact runtime schema, spelled out. */
export type Shape =
  | { readonly kind: "string" | "number" | "boolean" | "timestamp" | "blob" }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "map"; readonly keyName: string; readonly valueName: string; readonly of: Shape }
  | { readonly kind: "structure"; readonly members: ReadonlyMap<string, Member> };

/** Where REST-JSON finds an operation; a label is a name in braces. */
export type Route = { readonly method: string; readonly template: string };

/** Reads an operation's route; operations of the other protocols have none. */
export function readRoute(traits: SdkOperation[3]): Route | undefined {
  if (typeof traits === "number" || traits.http === undefined) return undefined;
  const [method, template] = traits.http;
  return { method, template };
}

/** Spells out one of the SDK's runtime schemas; throws on a kind that no service uses. */
export function readShape(schema: SdkSchema): Shape {
  if (typeof schema === "function") return readShape(schema());
  if (typeof schema === "number") return readPackedShape(schema);
  if (schema === "unit") return { kind: "structure", members: new Map() };
  if (!Array.isArray(schema)) throw new TypeError("The SDK's schema is of a kind this stand-in cannot read");
  if (schema.length === 2) return readShape(schema[0]);
  switch (schema[0]) {
    case 0:
      return readShape(schema[4]);
    case 1:
      return { kind: "list", of: readShape(schema[4]) };
    case 2:
      return readMap(schema[4], schema[5]);
    case 3:
      return readStructure(schema[4], schema[5], schema[6] ?? 0);
    default:
      throw new TypeError(`The SDK's schema ${schema[2]} is of a kind this stand-in cannot read`);
  }
}

/** Lists and maps of plain things are one number: the thing's own number with a bit on top. */
function readPackedShape(packed: number): Shape {
  if (packed >= 128) return readMap(0, packed - 128);
  if (packed >= 64) return { kind: "list", of: readPackedShape(packed - 64) };
  if (packed >= 4 && packed <= 7) return { kind: "timestamp" };
  switch (packed) {
    case 0:
      return { kind: "string" };
    case 1:
      return { kind: "number" };
    case 2:
      return { kind: "boolean" };
    case 21:
      return { kind: "blob" };
    default:
      throw new TypeError(`The SDK's schema number ${packed} is of a kind this stand-in cannot read`);
  }
}

function readMap(key: SdkSchema, value: SdkSchema): Shape {
  return {
    kind: "map",
    keyName: xmlNameOf(key) ?? "key",
    valueName: xmlNameOf(value) ?? "value",
    of: readShape(value),
  };
}

function xmlNameOf(schema: SdkSchema): string | undefined {
  if (!Array.isArray(schema) || schema.length !== 2) return undefined;
  const traits = schema[1];
  return typeof traits === "object" ? traits.xmlName : undefined;
}

/** The SDK puts a structure's required members first and says how many they are. */
function readStructure(names: string[], schemas: SdkSchema[], requiredCount: number): Shape {
  const members = schemas.map((schema, index): [string, Member] => [
    names[index] ?? "",
    { shape: readShape(schema), required: index < requiredCount, place: readPlace(schema) },
  ]);
  return { kind: "structure", members: new Map(members) };
}

/** The traits are one number with a bit for each, or an object where one of them has a value. */
function readPlace(schema: SdkSchema): Place {
  const traits = Array.isArray(schema) && schema.length === 2 ? schema[1] : 0;
  if (typeof traits === "object") {
    const { httpHeader, httpQuery } = traits;
    if (httpHeader !== undefined) return { kind: "header", name: httpHeader.toLowerCase() };
    return httpQuery === undefined ? { kind: "body" } : { kind: "query", name: httpQuery };
  }
  if ((traits & 1) !== 0) return { kind: "label" };
  if ((traits & 16) !== 0) return { kind: "payload" };
  return { kind: (traits & 32) !== 0 ? "status" : "body" };
}
