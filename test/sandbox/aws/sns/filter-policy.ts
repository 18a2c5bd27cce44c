import * as z from "zod";
import { invalidParameter, type MessageAttribute } from "./message.ts";

const plain = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const prefix = z.strictObject({ prefix: z.string() });
const suffix = z.strictObject({ suffix: z.string() });
const exists = z.strictObject({ exists: z.boolean() });
const anythingBut = z.strictObject({
  "anything-but": z.union([prefix, suffix, plain.transform((one) => [one]), z.array(plain).nonempty()]),
});

const condition = z.union([plain, prefix, suffix, exists, anythingBut]);
const policySchema = z.record(z.string(), z.array(condition).nonempty());

type Plain = z.infer<typeof plain>;
type Condition = z.infer<typeof condition>;

/** Which messages a subscription wants: every attribute named must meet one of its conditions. */
export type FilterPolicy = z.infer<typeof policySchema>;

/** Reads a filter policy; operators that the stand-in does not know are refused, never ignored. */
export function readFilterPolicy(text: string): FilterPolicy {
  try {
    return policySchema.parse(JSON.parse(text));
  } catch {
    throw invalidParameter(
      "FilterPolicy: not a policy of exact values, prefix, suffix, exists and anything-but",
    );
  }
}

/** Says whether a message's attributes pass a policy. */
export function passesPolicy(
  attributes: ReadonlyMap<string, MessageAttribute>,
  policy: FilterPolicy,
): boolean {
  return Object.entries(policy).every(([name, conditions]) => {
    const attribute = attributes.get(name);
    const values = attribute === undefined ? undefined : valuesOf(attribute);
    return conditions.some((one) => meets(values, one));
  });
}

/** An attribute that holds a list meets a condition with any one of its items. */
function meets(values: readonly Plain[] | undefined, wanted: Condition): boolean {
  if (wanted !== null && typeof wanted === "object" && "exists" in wanted) {
    return wanted.exists === (values !== undefined);
  }
  return values?.some((value) => meetsOne(value, wanted)) ?? false;
}

function meetsOne(value: Plain, wanted: Exclude<Condition, z.infer<typeof exists>>): boolean {
  if (wanted === null || typeof wanted !== "object") return value === wanted;
  if ("prefix" in wanted) return typeof value === "string" && value.startsWith(wanted.prefix);
  if ("suffix" in wanted) return typeof value === "string" && value.endsWith(wanted.suffix);
  const unwanted = wanted["anything-but"];
  return Array.isArray(unwanted) ? !unwanted.includes(value) : !meetsOne(value, unwanted);
}

function valuesOf({ type, value }: MessageAttribute): readonly Plain[] {
  if (type.startsWith("String.Array")) return readItems(value);
  return [type.startsWith("Number") ? Number(value) : value];
}

/** SNS delivers a String.Array that is no JSON list all the same; it merely matches nothing. */
function readItems(text: string): readonly Plain[] {
  try {
    return z.array(plain).parse(JSON.parse(text));
  } catch {
    return [];
  }
}
