// SPDX-License-Identifier: MIT
import { Hono } from "hono";

import { createResponder } from "../index.ts";

const responder = createResponder({
  environment: "railway-production",
  publicKeys: (process.env["TALLY_PUBLIC_KEYS"] ?? "").split(","),
  secrets: { INTERNAL_AUTH_SECRET: () => process.env["INTERNAL_AUTH_SECRET"] },
});

export const app = new Hono();

app.get("/health", async (context) => {
  const tally = await responder.answer(context.req.header("Tally-Challenge"));
  context.header("Cache-Control", "no-store");
  return context.json({ status: "ok", tally });
});
