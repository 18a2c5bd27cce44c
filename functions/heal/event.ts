import * as z from "zod";
import { TallystickError } from "../core/errors.ts";
import type { HealOrder } from "../core/ports.ts";

const name = z.string().min(1).max(128);

/** What check starts heal with; see `HealOrder`. */
const healOrder = z.strictObject({
  run: z.strictObject({ id: name, trigger: z.enum(["schedule", "label", "manual", "cli"]) }),
  withoutCanary: z.literal(true).optional(),
  claim: z.strictObject({ id: name, startedAtMs: z.int().min(0) }),
  targets: z
    .array(z.strictObject({ environment: name, secret: name, versionId: z.string().min(1).max(128) }))
    .min(1)
    .max(10_000),
});

/**
 * Reads the event of the heal function. Of its words only names are used: what is pushed is what the source says
 * when it is read again.
 * @throws TallystickError `event-invalid`
 */
export function readHealOrder(event: unknown): HealOrder {
  const reading = healOrder.safeParse(event);
  if (reading.success) return reading.data;
  const places = [...new Set(reading.error.issues.map(({ path }) => placeOf(path)))];
  throw new TallystickError(
    "event-invalid",
    `nothing was touched: the event is no order of check; mistakes at ${places.join(", ")}`,
  );
}

/** Our own key, or that it is none of ours: what an event says is not repeated. */
function placeOf([first]: readonly PropertyKey[]): string {
  return first === "run" || first === "targets" ? first : "the event itself";
}
