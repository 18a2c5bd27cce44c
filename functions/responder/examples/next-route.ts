// SPDX-License-Identifier: MIT
// To be kept as app/health/route.ts.
import { createResponder } from "../index.ts";

const responder = createResponder({
  environment: "railway-production",
  publicKeys: (process.env["TALLY_PUBLIC_KEYS"] ?? "").split(","),
  secrets: { INTERNAL_AUTH_SECRET: () => process.env["INTERNAL_AUTH_SECRET"] },
});

/** Next must not answer from what it built: every challenge is new. */
export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return responder.fetch(request);
}
