import { describe, expect, it } from "vitest";
import { messageOf } from "../../functions/core/message.ts";
import type { Message } from "../../functions/core/ports.ts";
import type { HolderReport, Report } from "../../functions/core/report.ts";
import { behind, heal, holder, report } from "./reports.ts";

function told(what: Report): Message {
  const message = messageOf(what);
  if (message === undefined) throw new Error("nothing was told");
  return message;
}

function firstLines(what: Report): string[] {
  return told(what).text.split("\n").slice(0, 2);
}

const old = holder({
  verdict: behind,
  cause: "variable",
  stored: behind,
  remedy: { kind: "withheld", withheld: { reason: "mode", wouldBe: "set-and-redeploy" } },
});
const byHand = holder({
  verdict: behind,
  cause: "undetermined",
  remedy: { kind: "by-hand", steps: ["Set it.", "Restart it."] },
});
const unseen = holder({ verdict: { kind: "unknown", because: "unreachable", detail: "gone" } });

describe("nothing is told", () => {
  it("where all is in sync", () => expect(messageOf(report())).toBeUndefined());

  it("where something could not be seen, and no more", () => {
    expect(messageOf(report({ status: "unknown", holders: [unseen] }))).toBeUndefined();
  });

  it("of a weak secret at every tick", () => {
    expect(messageOf(report({ secrets: [{ name: "API_TOKEN", truth: "weak" }] }))).toBeUndefined();
  });
});

describe("the subject", () => {
  it.each<[string, Partial<HolderReport>]>([
    ["app holds an old API_TOKEN", { verdict: behind, cause: "variable" }],
    [
      "app holds a mangled API_TOKEN",
      { verdict: { kind: "mangled", accident: "quotes-kept", versionId: "v2" }, cause: "variable" },
    ],
    ["app holds no API_TOKEN", { verdict: { kind: "unset" }, cause: "variable" }],
    ["app holds a wrong API_TOKEN", { verdict: { kind: "foreign" }, cause: "variable" }],
    ["app would start with a wrong API_TOKEN", { cause: "latent" }],
    ["app holds a right API_TOKEN", { remedy: { kind: "redeploy" } }],
  ])("says %s", (subject, but) => {
    expect(told(report({ status: "drifted", holders: [holder(but)] })).subject).toBe(
      `Tallystick: ${subject}`,
    );
  });

  it("says what was repaired and that it was verified", () => {
    expect(told(report({ heals: [heal()] })).subject).toBe(
      "Tallystick: app held an old API_TOKEN - repaired, verified",
    );
  });

  it("says what could not be repaired", () => {
    expect(told(report({ heals: [heal({ status: "failed" })] })).subject).toBe(
      "Tallystick: app held an old API_TOKEN - not repaired",
    );
  });

  it("stands where a heal has nothing to tell of before", () => {
    expect(told(report({ heals: [heal({ was: [] })] })).subject).toBe("Tallystick: app: repaired, verified");
  });

  it("puts the secret itself before those who hold it, and counts the rest", () => {
    const secrets = [{ name: "API_TOKEN", truth: "rejected" }] as const;
    expect(told(report({ status: "drifted", secrets, holders: [old] })).subject).toBe(
      "Tallystick: API_TOKEN rejected (+1 more)",
    );
  });

  it("counts a rejected secret once, however many hold it", () => {
    const secrets = [{ name: "API_TOKEN", truth: "rejected" }] as const;
    const rejected = holder({ cause: "rejected", remedy: { kind: "by-hand", steps: [] } });
    expect(told(report({ status: "drifted", secrets, holders: [rejected, rejected] })).subject).toBe(
      "Tallystick: API_TOKEN rejected",
    );
  });

  it("says that a run could not do its work", () => {
    expect(told(report({ status: "failed", holders: [unseen] })).subject).toBe(
      "Tallystick: the check could not read any secret from its source",
    );
  });

  it("stays under a hundred characters", () => {
    const long = holder({ name: "A".repeat(128), verdict: behind, cause: "variable" });
    const { subject } = told(report({ status: "drifted", holders: [long] }));
    expect(subject).toHaveLength(99);
    expect(subject).toMatch(/A\.\.\.$/);
  });
});

describe("a repair that was not proven", () => {
  const unproven = heal({ status: "timed-out", reason: "unproven" });

  it("is for somebody to look at", () => {
    const message = told(report({ status: "unknown", holders: [unseen], heals: [unproven] }));
    expect(message.attributes).toEqual({ severity: "alert", kind: "drift" });
    expect(message.text).toContain("NOT REPAIRED\n- app: repair not proven in time");
  });

  it("is not, where a deployment that is under way held it back", () => {
    const waiting = heal({ status: "withheld", reason: "deploying" });
    expect(told(report({ heals: [waiting] })).attributes["severity"]).toBe("info");
  });

  it("is not, where nothing was left to repair", () => {
    const superseded = heal({ status: "superseded", reason: "already-right" });
    expect(told(report({ heals: [superseded] })).attributes["severity"]).toBe("info");
  });
});

describe("a repair that was only started", () => {
  const wrong = holder({ verdict: behind, cause: "variable", remedy: { kind: "set-and-redeploy" } });
  const started = heal({ status: "started", execution: "0123" });

  it("tells its own end, so nothing is told of it before", () => {
    expect(messageOf(report({ status: "drifted", holders: [wrong], heals: [started] }))).toBeUndefined();
  });

  it("asks nothing of anybody where something else is told, and is named apart from it", () => {
    const expiring = [{ name: "API_TOKEN", truth: "expiring" }] as const;
    const what = report({ status: "drifted", holders: [wrong], heals: [started], secrets: expiring });

    expect(told(what).text).toContain("REPAIR STARTED, which tells its own end\n- app: repair started");
    expect(told(what).text).not.toContain("NOT REPAIRED");
  });

  it("leaves to somebody what it was not started for", () => {
    const other = holder({ name: "OTHER", verdict: behind, remedy: { kind: "by-hand", steps: ["do it"] } });

    const message = told(report({ status: "drifted", holders: [wrong, other], heals: [started] }));

    expect(message.attributes).toMatchObject({ severity: "alert", kind: "drift" });
  });

  it("is nobody's business where what is left waits for its deployment", () => {
    const waiting = holder({
      name: "OTHER",
      verdict: behind,
      remedy: { kind: "withheld", withheld: { reason: "deploying", wouldBe: "redeploy" } },
    });

    const message = told(report({ status: "drifted", holders: [wrong, waiting], heals: [started] }));

    expect(message.attributes).toMatchObject({ severity: "info" });
  });

  it("is told where another run has begun it, for that one may have died, and is nobody's business", () => {
    const waiting = holder({
      ...wrong,
      remedy: { kind: "withheld", withheld: { reason: "in-flight", wouldBe: "set-and-redeploy" } },
    });
    const taken = heal({ status: "withheld", reason: "in-flight" });

    const found = told(report({ status: "drifted", holders: [waiting] }));
    const atOnce = told(report({ status: "drifted", holders: [wrong], heals: [taken] }));

    expect(found.attributes).toMatchObject({ severity: "info" });
    expect(atOnce.attributes).toMatchObject({ severity: "info" });
  });

  it("does not hide that a run failed", () => {
    expect(messageOf(report({ status: "failed", heals: [started] }))).toBeDefined();
  });
});

describe("a repair that was not needed any more", () => {
  const superseded = heal({ status: "superseded", reason: "already-right", was: [] });

  it("is said to be just that, and nobody has to do anything", () => {
    const message = told(report({ heals: [superseded] }));

    expect(message.subject).toBe("Tallystick: app: a repair was not needed any more");
    expect(message.text).toContain("Nobody has to do anything.");
    expect(message.text).toContain("NOT NEEDED ANY MORE\n- app:");
    expect(message.text).not.toContain("NOT REPAIRED");
  });
});

describe("a variable that was set quietly", () => {
  const was = [
    {
      secret: "API_TOKEN",
      verdict: { kind: "in-sync", versionId: "v2" },
      cause: "latent",
      action: "set-quietly",
    },
  ] as const;

  it("is said to be read back, not verified", () => {
    const message = told(report({ heals: [heal({ was })] }));
    expect(message.subject).toBe("Tallystick: app held a right API_TOKEN - set, read back");
    expect(message.text).toContain("- app: set and read back, nothing was deployed");
  });
});

describe("a call that is refused though every secret is right", () => {
  const refused = { name: "skills", status: "denied", dependsOn: [], httpStatus: 403 } as const;

  it("is told, and somebody has to look at it", () => {
    const message = told(report({ status: "drifted", capabilities: [refused] }));
    expect(message.subject).toBe("Tallystick: app refuses skills");
    expect(message.attributes).toEqual({ severity: "alert", kind: "drift" });
  });

  it("is not counted once more where a wrong secret explains it", () => {
    const capabilities = [{ ...refused, dependsOn: ["API_TOKEN"] }];
    expect(told(report({ status: "drifted", holders: [old], capabilities })).subject).toBe(
      "Tallystick: app holds an old API_TOKEN",
    );
  });
});

describe("the first lines", () => {
  it("say that somebody has to act", () => {
    expect(firstLines(report({ status: "drifted", holders: [byHand] }))).toEqual([
      "app holds an old API_TOKEN.",
      "Somebody has to act: see below.",
    ]);
  });

  it("say that nobody has to, where all is repaired", () => {
    expect(firstLines(report({ heals: [heal()] }))).toEqual([
      "app held an old API_TOKEN - repaired, verified.",
      "Nobody has to do anything.",
    ]);
  });

  it.each(["deploying", "rotation-in-progress"] as const)(
    "ask nobody to act on what ends by itself: %s",
    (reason) => {
      const waiting = holder({
        verdict: behind,
        cause: "variable",
        remedy: { kind: "withheld", withheld: { reason, wouldBe: "set-and-redeploy" } },
      });
      expect(firstLines(report({ status: "drifted", holders: [waiting] }))[1]).toBe(
        "Nobody has to do anything.",
      );
    },
  );
});

describe("the attributes", () => {
  it.each<[string, string, Report]>([
    ["alert", "drift", report({ status: "drifted", holders: [old] })],
    ["info", "repaired", report({ heals: [heal()] })],
    ["alert", "drift", report({ heals: [heal({ status: "failed", reason: "deployment-failed" })] })],
    [
      "alert",
      "truth",
      report({ secrets: [{ name: "API_TOKEN", truth: "expiring", expiresAt: "2026-11-25T00:00:00Z" }] }),
    ],
    ["alert", "failed", report({ status: "failed", holders: [unseen] })],
  ])("are %s and %s", (severity, kind, what) => {
    expect(told(what).attributes).toEqual({ severity, kind });
  });
});

describe("the text", () => {
  it("tells what runs, what is stored, why, and what is done", () => {
    expect(told(report({ status: "drifted", holders: [old] })).text).toContain(
      [
        "WRONG NOW",
        "- app, API_TOKEN: runs an old version (1 behind)",
        "  stored: an old version (1 behind)",
        "  why: the variable is wrong",
        "  repair: set and redeploy, withheld: this run only looks",
      ].join("\n"),
    );
  });

  it("numbers a person's steps", () => {
    expect(told(report({ status: "drifted", holders: [byHand] })).text).toContain(
      "  repair: by hand\n  1. Set it.\n  2. Restart it.",
    );
  });

  it("tells a finding that has no cause without one", () => {
    expect(told(report({ holders: [holder({ remedy: { kind: "redeploy" } })] })).text).not.toContain("why:");
  });

  it("tells what was repaired, and why it was wrong", () => {
    expect(told(report({ heals: [heal()] })).text).toContain(
      "REPAIRED\n- app: repaired and verified\n  API_TOKEN was an old version (1 behind); why: the variable is wrong",
    );
  });

  it("tells a repair of unknown cause without one", () => {
    const was = [{ secret: "API_TOKEN", verdict: behind, action: "redeploy" }] as const;
    expect(told(report({ heals: [heal({ was })] })).text).toContain(
      "  API_TOKEN was an old version (1 behind)\n",
    );
  });

  it("tells of a secret that expires when, and what to do", () => {
    const secrets = [{ name: "API_TOKEN", truth: "expiring", expiresAt: "2026-11-25T00:00:00Z" }] as const;
    expect(told(report({ secrets })).text).toContain(
      "THE SECRETS THEMSELVES\n- API_TOKEN: expires soon (2026-11-25 00:00 UTC)\n  Its life ends within the warning time.\n  to do: Issue a new one and put it into the source.",
    );
  });

  it("prefers a secret's own detail", () => {
    const secrets = [
      { name: "API_TOKEN", truth: "placeholder", detail: "the current version is empty" },
    ] as const;
    expect(told(report({ secrets })).text).toContain(
      "- API_TOKEN: a placeholder\n  the current version is empty\n",
    );
  });

  it("tells what is refused and what works beside it", () => {
    const capabilities = [
      { name: "skills", status: "works", dependsOn: [], httpStatus: 200 },
      { name: "sessions", status: "denied", dependsOn: ["API_TOKEN"], httpStatus: 401 },
    ] as const;
    expect(told(report({ status: "drifted", holders: [old], capabilities })).text).toContain(
      "IMPACT\n- refused: sessions on app (needs API_TOKEN)\n- works: skills on app (needs no secret)",
    );
  });

  it("tells of no impact where nothing is refused", () => {
    const capabilities = [{ name: "skills", status: "works", dependsOn: [], httpStatus: 200 }] as const;
    expect(told(report({ heals: [heal()], capabilities })).text).not.toContain("IMPACT");
  });

  it("tells what was not seen, beside what is told anyway", () => {
    expect(told(report({ status: "drifted", holders: [old, unseen] })).text).toContain(
      "NOT SEEN, which says nothing, good or bad\n- app: not seen: unreachable",
    );
  });

  it.each([
    ["schedule", "started by the schedule"],
    ["label", "started by a changed secret"],
    ["manual", "started by hand"],
    ["cli", "started on the command line"],
  ] as const)("says who started the run: %s", (trigger, words) => {
    expect(told(report({ heals: [heal()], run: { trigger } })).text).toContain(
      `Run run-1, ${words}, 2026-11-22 10:00 UTC.`,
    );
  });
});

describe("the data", () => {
  it("are the report, for machines", () => {
    const what = report({ heals: [heal()] });
    expect(told(what).data).toEqual(what);
  });
});
