import { describe, expect, it } from "vitest";
import { counted, listed } from "../../functions/core/counting.ts";
import {
  alikeFindings,
  findingsOf,
  unseenHolders,
  unseenPlaces,
} from "../../functions/core/finding-groups.ts";
import { printable, printableCopy, printableJson, printableLines } from "../../functions/core/printable.ts";
import { isTelling, runFacts, secretFacts } from "../../functions/core/run-wording.ts";
import { holderPhrase, shortVersion, stepParts } from "../../functions/core/wording.ts";
import { afterHeal, allWell, hostile, incident, storedOnly, twoHundred } from "../command-line/reports.ts";

describe("the words of a whole run", () => {
  it.each([
    [
      "incident",
      incident,
      "2 of 7 running values are wrong, 1 stored wrong for the next start, 2 capabilities denied, OPENCLAW_GATEWAY_TOKEN rejected, 1 not seen",
    ],
    ["all well", allWell, "5 of 5 running values are right"],
    ["a repair", afterHeal, "5 of 5 running values are right, 1 environment repaired"],
    ["a first look", storedOnly, "0 of 5 running values are right, 5 not seen"],
    ["one wrong", hostile, "1 of 1 running values is wrong, 1 capability denied"],
    ["no source", { ...allWell, status: "failed" as const }, "no secret could be read from its source"],
  ])("count %s", (_name, report, words) => {
    expect(runFacts(report).join(", ")).toBe(words);
  });

  it("tell of a secret what is known of it", () => {
    const version = { id: "9c1e22ab-0d4f-4c7e-8a51-6f0d1c2b3a49", createdAt: "2026-11-03T09:00:41Z" };
    const expiresAt = "2026-12-01T12:00:00Z";

    expect(secretFacts({ name: "A", truth: "unknown" })).toEqual(["not read"]);
    expect(secretFacts({ name: "A", truth: "expired", version, expiresAt, rotation: "stuck" })).toEqual([
      "expired",
      "version 9c1e22ab",
      "made 2026-11-03 09:00 UTC",
      "ended 2026-12-01 12:00 UTC",
      expect.stringContaining("pending for more than a day"),
    ]);
    expect(secretFacts({ name: "A", truth: "expiring", expiresAt })).toContain("ends 2026-12-01 12:00 UTC");
  });

  it("have nothing to tell of a secret that is simply valid", () => {
    expect(isTelling({ name: "A", truth: "valid" })).toBe(false);
    expect(isTelling({ name: "A", truth: "weak" })).toBe(true);
    expect(isTelling({ name: "A", truth: "valid", rotation: "in-progress" })).toBe(true);
    expect(isTelling({ name: "A", truth: "valid", detail: "suspect" })).toBe(true);
  });
});

describe("findings", () => {
  it("are what was seen and is not right, alike ones together", () => {
    expect(findingsOf(allWell)).toEqual([]);
    expect(alikeFindings(findingsOf(twoHundred)).map((group) => group.length)).toEqual([3]);
  });

  it("do not have in them what could not be seen", () => {
    expect(findingsOf(storedOnly)).toEqual([]);
    expect(unseenPlaces(unseenHolders(storedOnly))).toEqual(["app-production", "worker-production", "vps"]);
  });

  it("name the secret where only a part of an environment could not be seen", () => {
    const [first, ...rest] = storedOnly.environments;
    const seen = allWell.environments[0]?.secrets.slice(0, 1) ?? [];
    const half = {
      ...storedOnly,
      environments: [
        { name: "half", capabilities: [], secrets: [...seen, ...(first?.secrets.slice(1) ?? [])] },
        ...rest,
      ],
    };

    expect(unseenPlaces(unseenHolders(half))[0]).toBe("half (OPENCLAW_GATEWAY_TOKEN)");
  });
});

describe("words in a cell", () => {
  const holder = storedOnly.environments.flatMap(({ secrets }) => secrets);

  it("tell what is stored where nothing is seen to run", () => {
    expect(holder.map(holderPhrase)).toEqual([
      "stored: old version (-1)",
      "stored: in sync",
      "stored: in sync",
      "stored: sealed",
      "not seen: challenge-untrusted",
    ]);
  });

  it.each([
    ["9c1e22ab-0d4f-4c7e-8a51-6f0d1c2b3a49", "9c1e22ab"],
    ["env:NAME", "env:NAME"],
    ["a-very-long-version-id", "a-very-long…"],
  ])("call the version %s %s", (id, words) => {
    expect(shortVersion(id)).toBe(words);
  });

  it("keep a step's command apart, so that it can be copied", () => {
    expect(stepParts("Prove it: tallystick check --only vps")).toEqual({
      ...{ words: "Prove it:", command: "tallystick check --only vps" },
    });
    expect(stepParts("Restart it.")).toEqual({ words: "Restart it." });
  });

  it("count", () => {
    expect([counted(1, "capability"), counted(2, "capability"), counted(3, "run")]).toEqual([
      ...["1 capability", "2 capabilities", "3 runs"],
    ]);
    expect([listed(["a", "b"], 2), listed(["a", "b", "c"], 2)]).toEqual(["a, b", "a, b and 1 more"]);
  });
});

describe("what can only be seen", () => {
  it("has a replacement character for what cannot", () => {
    expect([printable("a\u001b\nb"), printableLines("a\u202e\nb")]).toEqual(["a\ufffd\ufffdb", "a\ufffd\nb"]);
    expect(printableCopy({ a: ["\u0000"], b: 1 })).toEqual({ a: ["\ufffd"], b: 1 });
  });

  it("parses to the same data as JSON", () => {
    const data = { a: "\u202e\u{e0001}\u0085", b: [1] };

    expect(printableJson(data)).not.toMatch(/[^\n\P{C}]/u);
    expect(JSON.parse(printableJson(data))).toEqual(data);
  });
});
