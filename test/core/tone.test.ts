import { describe, expect, it } from "vitest";
import type { StoredReport, VerdictReport } from "../../functions/core/report.ts";
import { type Tone, toneOfHolder, toneOfStored, toneOfVerdict } from "../../functions/core/tone.ts";

const inSync = { kind: "in-sync", versionId: "v" } as const;
const split = (...kinds: readonly ("foreign" | "in-sync" | "ahead")[]): VerdictReport => ({
  kind: "split",
  instances: kinds.map((kind) => ({
    instance: kind,
    verdict: kind === "foreign" ? { kind } : { kind, versionId: "v" },
  })),
});

describe("how good something is", () => {
  it.each<[Tone, VerdictReport]>([
    ["good", inSync],
    ["warn", { kind: "ahead", versionId: "v" }],
    ["warn", { kind: "unknown", because: "timeout", detail: "" }],
    ["warn", split("in-sync", "ahead")],
    ["bad", split("in-sync", "foreign")],
    ["bad", { kind: "unset" }],
  ])("is %s for %o", (tone, verdict) => {
    expect(toneOfVerdict(verdict)).toBe(tone);
  });

  it.each<[Tone, StoredReport]>([
    ["warn", { kind: "sealed" }],
    ["warn", { kind: "reference" }],
    ["good", { kind: "reference", holds: inSync }],
    ["bad", { kind: "inherited", holds: { kind: "unset" } }],
    ["warn", { kind: "inherited" }],
    ["warn", { kind: "unknown", detail: "" }],
    ["good", inSync],
    ["bad", { kind: "foreign" }],
  ])("is %s for what is stored as %o", (tone, stored) => {
    expect(toneOfStored(stored)).toBe(tone);
  });

  it("is bad for a process that is right and would start wrong", () => {
    const holder = { name: "AUTH", verdict: inSync, remedy: { kind: "none" } } as const;

    expect(toneOfHolder({ ...holder, cause: "latent" })).toBe("bad");
    expect(toneOfHolder(holder)).toBe("good");
  });
});
