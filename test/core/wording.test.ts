import { describe, expect, it } from "vitest";
import type { StoredReport, VerdictReport } from "../../functions/core/report.ts";
import {
  causePhrase,
  healPhrase,
  heldPhrase,
  minuteWords,
  remedyPhrase,
  storedPhrase,
  verdictCell,
  verdictPhrase,
} from "../../functions/core/wording.ts";
import { behind, heal, holder } from "./reports.ts";

type Row = readonly [verdict: VerdictReport, phrase: string, cell: string];

const split: VerdictReport = {
  kind: "split",
  instances: [
    { instance: "one", verdict: { kind: "in-sync", versionId: "v2" } },
    { instance: "two", verdict: { kind: "unset" } },
    { instance: "three", verdict: { kind: "unset" } },
  ],
};
const unseen = { kind: "unknown", detail: "no answer" } as const;

const rows: readonly Row[] = [
  [{ kind: "in-sync", versionId: "v2" }, "the current version", "in sync"],
  [{ kind: "ahead", versionId: "v3" }, "the pending version", "ahead"],
  [behind, "an old version (1 behind)", "old version (-1)"],
  [
    { ...behind, replacedAt: "2026-11-03T09:00:41Z" },
    "an old version (1 behind, replaced 2026-11-03 09:00 UTC)",
    "old version (-1)",
  ],
  [{ kind: "withdrawn", versionId: "v3" }, "a version that the source has withdrawn", "withdrawn version"],
  [{ kind: "swapped", secret: "OTHER" }, "the value of OTHER", "holds OTHER"],
  [
    { kind: "mangled", accident: "trailing-newline", versionId: "v2" },
    "the value with a newline at its end",
    "mangled: trailing-newline",
  ],
  [
    { kind: "mangled", accident: "placeholder" },
    "a placeholder that was never replaced",
    "mangled: placeholder",
  ],
  [{ kind: "unset" }, "no value", "not set"],
  [{ kind: "foreign" }, "a value that the source never had", "unknown value"],
  [
    split,
    "different values in its instances: one the current version; two no value; three no value",
    "instances differ: in sync / not set",
  ],
  [
    { ...unseen, because: "timeout", code: "answer-timeout" },
    "not seen: no answer in time",
    "not seen: timeout",
  ],
  [
    { ...unseen, because: "refused", code: "challenge-untrusted" },
    "not seen: refused to answer",
    "not seen: challenge-untrusted",
  ],
  [{ ...unseen, because: "refused" }, "not seen: refused to answer", "not seen: refused"],
];

describe("a verdict", () => {
  it.each(rows)("%o is told as %s", (verdict, phrase) => {
    expect(verdictPhrase(verdict)).toBe(phrase);
  });

  it.each(rows)("%o stands in a cell", (verdict, _phrase, cell) => {
    expect(verdictCell(verdict)).toBe(cell);
  });
});

describe("what is held", () => {
  it("is told with its evidence where no process told of it", () => {
    expect(heldPhrase({ verdict: behind, evidence: "snapshot" })).toBe(
      "an old version (1 behind), by what its deployment was started with",
    );
  });

  it("is told as it is where a process did", () => {
    expect(heldPhrase({ verdict: behind, evidence: "process" })).toBe("an old version (1 behind)");
  });
});

describe("a stored value", () => {
  it.each<[StoredReport, string]>([
    [{ kind: "sealed" }, "sealed"],
    [{ kind: "inherited" }, "inherited"],
    [{ kind: "reference" }, "a reference"],
    [{ kind: "reference", to: "shared.API_TOKEN" }, "a reference to shared.API_TOKEN"],
    [{ kind: "inherited", holds: behind }, "inherited, which holds an old version (1 behind)"],
    [
      { kind: "reference", to: "shared.API_TOKEN", holds: { kind: "unset" } },
      "a reference to shared.API_TOKEN, which holds no value",
    ],
    [{ kind: "unknown", detail: "Railway was not asked" }, "not read: Railway was not asked"],
    [behind, "an old version (1 behind)"],
  ])("%o is told as %s", (stored, phrase) => {
    expect(storedPhrase(stored)).toBe(phrase);
  });
});

describe("a cause", () => {
  it("is told in a few words", () =>
    expect(causePhrase({ cause: "rollback" })).toBe("an older value came back"));

  it("is not made up where there is none", () => expect(causePhrase({})).toBeUndefined());
});

describe("a remedy", () => {
  it("is told by its kind", () =>
    expect(remedyPhrase(holder({ remedy: { kind: "redeploy" } }))).toBe("redeploy"));

  it("is told with the reason that withholds it", () => {
    const remedy = { kind: "withheld", withheld: { reason: "mode", wouldBe: "set-and-redeploy" } } as const;
    expect(remedyPhrase(holder({ remedy }))).toBe("set and redeploy, withheld: this run only looks");
  });

  it("is told with the reason's detail", () => {
    const withheld = {
      reason: "source-suspect",
      wouldBe: "by-hand",
      detail: "the current version is empty",
    } as const;
    expect(remedyPhrase(holder({ remedy: { kind: "withheld", withheld } }))).toBe(
      "by hand, withheld: the source looks wrong: the current version is empty",
    );
  });
});

describe("a heal", () => {
  it("is repaired and verified where it healed", () =>
    expect(healPhrase(heal())).toBe("repaired and verified"));

  it("claims no more than was seen where a snapshot proved it", () =>
    expect(healPhrase(heal({ evidence: "snapshot" }))).toBe(
      "repaired; its new deployment was started with the right value, no process was asked",
    ));

  it("is told with its detail", () => {
    const failed = heal({
      status: "failed",
      reason: "deployment-failed",
      detail: "the new deployment ended FAILED",
    });
    expect(healPhrase(failed)).toBe("repair failed: the new deployment ended FAILED");
  });

  it("is told with its reason's words where it has no detail", () => {
    expect(healPhrase(heal({ status: "timed-out", reason: "unproven" }))).toBe(
      "repair not proven in time: not proven",
    );
  });

  it("is told with a guard's words", () => {
    const withheld = heal({ status: "withheld", reason: "deploying" });
    expect(healPhrase(withheld)).toBe("repair withheld: a deployment is under way");
  });

  it("is told by its status alone where nothing else is known", () => {
    expect(healPhrase(heal({ status: "superseded" }))).toBe("repair not needed any more");
  });
});

describe("a time", () => {
  it("is told to the minute", () => expect(minuteWords("2026-11-03T09:00:41Z")).toBe("2026-11-03 09:00 UTC"));

  it("is left alone where it is none", () => expect(minuteWords("unknown")).toBe("unknown"));
});
