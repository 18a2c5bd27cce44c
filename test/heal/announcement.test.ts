import { describe, expect, it } from "vitest";
import { createInProcessMemory } from "../../functions/adapters/in-process-memory.ts";
import { TallystickError } from "../../functions/core/errors.ts";
import type { Memory, Message } from "../../functions/core/ports.ts";
import { type Announcer, announce } from "../../functions/heal/announcement.ts";
import { behind, holder, report } from "../core/reports.ts";
import { dayMs, patience } from "../core/telling.ts";

const wrong = holder({ verdict: behind, cause: "variable", remedy: { kind: "set-and-redeploy" } });
const drifted = report({ status: "drifted", holders: [wrong] });
const unreadable = () => Promise.reject(new TallystickError("memory-unreadable", "gone"));

const publish = () => Promise.reject(new TallystickError("publish-failed", "gone"));

/** Somebody who tells, and what was told. */
function openAnnouncer(memory: Memory) {
  const messages: Message[] = [];
  const time = { nowMs: Date.UTC(2026, 10, 22, 10) };
  const announcer: Announcer = {
    ...{ memory, patience, remindEveryMs: dayMs },
    clock: { now: () => time.nowMs, sleep: async () => {} },
    notifier: { publish: async (message) => void messages.push(message) },
  };
  return { announcer, messages, time };
}

describe("what is told", () => {
  it("is told once by a check and by the heal that it ordered, though their run has one id", async () => {
    const { announcer, messages } = openAnnouncer(createInProcessMemory());

    await Promise.all([
      announce(drifted, announcer),
      announce(drifted, { ...announcer, tellerId: "heal 1" }),
    ]);

    expect(messages).toHaveLength(1);
  });

  it("is told though the memory fails between reading and claiming", async () => {
    const { announcer, messages } = openAnnouncer({ ...createInProcessMemory(), claimMatters: unreadable });

    await announce(drifted, announcer);

    expect(messages).toHaveLength(1);
  });

  it("is told again, under the same id, where it could not be noted", async () => {
    const { announcer, messages } = openAnnouncer({ ...createInProcessMemory(), noteMatters: unreadable });

    await announce(drifted, announcer);
    await announce(drifted, announcer);

    expect(messages).toHaveLength(2);
    expect(new Set(messages.map(({ attributes }) => attributes["id"])).size).toBe(1);
  });

  it("is told at once by who tries again after it could not be published", async () => {
    const { announcer, messages } = openAnnouncer(createInProcessMemory());
    const before = announce(drifted, { ...announcer, notifier: { publish } });
    await expect(before).rejects.toMatchObject({ code: "publish-failed" });

    await announce({ ...drifted, run: { ...drifted.run, id: "run-2" } }, announcer);

    expect(messages).toHaveLength(1);
  });

  it("is told once by two who try again at once after it could not be published", async () => {
    const { announcer, messages } = openAnnouncer(createInProcessMemory());
    await announce(drifted, { ...announcer, notifier: { publish } }).catch(() => {});

    await Promise.all(
      ["run-2", "run-3"].map((id) => announce({ ...drifted, run: { ...drifted.run, id } }, announcer)),
    );

    expect(messages).toHaveLength(1);
  });

  it("fails as it failed where not even its claim can be given back", async () => {
    const memory = createInProcessMemory();
    const { announcer } = openAnnouncer(memory);
    let claims = 0;
    const claimMatters: Memory["claimMatters"] = (...parts) =>
      claims++ === 0 ? memory.claimMatters(...parts) : unreadable();

    const telling = announce(drifted, {
      ...announcer,
      memory: { ...memory, claimMatters },
      notifier: { publish },
    });

    await expect(telling).rejects.toMatchObject({ code: "publish-failed" });
    expect(claims).toBe(2);
  });

  it("has the thread of its incident from the first message to the last", async () => {
    const { announcer, messages } = openAnnouncer(createInProcessMemory());

    await announce(drifted, announcer);
    await announce(report({ run: { id: "run-2" } }), announcer);

    expect(messages.map(({ attributes }) => attributes["kind"])).toEqual(["drift", "resolved"]);
    expect(new Set(messages.map(({ chat }) => chat.threadId)).size).toBe(1);
  });

  it("has the thread of its incident though it was told with other news", async () => {
    const { announcer, messages } = openAnnouncer(createInProcessMemory());
    const other = { ...wrong, name: "OTHER" };

    await announce(report({ holders: [wrong, other] }), announcer);
    await announce(report({ holders: [wrong, holder({ name: "OTHER" })] }), announcer);

    expect(messages.map(({ attributes }) => attributes["kind"])).toEqual(["drift", "resolved"]);
    expect(new Set(messages.map(({ chat }) => chat.threadId)).size).toBe(1);
  });

  it("has another id each time that it is told", async () => {
    const { announcer, messages, time } = openAnnouncer(createInProcessMemory());

    for (const _ of ["drift", "reminder", "reminder"]) {
      await announce(drifted, announcer);
      time.nowMs += dayMs;
    }

    expect(messages.map(({ attributes }) => attributes["kind"])).toEqual(["drift", "reminder", "reminder"]);
    expect(new Set(messages.map(({ attributes }) => attributes["id"])).size).toBe(3);
  });

  it("may be what was silent long enough, though of that nobody was told before", async () => {
    const { announcer, messages, time } = openAnnouncer(createInProcessMemory());
    const silent = holder({ verdict: { kind: "unknown", because: "unreachable", detail: "gone" } });

    await announce(report({ holders: [silent] }), announcer);
    expect(messages).toEqual([]);
    time.nowMs += 2 * dayMs;
    const later = { id: "run-2", startedAt: "2026-11-23T10:00:41Z" };
    await announce(report({ holders: [silent], run: later }), announcer);

    expect(messages.map(({ attributes }) => attributes["kind"])).toEqual(["unseen"]);
  });
});
