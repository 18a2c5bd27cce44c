import * as z from "zod";
import { accidentTexts, causeTexts } from "../core/explanations.ts";
import { actionKinds } from "../core/remedy.ts";
import type { RepairedHolder } from "../core/report.ts";

const version = z.string();
const heldVerdict = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["in-sync", "ahead", "withdrawn"]), versionId: version }),
  z.object({
    ...{ kind: z.literal("behind"), versionId: version, behindBy: z.int() },
    replacedAt: z.string().optional(),
  }),
  z.object({ kind: z.literal("swapped"), secret: z.string() }),
  z.object({
    ...{ kind: z.literal("mangled"), accident: z.enum(Object.keys(accidentTexts)) },
    versionId: version.optional(),
  }),
  z.object({ kind: z.enum(["unset", "foreign"]) }),
]);
const split = z.object({
  kind: z.literal("split"),
  instances: z.array(z.object({ instance: z.string(), verdict: heldVerdict })),
});
const repairedHolder = z.object({
  secret: z.string(),
  verdict: z.union([heldVerdict, split]),
  cause: z.enum(Object.keys(causeTexts)).optional(),
  action: z.enum(actionKinds),
});

/** What a repair was for, as it was kept; a word of another version is no reason to forget the repair. */
export const keptHolder = z
  .custom<RepairedHolder>((value) => repairedHolder.safeParse(value).success)
  .optional()
  .catch(undefined);
