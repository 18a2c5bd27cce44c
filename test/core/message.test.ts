import { describe, expect, it } from "vitest";
import { limits } from "../../functions/core/limits.ts";
import type { MessageForm } from "../../functions/core/message-form.ts";
import type { Message } from "../../functions/core/ports.ts";
import type { HolderReport, Report } from "../../functions/core/report.ts";
import { isoTime } from "../../functions/core/time.ts";
import { behind, heal, holder, report } from "./reports.ts";
import { firstMessageOf, hourMs, Teller } from "./telling.ts";

function told(what: Report): Message {
  const message = firstMessageOf(what);
  if (message === undefined) throw new Error("nothing was told");
  return message;
}

/** What the last of some reports had people told, with what was told of those before. */
function toldAfter(
  ...reports: readonly (readonly [hours: number, parts: Parameters<typeof report>[0]])[]
): Message {
  const teller = new Teller();
  const messages = reports.map(([hours, parts]) => {
    const startedAt = isoTime(Date.UTC(2026, 10, 22, 6) + hours * hourMs);
    return teller.message(report({ ...parts, run: { id: `run at ${hours}`, startedAt } }));
  });
  const last = messages.at(-1);
  if (last === undefined) throw new Error("nothing was told");
  return last;
}

const formOf = (what: Report): MessageForm => told(what).data as MessageForm;
const subjectOf = (message: Message): string => message.subject.replace(/^Tallystick: /, "");
const old = holder({
  ...{ verdict: behind, cause: "variable", stored: behind },
  remedy: { kind: "withheld", withheld: { reason: "mode", wouldBe: "set-and-redeploy" } },
});
const byHand = holder({
  ...{ verdict: behind, cause: "undetermined" },
  remedy: { kind: "by-hand", steps: ["Set it.", "Restart it."] },
});
const unseen = holder({ verdict: { kind: "unknown", because: "unreachable", detail: "gone" } });
const was = heal().was;

describe("nothing is told", () => {
  it("where all is in sync", () => expect(firstMessageOf(report())).toBeUndefined());

  it("where something could not be seen, and no more", () => {
    expect(firstMessageOf(report({ status: "unknown", holders: [unseen] }))).toBeUndefined();
  });

  it("of a repair that this run has begun, for it tells its own end", () => {
    const heals = [heal({ status: "started", execution: "0123" })];
    const wrong = holder({ verdict: behind, cause: "variable", remedy: { kind: "set-and-redeploy" } });
    expect(firstMessageOf(report({ status: "drifted", holders: [wrong], heals }))).toBeUndefined();
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
    expect(subjectOf(told(report({ status: "drifted", holders: [holder(but)] })))).toBe(subject);
  });

  it.each<[string, Parameters<typeof report>[0]]>([
    ["app held an old API_TOKEN - repaired, verified", { heals: [heal()] }],
    [
      "app stored a wrong API_TOKEN - set, read back",
      { heals: [heal({ was: was.map((one) => ({ ...one, action: "set-quietly" })) })] },
    ],
    ["app held an unproven API_TOKEN - repaired, verified", { heals: [heal({ was: [] })] }],
    ["app holds an old API_TOKEN - not repaired", { holders: [old], heals: [heal({ status: "failed" })] }],
    [
      "app held an old API_TOKEN - repair not proven",
      { holders: [unseen], heals: [heal({ status: "timed-out" })] },
    ],
    ["API_TOKEN is rejected", { secrets: [{ name: "API_TOKEN", truth: "rejected" }] }],
    [
      "API_TOKEN expires soon (2026-11-25)",
      { secrets: [{ name: "API_TOKEN", truth: "expiring", expiresAt: "2026-11-25T00:00:00Z" }] },
    ],
    [
      "the source of API_TOKEN looks wrong",
      { secrets: [{ name: "API_TOKEN", truth: "valid", detail: "the current version is the value of B" }] },
    ],
    ["app refuses skills", { capabilities: [{ name: "skills", status: "denied", dependsOn: [] }] }],
    ["the check could not read any secret from its source", { status: "failed" }],
  ])("says %s", (subject, parts) => {
    expect(subjectOf(told(report(parts)))).toBe(subject);
  });

  const expired = { secrets: [{ name: "API_TOKEN", truth: "expired" }] } as const;
  const refused = { capabilities: [{ name: "skills", status: "denied", dependsOn: [] }] } as const;
  const works = { capabilities: [{ name: "skills", status: "works", dependsOn: [] }] } as const;
  const suspect = { secrets: [{ name: "API_TOKEN", truth: "valid", detail: "a twin" }] } as const;
  const unread = { secrets: [{ name: "API_TOKEN", truth: "unknown", detail: "no such secret" }] } as const;

  it.each<[string, Parameters<typeof report>[0], Parameters<typeof report>[0]]>([
    ["app still holds an old API_TOKEN (30 h)", { holders: [old] }, { holders: [old] }],
    [
      "app still would start with a wrong API_TOKEN (30 h)",
      { holders: [holder({ cause: "latent" })] },
      { holders: [holder({ cause: "latent" })] },
    ],
    ["app holds the right API_TOKEN again, after 30 h", { holders: [old] }, {}],
    [
      "app holds an old API_TOKEN - something keeps changing it back",
      { holders: [old] },
      {
        holders: [
          { ...old, remedy: { kind: "withheld", withheld: { reason: "fighting", wouldBe: "redeploy" } } },
        ],
      },
    ],
    [
      "app holds an old API_TOKEN - an older value came back",
      { holders: [old] },
      { holders: [{ ...old, cause: "rollback", remedy: { kind: "redeploy" } }] },
    ],
    [
      "app holds an old API_TOKEN - it has changed",
      { holders: [holder({ verdict: { kind: "unset" }, remedy: { kind: "redeploy" } })] },
      { holders: [holder({ verdict: behind, remedy: { kind: "redeploy" } })] },
    ],
    ["still: API_TOKEN has expired", expired, expired],
    ["API_TOKEN is valid again, after 30 h", expired, {}],
    ["app still refuses skills", refused, refused],
    ["app accepts skills again, after 30 h", refused, works],
    ["still: the source of API_TOKEN looks wrong", suspect, suspect],
    ["the source of API_TOKEN looks right again, after 30 h", suspect, {}],
    ["the check can read its source again, after 30 h", { status: "failed" }, {}],
    ["app was not seen for 30 h", { holders: [unseen] }, { holders: [unseen] }],
    ["API_TOKEN was not read from its source for 30 h", unread, unread],
  ])("says after a day: %s", (subject, first, then) => {
    expect(subjectOf(toldAfter([0, first], [30, then]))).toBe(subject);
  });

  it("says what is seen and read again", () => {
    expect(subjectOf(toldAfter([0, { holders: [unseen] }], [30, { holders: [unseen] }], [36, {}]))).toBe(
      "app is seen again, after 36 h",
    );
    expect(subjectOf(toldAfter([0, unread], [30, unread], [36, {}]))).toBe(
      "API_TOKEN can be read from its source again, after 36 h",
    );
  });

  it.each<[string, Parameters<typeof report>[0], Parameters<typeof report>[0]]>([
    ["API_TOKEN on app keeps changing: 7 times lately", { holders: [old] }, {}],
    ["API_TOKEN keeps changing: 7 times lately", expired, {}],
    ["skills on app keeps changing: 7 times lately", refused, works],
    ["the source of API_TOKEN keeps changing: 7 times lately", suspect, {}],
    ["the check's own source keeps changing: 7 times lately", { status: "failed" }, {}],
  ])("says %s", (subject, wrong, right) => {
    const flaps = Array.from({ length: 7 }, (_, run) => [run, run % 2 === 0 ? wrong : right] as const);
    expect(subjectOf(toldAfter(...flaps))).toBe(subject);
  });

  it("calls nothing wrong that only was not proven, however long", () => {
    const teller = new Teller({ sourceMs: 0, environmentMs: () => Number.POSITIVE_INFINITY });
    const unproven = heal({ status: "timed-out", reason: "unproven" });
    const messages = [22, 23].map((day) =>
      teller.message(
        report({
          ...{ holders: [unseen], heals: [unproven] },
          run: { id: `run-${day}`, startedAt: isoTime(Date.UTC(2026, 10, day)) },
        }),
      ),
    );
    expect(messages[1]?.subject).toBe("Tallystick: app still holds an unproven API_TOKEN (24 h)");
  });

  it("says that an environment comes and goes, where little silence is allowed", () => {
    const teller = new Teller({ sourceMs: 0, environmentMs: () => 0 });
    const messages = Array.from({ length: 7 }, (_, run) =>
      teller.message(
        report({
          holders: [run % 2 === 0 ? unseen : holder()],
          run: { id: `run-${run}`, startedAt: isoTime(Date.UTC(2026, 10, 22, run)) },
        }),
      ),
    );
    expect(messages.at(-1)?.subject).toBe("Tallystick: the sight of app keeps changing: 7 times lately");
  });

  it("says that what kept changing is steady, and wrong", () => {
    const flaps = Array.from(
      { length: 7 },
      (_, run) => [run, run % 2 === 0 ? { holders: [old] } : {}] as const,
    );
    expect(subjectOf(toldAfter(...flaps, [40, { holders: [old] }]))).toBe(
      "app holds an old API_TOKEN, and no longer changes",
    );
  });

  it("puts the secret itself before those who hold it, and counts the rest", () => {
    const what = report({ ...expired, status: "drifted", holders: [old] });
    expect(subjectOf(told(what))).toBe("API_TOKEN has expired (+1 more)");
  });

  it("puts what somebody has to act on before what is good to know", () => {
    const what = report({ heals: [heal()], holders: [holder(), { ...byHand, name: "OTHER" }] });
    expect(subjectOf(told(what))).toBe("app holds an old OTHER (+1 more)");
  });

  it("keeps its outcome however long the names are, under a hundred characters", () => {
    const name = "A".repeat(128);
    const heals = [heal({ secrets: [name], was: was.map((one) => ({ ...one, secret: name })) })];
    const { subject } = told(report({ holders: [holder({ name })], heals }));

    expect(subject).toMatch(/^Tallystick: app held an old A+\.\.A+ - repaired, verified$/);
    expect(subject.length).toBeLessThanOrEqual(limits.subjectCharactersMax);
  });

  it("is cut where nothing else helps", () => {
    const capability = `${"ab ".repeat(40)}`.trim();
    const { subject } = told(
      report({ capabilities: [{ name: capability, status: "denied", dependsOn: [] }] }),
    );

    expect(subject).toHaveLength(limits.subjectCharactersMax);
    expect(subject).toMatch(/\.\.\.$/);
  });
});

describe("the first line", () => {
  it.each<[string, Parameters<typeof report>[0]]>([
    ["app holds an old API_TOKEN. Somebody has to act.", { holders: [byHand] }],
    ["app held an old API_TOKEN - repaired, verified. Nothing to do.", { heals: [heal()] }],
    [
      "app held an old API_TOKEN - repair not proven. Nothing to do yet.",
      { holders: [unseen], heals: [heal({ status: "timed-out", reason: "unproven" })] },
    ],
  ])("says what it is and whether anybody has to act: %s", (line, parts) => {
    expect(told(report(parts)).text.split("\n")[0]).toBe(line);
  });

  it.each(["deploying", "rotation-in-progress", "cooldown"] as const)(
    "asks nobody to act on what ends by itself: %s",
    (reason) => {
      const remedy = { kind: "withheld", withheld: { reason, wouldBe: "set-and-redeploy" } } as const;
      const message = told(report({ holders: [holder({ verdict: behind, cause: "variable", remedy })] }));
      expect(message.text).toMatch(/^app holds an old API_TOKEN\. Nothing to do\.\n/);
      expect(message.attributes["severity"]).toBe("info");
    },
  );

  it("asks nobody where another run has begun the repair", () => {
    const taken = heal({ status: "withheld", reason: "in-flight" });
    const wrong = holder({ verdict: behind, cause: "variable", remedy: { kind: "set-and-redeploy" } });
    expect(told(report({ holders: [wrong], heals: [taken] })).attributes["severity"]).toBe("info");
  });
});

describe("the attributes", () => {
  it.each<[string, string, Report]>([
    ["alert", "drift", report({ holders: [old] })],
    ["info", "repaired", report({ heals: [heal()] })],
    ["alert", "not-repaired", report({ heals: [heal({ status: "failed", reason: "deployment-failed" })] })],
    ["alert", "not-repaired", report({ holders: [unseen], heals: [heal({ status: "timed-out" })] })],
  ])("are %s and %s", (severity, kind, what) => {
    expect(told(what).attributes).toEqual({ severity, kind, id: "message-1", environment: ["app"] });
  });

  it("name no environment where it is about none", () => {
    const what = report({ secrets: [{ name: "API_TOKEN", truth: "expiring" }] });
    expect(told(what).attributes).toEqual({ severity: "alert", kind: "truth", id: "message-1" });
  });
});

describe("the text", () => {
  it("tells what runs, since when, why, what it breaks, what is done and what is to do", () => {
    const capabilities = [
      { name: "skills", status: "works", dependsOn: [], httpStatus: 200 },
      { name: "nudge", status: "works", dependsOn: ["API_TOKEN"], httpStatus: 200 },
      { name: "sessions", status: "denied", dependsOn: ["API_TOKEN"], httpStatus: 401 },
    ] as const;
    const since = "2026-11-22T06:00:00Z";
    expect(told(report({ holders: [{ ...old, since }], capabilities })).text).toBe(
      `app holds an old API_TOKEN. Somebody has to act.

WHAT    runs an old version (1 behind); stored: the same
SINCE   2026-11-22 06:00 UTC, for 4 h 1 min
WHY     the variable is wrong
BREAKS  sessions on app: refused
USED BY nudge on app: works
DONE    nothing yet (set and redeploy, withheld: this run only looks)
TO DO   Approve it: tallystick check --fix, or invoke check with {mode:
        fix}. Under policy mode observe, change that first.

THE FLEET
!! app: API_TOKEN old version (-1)

Run run-1, started by the schedule, 2026-11-22 10:00 UTC.
`,
    );
  });

  it("does not call in sync, beside a sign that it is wrong, what is no longer accepted", () => {
    const holders = [holder({ cause: "rejected" }), holder({ name: "OTHER" })];
    const secrets = [{ name: "API_TOKEN", truth: "rejected" }] as const;
    expect(told(report({ secrets, holders })).text).toContain(
      "!! app: API_TOKEN no longer accepted; OTHER in sync\n",
    );
  });

  it("begins with what is for a person, though something graver mends itself", () => {
    const deploying = { kind: "withheld", withheld: { reason: "deploying", wouldBe: "redeploy" } } as const;
    const drift = holder({ verdict: behind, cause: "process", remedy: deploying });
    const skills = { name: "skills", status: "denied", dependsOn: [] } as const;
    expect(subjectOf(told(report({ holders: [drift], capabilities: [skills] })))).toBe(
      "app refuses skills (+1 more)",
    );
  });

  it("names the secret, where the others of its environment are seen", () => {
    const other = holder({ name: "OTHER" });
    const third = { ...unseen, name: "THIRD" };
    const part = { holders: [unseen, third, other] };
    const [first, second] = [[0, part] as const, [30, part] as const];
    const { subject, text } = toldAfter(first, second);
    expect(subject).toBe("Tallystick: app did not show API_TOKEN for 30 h (+1 more)");
    expect(text).toContain("2. app did not show THIRD for 30 h\n");

    const again = toldAfter(first, second, [36, { holders: [holder(), third, other] }]);
    expect(again.subject).toBe("Tallystick: app shows API_TOKEN again, after 36 h");
  });

  it("numbers a person's steps, and the news where there are several", () => {
    const { text } = told(report({ holders: [byHand, { ...byHand, name: "OTHER" }] }));
    expect(text).toContain("1. app holds an old API_TOKEN\nWHAT ");
    expect(text).toContain("2. app holds an old OTHER\nWHAT ");
    expect(text).toContain("DONE    nothing: only a person can\nTO DO   1. Set it.\n        2. Restart it.");
  });

  it("tells what was repaired, how, and what had been refused for it", () => {
    const nudge = { name: "nudge", dependsOn: ["API_TOKEN"] } as const;
    const { text } = toldAfter(
      [0, { holders: [old], capabilities: [{ ...nudge, status: "denied" }] }],
      [3, { heals: [heal()], capabilities: [{ ...nudge, status: "works" }] }],
    );
    expect(text).toContain(
      "WHAT    ran an old version (1 behind)\nSINCE   2026-11-22 06:00 UTC, wrong for 3 h\n",
    );
    expect(text).toContain("USED BY nudge on app: works, was refused\n");
    expect(text).toContain("DONE    repaired and verified (set and redeploy), in 2.0");
  });

  it("tells of a repair that a later check proves how long it was wrong, and not that it was found now", () => {
    const late = heal({ reason: "verified-later", durationMs: hourMs });
    const { text } = told(report({ heals: [{ ...late, wrongSince: "2026-11-22T06:00:41Z" }] }));
    expect(text).toContain("SINCE   2026-11-22 06:00 UTC, wrong for 4 h\n");
    expect(told(report({ heals: [late] })).text).toContain("SINCE   2026-11-22 09:00 UTC, wrong for 1 h\n");
  });

  it("remembers what had been refused where it was not tried again", () => {
    const nudge = { name: "nudge", status: "denied", dependsOn: ["API_TOKEN"] } as const;
    const { text } = toldAfter([0, { holders: [old], capabilities: [nudge] }], [3, { heals: [heal()] }]);
    expect(text).toContain("USED BY nudge on app: was refused\n");
  });

  it("tells a repair without a cause and a time where they are not known", () => {
    const { durationMs: _, ...unmeasured } = heal({ was: was.map(({ cause: _cause, ...one }) => one) });
    const { text } = told(report({ heals: [unmeasured] }));
    expect(text).not.toContain("WHY");
    expect(text).toContain("DONE    repaired and verified (set and redeploy)\n");
  });

  it("tells what is left to a redeploy, and what has no remedy at all", () => {
    const idle = { verdict: behind, cause: "variable" } as const;
    expect(told(report({ holders: [holder({ ...idle, remedy: { kind: "redeploy" } })] })).text).toContain(
      "DONE    nothing yet (redeploy)\n",
    );
    expect(told(report({ holders: [holder(idle)] })).text).toContain("DONE    nothing\n");
  });

  it("tells of a secret when it expires, and prefers its own detail", () => {
    const expiring = { name: "API_TOKEN", truth: "expiring", expiresAt: "2026-11-25T00:00:00Z" } as const;
    const text = (detail?: string) =>
      told(report({ secrets: [{ ...expiring, ...(detail !== undefined && { detail }) }] })).text;
    expect(text()).toContain("WHAT    expires soon (2026-11-25 00:00 UTC)\n");
    expect(text()).toContain("WHY     Its life ends within the warning time.\n");
    expect(text("by its own exp")).toContain("WHY     by its own exp\n");
  });

  it("says that it may be told twice where the memory cannot be read", () => {
    expect(told(report({ holders: [old], run: { memory: "unreadable" } })).text).toContain(
      "What was told before is not known, for the memory cannot be read:",
    );
  });

  it("tells where the log is, where there is one", () => {
    const url = "https://console.example.com/log";
    expect(firstMessageOf(report({ holders: [old] }), url)?.text).toContain(`LOG OF THE RUN\n${url}\n`);
    expect(told(report({ holders: [old] })).text).not.toContain("LOG");
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

  it("shows the whole fleet, what is wrong or not seen by name", () => {
    const environments = [
      { name: "app", secrets: [old, { ...old, name: "B" }, holder({ name: "C" })], capabilities: [] },
      { name: "vps", secrets: [holder()], capabilities: [] },
      { name: "mac", secrets: [unseen], capabilities: [] },
      { name: "nas", secrets: [holder({ cause: "latent" })], capabilities: [] },
    ];
    const secrets = [{ name: "API_TOKEN", truth: "expired" }] as const;
    expect(told({ ...report({ secrets }), environments }).text).toContain(
      [
        "THE FLEET",
        "!! source: API_TOKEN expired",
        "!! app: API_TOKEN, B old version (-1); C in sync",
        "?? mac: API_TOKEN not seen: unreachable",
        "!! nas: API_TOKEN wrong at the next start",
        "ok vps",
      ].join("\n"),
    );
  });

  it("stays readable however much is wrong", () => {
    const environments = Array.from({ length: 300 }, (_, index) => ({
      ...{ name: `env-${index}`, secrets: [old], capabilities: [] },
    }));
    const message = told({ ...report(), environments });
    expect(message.subject).toBe("Tallystick: env-0 holds an old API_TOKEN (+299 more)");
    expect(message.text).toContain("20. env-19 holds an old API_TOKEN\n");
    expect(message.text).not.toContain("21. ");
    expect(message.text).toContain("ALSO\n- env-20 holds an old API_TOKEN\n");
    expect(message.text).toContain("- and 180 more\n");
    expect(message.text).toContain("   and 270 more that are not right or not seen\n");
    expect(message.chat.description).toContain("and 290 more: see the mail");
    expect(message.attributes["environment"]).toHaveLength(100);
  });

  it("keeps to a phone's width, but for what has to be copied", () => {
    const url = "https://console.example.com/a-link-that-is-longer-than-a-line-of-seventy-two-characters-is";
    const { text = "" } = firstMessageOf(report({ holders: [old, byHand] }), url) ?? {};
    const long = text.split("\n").filter((line) => line.length > limits.mailColumnsMax);
    expect(long).toEqual([url]);
  });
});

describe("the data", () => {
  it("are what machines read of the same news", () => {
    const capabilities = [{ name: "nudge", status: "denied", dependsOn: ["API_TOKEN"] }] as const;
    const what = report({
      status: "drifted",
      holders: [{ ...old, since: "2026-11-22T06:00:00Z" }],
      capabilities,
    });

    expect(formOf(what)).toEqual({
      schema: "tallystick/message/v1",
      ...{ id: "message-1", threadId: "thread-1", severity: "alert", kind: "drift" },
      subject: "Tallystick: app holds an old API_TOKEN",
      run: {
        ...{ id: "run-1", trigger: "schedule", mode: "fix" },
        ...{ startedAt: "2026-11-22T10:00:41Z", status: "drifted" },
      },
      news: [
        {
          kind: "drift",
          about: { kind: "holder", environment: "app", secret: "API_TOKEN" },
          headline: "app holds an old API_TOKEN",
          ...{ since: "2026-11-22T06:00:00Z", lastedMs: 14_441_000 },
          ...{ verdict: "behind", cause: "variable", remedy: "withheld", withheld: "mode", truth: "valid" },
          dependents: [{ environment: "app", name: "nudge", status: "denied" }],
          ...{ broke: ["nudge on app"], forPerson: true, toDo: [expect.stringContaining("Approve it")] },
        },
      ],
      environments: [{ name: "app", secrets: [{ name: "API_TOKEN", verdict: "behind", cause: "variable" }] }],
    });
  });

  it("say how a repair ended, and where the log is", () => {
    const ended = heal({ status: "failed", reason: "deployment-failed", detail: "FAILED" });
    const message = firstMessageOf(
      report({ holders: [unseen], heals: [ended], run: { memory: "unreadable" } }),
      "https://console.example.com/log",
    );
    expect(message?.data).toMatchObject({
      ...{ logUrl: "https://console.example.com/log", run: { memory: "unreadable" } },
      news: [
        {
          repair: {
            ...{ status: "failed", reason: "deployment-failed", detail: "FAILED", durationMs: 2_000 },
          },
        },
      ],
    });
    const { durationMs: _, ...unmeasured } = heal();
    expect(formOf(report({ heals: [unmeasured] })).news[0]?.repair).toEqual({ status: "healed" });
  });

  it("say when a secret expires", () => {
    const secrets = [{ name: "API_TOKEN", truth: "expired", expiresAt: "2026-11-20T00:00:00Z" }] as const;
    expect(formOf(report({ secrets })).news).toMatchObject([
      { truth: "expired", expiresAt: "2026-11-20T00:00:00Z" },
    ]);
  });

  it("leave out the fleet first, then the last of the news, where there is no room", () => {
    const fleetOf = (count: number, secret: HolderReport) => ({
      ...report(),
      environments: Array.from({ length: count }, (_, index) => ({
        ...{ name: `env-${index}`, secrets: [secret], capabilities: [] },
      })),
    });
    const roomy = formOf(fleetOf(10, old));
    const tight = formOf(fleetOf(1_000, old));

    expect(roomy).toMatchObject({ environments: { length: 10 } });
    expect(roomy).not.toHaveProperty("omitted");
    expect(tight).not.toHaveProperty("environments");
    expect(tight.news.length + (tight.omitted ?? 0)).toBe(1_000);
    expect(JSON.stringify(tight).length).toBeLessThan(62_000);
  });
});

describe("the chat", () => {
  it("has what is to be done apart, and a thread for the incident", () => {
    expect(told(report({ holders: [byHand] })).chat).toEqual({
      title: "Tallystick: app holds an old API_TOKEN",
      description: [
        "Somebody has to act.",
        "",
        "what: runs an old version (1 behind)",
        "since: 2026-11-22 10:00 UTC, found just now",
        "why: not known: what is stored cannot be seen",
        "done: nothing: only a person can",
      ].join("\n"),
      nextSteps: ["Set it.", "Restart it."],
      keywords: ["drift", "app", "API_TOKEN"],
      summary: "app holds an old API_TOKEN",
      threadId: "thread-1",
    });
  });

  it("names each thing where there are several, and the log", () => {
    const message = firstMessageOf(
      report({ holders: [byHand, { ...byHand, name: "OTHER" }] }),
      "https://log",
    );
    expect(message?.chat.description).toContain("\n\napp holds an old OTHER\nwhat: ");
    expect(message?.chat.description).toMatch(/\n\nlog: https:\/\/log$/);
  });
});
