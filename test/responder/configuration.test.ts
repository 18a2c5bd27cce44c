import { inspect } from "node:util";
import { describe, expect, it } from "vitest";

import { createResponder, type ResponderOptions } from "../../functions/responder/index.ts";
import { canary, tracesOf } from "../protocol/canary.ts";
import { publicKey } from "./question.ts";

const good: ResponderOptions = {
  environment: "vps",
  publicKeys: [publicKey],
  secrets: { INTERNAL_AUTH_SECRET: () => "x" },
};

function mistakesOf(change: object): string {
  try {
    createResponder({ ...good, ...change });
  } catch (error) {
    expect(error).toMatchObject({ name: "ProtocolError", code: "responder-unfit" });
    return inspect(error, { showHidden: true, depth: null });
  }
  return "none";
}

const unfit = "not fit/";
const getter = () => "x";

describe("a responder's configuration", () => {
  it("may be as small as a name, a key and no secret", () => {
    expect(mistakesOf({ secrets: {} })).toBe("none");
  });

  it.each([
    ["environment", { environment: "VPS" }, "environment must match"],
    ["environment left out", { environment: undefined }, "environment must match"],
    ["instance", { instance: unfit }, "instance must match"],
    ["deployment", { deployment: "" }, "deployment must match"],
    ["place's environment", { place: { environment: unfit, service: "s" } }, "place.environment must match"],
    ["place's service", { place: { environment: "e" } }, "place.service must match"],
    ["startedAt", { startedAt: "yesterday" }, "startedAt must be a date"],
    ["public keys left out", { publicKeys: undefined }, "publicKeys must be a list"],
    ["a public key as text", { publicKeys: publicKey }, "publicKeys must be a list"],
    ["no public key", { publicKeys: [] }, "there is none"],
    ["an empty public key", { publicKeys: [""] }, "number 1 is not"],
    ["a public key that is none", { publicKeys: [publicKey, `${publicKey}=`] }, "number 2 is not"],
    ["a public key that is no text", { publicKeys: [publicKey, null] }, "publicKeys must be a list of texts"],
    ["secrets left out", { secrets: undefined }, "secrets must be an object"],
    ["secrets that are text", { secrets: "x" }, "secrets must be an object"],
    ["a secret's name", { secrets: { A: getter, "B C": getter } }, "secrets: entry 2"],
    ["a secret's value instead of a function", { secrets: { A: "x" } }, "secrets: entry 1"],
    ["a stored value instead of a function", { stored: { A: getter, B: "x" } }, "stored: entry 2"],
    ["stored that is a number", { stored: 5 }, "stored must be an object"],
  ])("is refused for its %s", (_, change, mistake) => {
    expect(mistakesOf(change)).toContain(mistake);
  });

  it("is refused with all its mistakes at once", () => {
    const mistakes = mistakesOf({ environment: "", publicKeys: [], secrets: { "": getter }, instance: "" });
    for (const what of ["environment", "instance", "secrets: entry 1", "public keys"])
      expect(mistakes).toContain(what);
  });

  it("is never repeated by the error: a mix-up may have put a value anywhere", () => {
    const wrong = `${canary} `;
    const mistakes = mistakesOf({
      environment: wrong,
      publicKeys: [wrong],
      secrets: { [wrong]: getter, A: wrong },
      stored: { [wrong]: wrong },
      instance: wrong,
      deployment: wrong,
      startedAt: wrong,
      place: { environment: wrong, service: wrong },
    });
    expect(tracesOf(canary, mistakes)).toEqual([]);
  });
});
