import type * as z from "zod";
import { isoTime } from "../../core/time.ts";
import { minuteWords } from "../../core/wording.ts";
import type { deploymentOrigin } from "./answers.ts";

/** Who or what began a deployment, in words; undefined where Railway does not tell. */
export function deploymentOriginWords({
  createdAt,
  creator,
  meta,
}: z.output<typeof deploymentOrigin>): string | undefined {
  const who = creator?.name ?? meta?.commitAuthor;
  const what = meta?.reason;
  if (!who && !what) return undefined;
  const by = who ? ` by ${who}` : "";
  return `a ${what || "deployment"}${by} at ${minuteWords(isoTime(createdAt))}`;
}
