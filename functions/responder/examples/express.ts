// SPDX-License-Identifier: MIT
import express from "express";

import { createResponder } from "../index.ts";

/** What the application really uses; the responder reads it from here, and not once more from the environment. */
const configuration = { internalAuthSecret: process.env["INTERNAL_AUTH_SECRET"] };

const responder = createResponder({
  environment: "railway-production",
  publicKeys: (process.env["TALLY_PUBLIC_KEYS"] ?? "").split(","),
  secrets: { INTERNAL_AUTH_SECRET: () => configuration.internalAuthSecret },
});

export const app = express();

app.get("/health", async (request, response) => {
  const tally = await responder.answer(request.get("Tally-Challenge"));
  response.set("Cache-Control", "no-store").json({ status: "ok", tally });
});
