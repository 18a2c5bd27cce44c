import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { tellFailure } from "../../functions/command-line/failure.ts";
import { createProgressLine } from "../../functions/command-line/progress-line.ts";
import type { Progress } from "../../functions/core/ports.ts";
import { printableJson } from "../../functions/core/printable.ts";
import { canary, expectNoCanary } from "../canaries.ts";

/** Standard error that keeps what was written; `isTTY` makes it what a terminal looks like to a spinner. */
function stream(isTTY: boolean, columns = 80) {
  const pass = new PassThrough();
  const cursor = { cursorTo: () => true, clearLine: () => true, moveCursor: () => true };
  const kept = () => String(pass.read() ?? "");
  return { error: Object.assign(pass, cursor, { isTTY, columns }), kept };
}

const steps: readonly Progress[] = [
  { kind: "asking", environments: 3 },
  { kind: "heard", done: 1, environments: 3 },
  { kind: "healing", environments: ["app"], step: "redeploying" },
  { kind: "healing", environments: ["app"], step: "waiting for the deployment: building" },
  { kind: "healing", environments: ["app"], step: "waiting for the deployment: building" },
  { kind: "healed", environments: ["app"], status: "healed" },
];

describe("the progress", () => {
  it("is one line for each step of a repair where nobody watches", () => {
    const { error, kept } = stream(false);
    const progress = createProgressLine({ out: error, error, variables: {} }, "reading");

    for (const step of steps) progress.show(step);
    progress.end();

    expect(kept()).toBe("app: redeploying\napp: waiting for the deployment: building\napp: healed\n");
  });

  it("is a spinner on a terminal, gone when it ends", async () => {
    const { error, kept } = stream(true);
    const progress = createProgressLine({ out: error, error, variables: { TERM: "xterm" } }, "reading");

    for (const step of steps.slice(0, 2)) progress.show(step);
    await new Promise((resolve) => setTimeout(resolve, 200));
    progress.end();

    expect(kept()).toContain("1 of 3 heard");
  });

  it("is no spinner on a terminal without a size, which would never end", () => {
    const { error, kept } = stream(true, 0);
    const progress = createProgressLine({ out: error, error, variables: { TERM: "xterm" } }, "reading");

    for (const step of steps.slice(0, 2)) progress.show(step);
    progress.end();

    expect(kept()).toBe("");
  });
});

describe("a failure that nobody foresaw", () => {
  const value = canary("in an error");

  it("is one line without the error's own words", () => {
    const { error, kept } = stream(false);

    const exitCode = tellFailure({ out: error, error, variables: {} }, new TypeError(`no ${value}`));

    const text = kept();
    expect(exitCode).toBe(4);
    expect(text).toMatch(/^tallystick: stopped by an unexpected error \(TypeError\).*TALLYSTICK_DEBUG.*\n$/);
    expectNoCanary(text, [value]);
  });

  it("tells its place, and still none of its words, with TALLYSTICK_DEBUG", () => {
    const { error, kept } = stream(false);

    tellFailure({ out: error, error, variables: { TALLYSTICK_DEBUG: "1" } }, new Error(`no ${value}`));

    const text = kept();
    expect(text).toContain("streams.test.ts");
    expectNoCanary(text, [value]);
  });
});

describe("JSON for standard output", () => {
  it("parses to the same, and cannot write on the terminal", () => {
    const data = { name: "\u001b[2J\u009b31m\u202e\u{E0001}日本", lines: "a\nb" };

    const text = printableJson(data);

    expect(JSON.parse(text)).toEqual(data);
    expect(text).not.toMatch(/[^\n\P{C}]/u);
  });
});
