import type { Shape } from "./shape.ts";

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;" };

/** Writes a checked answer as awsQuery's XML; members without a value are left out. */
export function writeXml(shape: Shape, value: unknown): string {
  switch (shape.kind) {
    case "string":
    case "number":
    case "boolean":
    case "timestamp":
    case "blob":
      return String(value).replace(/[&<>\r]/g, (character) => entities[character] ?? character);
    case "list":
      return itemsOf(value)
        .map((item) => element("member", writeXml(shape.of, item)))
        .join("");
    case "map":
      return membersOf(value)
        .map(([key, item]) => element("entry", writeEntry(shape, key, item)))
        .join("");
    case "structure":
      return membersOf(value)
        .map(([name, item]) => writeMember(shape, name, item))
        .join("");
    default:
      return shape satisfies never;
  }
}

/** Wraps content that is already XML in a tag. */
export function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

function writeEntry(shape: Shape & { kind: "map" }, key: string, value: unknown): string {
  const written = writeXml({ kind: "string" }, key);
  return element(shape.keyName, written) + element(shape.valueName, writeXml(shape.of, value));
}

function writeMember(shape: Shape & { kind: "structure" }, name: string, value: unknown): string {
  const member = shape.members.get(name);
  return member === undefined ? "" : element(name, writeXml(member.shape, value));
}

function itemsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function membersOf(value: unknown): [string, unknown][] {
  return Object.entries(value ?? {}).filter(([, member]) => member !== undefined);
}
