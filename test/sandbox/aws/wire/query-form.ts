import { AwsError } from "./aws-error.ts";
import type { Shape } from "./shape.ts";

type Branch = Map<string, Node>;
type Node = string | Branch;

/** Reads an awsQuery form, whose dotted keys spell a tree, into the shape of an operation's input. */
export function readForm(form: URLSearchParams, shape: Shape): unknown {
  const root: Branch = new Map();
  for (const [key, value] of form) {
    if (key !== "Action" && key !== "Version") plant(root, key.split("."), value);
  }
  return readNode(root, shape);
}

function plant(root: Branch, path: readonly string[], value: string): void {
  let branch = root;
  for (const name of path.slice(0, -1)) {
    const next = branch.get(name) ?? new Map<string, Node>();
    if (typeof next === "string") throw malformed();
    branch.set(name, next);
    branch = next;
  }
  const leaf = path.at(-1) ?? "";
  if (branch.has(leaf)) throw malformed();
  branch.set(leaf, value);
}

function malformed(): AwsError {
  return new AwsError("MalformedQueryString", "One key of the form stands in the way of another");
}

/** What does not fit is passed on as it came: the schema's check refuses it with a path. */
function readNode(node: Node, shape: Shape): unknown {
  switch (shape.kind) {
    case "string":
    case "blob":
    case "timestamp":
      return node;
    case "number":
      return node === "" ? node : Number(node);
    case "boolean":
      return node === "true" ? true : node === "false" ? false : node;
    case "list":
      return numbered(node, "member").map((item) => readNode(item, shape.of));
    case "map":
      return readMap(node, shape);
    case "structure":
      return readStructure(node, shape);
    default:
      return shape satisfies never;
  }
}

function readStructure(node: Node, shape: Shape & { kind: "structure" }): unknown {
  if (typeof node === "string") return node;
  const members = [...node].map(([name, child]) => {
    const member = shape.members.get(name);
    return [name, member === undefined ? child : readNode(child, member.shape)];
  });
  return Object.fromEntries(members);
}

function readMap(node: Node, shape: Shape & { kind: "map" }): unknown {
  const entries = numbered(node, "entry").map((entry) => {
    if (typeof entry === "string") throw malformed();
    return [String(entry.get(shape.keyName)), readNode(entry.get(shape.valueName) ?? "", shape.of)];
  });
  return Object.fromEntries(entries);
}

/** The items of `prefix.1`, `prefix.2`, in the order of their numbers; an empty list is written as one empty key. */
function numbered(node: Node, prefix: string): Node[] {
  if (node === "") return [];
  const items = typeof node === "string" ? undefined : node.get(prefix);
  if (items === undefined || typeof items === "string") throw malformed();
  return [...items].sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);
}
