import * as z from "zod";
import { reportSchema } from "../contract.ts";
import { explanationTables } from "../core/explanations.ts";
import type { Report } from "../core/report.ts";

/** A word that `explain` knows in one of its tables. */
const word = (...tables: readonly string[]) =>
  z.string().refine((text) => tables.some((table) => Object.hasOwn(explanationTables[table] ?? {}, text)));

const heldForms = [
  ...["in-sync", "ahead", "withdrawn", "unset", "foreign"].map((kind) =>
    z.looseObject({ kind: z.literal(kind) }),
  ),
  z.looseObject({ kind: z.literal("behind"), behindBy: z.number(), replacedAt: z.string().optional() }),
  z.looseObject({ kind: z.literal("swapped"), secret: z.string() }),
  z.looseObject({ kind: z.literal("mangled"), accident: word("accident"), versionId: z.string().optional() }),
] as const;

const instance = z.looseObject({ instance: z.string(), verdict: z.union(heldForms) });
const verdict = z.union([
  ...heldForms,
  z.looseObject({ kind: z.literal("split"), instances: z.array(instance) }),
  z.looseObject({ kind: z.literal("unknown"), because: word("because"), detail: z.string() }),
]);
const stored = z.union([
  ...heldForms,
  z.looseObject({ kind: z.enum(["sealed", "inherited"]) }),
  z.looseObject({ kind: z.literal("reference"), to: z.string().optional() }),
  z.looseObject({ kind: z.literal("unknown"), detail: z.string() }),
]);
const remedy = z.looseObject({
  kind: word("remedy"),
  steps: z.array(z.string()).optional(),
  withheld: z
    .looseObject({ reason: word("withheld"), wouldBe: word("remedy"), detail: z.string().optional() })
    .optional(),
});

const holder = z.looseObject({
  ...{ name: z.string(), verdict, stored: stored.optional() },
  ...{ cause: word("cause").optional(), since: z.string().optional(), remedy },
});
const capability = z.looseObject({
  ...{ name: z.string(), status: z.enum(["works", "denied", "broken", "unknown"]) },
  ...{ dependsOn: z.array(z.string()), httpStatus: z.number().optional(), because: z.string().optional() },
});
const secret = z.looseObject({
  ...{
    name: z.string(),
    truth: word("truth"),
    expiresAt: z.string().optional(),
    detail: z.string().optional(),
  },
  version: z.looseObject({ id: z.string(), createdAt: z.string().optional() }).optional(),
  rotation: z.enum(["in-progress", "stuck"]).optional(),
});
const heal = z.looseObject({
  ...{ environment: z.string(), secrets: z.array(z.string()), detail: z.string().optional() },
  status: z.enum(["started", "healed", "failed", "timed-out", "superseded", "withheld"]),
  ...{ reason: word("heal", "withheld", "error").optional(), durationMs: z.number().optional() },
  was: z.array(
    z.looseObject({ secret: z.string(), verdict, cause: word("cause").optional(), action: word("remedy") }),
  ),
});
const form = z.looseObject({
  schema: z.literal(reportSchema),
  run: z.looseObject({
    ...{ id: z.string(), startedAt: z.iso.datetime(), durationMs: z.number() },
    trigger: z.enum(["schedule", "label", "manual", "cli"]),
    mode: z.enum(["observe", "approve", "fix"]),
  }),
  status: z.enum(["failed", "drifted", "unknown", "in-sync"]),
  secrets: z.array(secret),
  environments: z.array(
    z.looseObject({
      ...{ name: z.string(), notes: z.array(z.string()).optional() },
      ...{ secrets: z.array(holder), capabilities: z.array(capability) },
    }),
  ),
  heals: z.array(heal),
});

/** A report as it was kept, whole; undefined where it has a word or a form that this version does not know. */
export function readReport(data: unknown): Report | undefined {
  // The form holds all that a reader of a report looks at; what it does not name stays as it was written.
  return form.safeParse(data).success ? (data as Report) : undefined;
}
