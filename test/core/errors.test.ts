import { describe, expect, it } from "vitest";

import { TallystickError } from "../../functions/core/errors.ts";

describe("an error", () => {
  it("is final unless it says otherwise", () => {
    const { retryable, retryAfterMs } = new TallystickError("publish-failed", "words");
    expect([retryable, retryAfterMs]).toEqual([false, undefined]);
  });

  it("says whether and when the same call may succeed", () => {
    const options = { retryable: true, retryAfterMs: 5_000 };
    const { retryable, retryAfterMs } = new TallystickError("railway-throttled", "words", options);
    expect([retryable, retryAfterMs]).toEqual([true, 5_000]);
  });

  it("keeps its cause", () => {
    const cause = new Error("why");
    expect(new TallystickError("run-failed", "words", { cause }).cause).toBe(cause);
  });

  it("has no cause where none was given", () => {
    expect("cause" in new TallystickError("run-failed", "words")).toBe(false);
  });
});
