import { createHash } from "node:crypto";
import type { Fleet } from "../core/fleet.ts";
import { limits } from "../core/limits.ts";
import { type Matter, mattersOf, type Patience } from "../core/matters.ts";
import type { TellingClaim } from "../core/memory.ts";
import { messageOf } from "../core/message.ts";
import type { Clock, Memory, Notifier } from "../core/ports.ts";
import type { Report } from "../core/report.ts";
import { reckon, type Telling } from "../core/tellings.ts";
import { attempt, isFailure } from "./attempt.ts";
import type { World } from "./world.ts";

/** Who is told, and what remembers that they were. */
export interface Announcer {
  readonly notifier: Notifier | undefined;
  readonly memory?: Memory | undefined;
  readonly clock: Clock;
  readonly remindEveryMs: number;
  readonly patience: Patience;
  /** Where the log of a run is, where it has one that others can read. */
  readonly logUrlOf?: ((runId: string) => string | undefined) | undefined;
  /** Who tells, where that is not the run itself. @default the run's id */
  readonly tellerId?: string | undefined;
}

type Telltale = Pick<Announcer, "notifier" | "logUrlOf">;

/** Tells what is found in a world, by its policy. */
export function announcerOf(
  { memory, clock, fleet }: World,
  notifier: Notifier | undefined,
  logUrlOf?: Announcer["logUrlOf"],
): Announcer {
  const { remindEvery: remindEveryMs } = fleet.policy;
  return { notifier, memory, clock, remindEveryMs, patience: patienceOf(fleet), logUrlOf };
}

function patienceOf({ policy, environments }: Fleet): Patience {
  const own = new Map(Object.entries(environments).map(([name, { unseenAfter }]) => [name, unseenAfter]));
  return {
    sourceMs: policy.unseenAfter,
    environmentMs: (environment) => own.get(environment) ?? policy.unseenAfter,
  };
}

/**
 * Tells people what is new in what a run found, where there is anybody to tell it to. Who only looks, by hand, has
 * the answer before them: nobody else is told of it. What is told is claimed first and noted after, so that two runs
 * at once tell it once; a crash in between may tell it again, under the same id.
 * @throws TallystickError `publish-failed`: what could not be told must not look as if it had been.
 */
export async function announce(report: Report, announcer: Announcer): Promise<void> {
  const { trigger, mode } = report.run;
  if (trigger === "manual" && mode !== "fix") return;
  if (announcer.notifier === undefined) return;
  const matters = mattersOf(report, announcer.patience);
  const { memory } = announcer;
  const recalled = memory && (await attempt(async () => ({ matters: await memory.recallMatters() })));
  if (memory === undefined || recalled === undefined || isFailure(recalled)) {
    return tellAll(report, matters, announcer);
  }
  const times = { nowMs: announcer.clock.now(), remindEveryMs: announcer.remindEveryMs };
  const { tellings, quiet } = reckon(matters, recalled.matters, times);
  const claim = claimOf(report, announcer);
  if (quiet.length > 0) await attempt(() => memory.noteMatters(quiet, claim));
  const mine = await claimed(tellings, memory, claim);
  const told = mine.flatMap(({ change }) => change ?? []);
  try {
    await publish(report, mine, announcer);
  } catch (error) {
    // Whoever tries again is another run, and must not wait for this one's claim to run out.
    await attempt(() => memory.claimMatters(told, { ...claim, untilMs: claim.nowMs }));
    throw error;
  }
  if (told.length > 0) await attempt(() => memory.noteMatters(told, claim));
}

/** Without memory everything wrong is told: rather twice than never. */
function tellAll(report: Report, matters: readonly Matter[], announcer: Announcer): Promise<void> {
  const times = { nowMs: announcer.clock.now(), remindEveryMs: announcer.remindEveryMs };
  const isUnreadable = announcer.memory !== undefined;
  const said: Report = isUnreadable ? { ...report, run: { ...report.run, memory: "unreadable" } } : report;
  return publish(said, reckon(matters, undefined, times).tellings, announcer);
}

function claimOf({ run }: Report, { clock, tellerId }: Announcer): TellingClaim {
  const nowMs = clock.now();
  // The run, not the news: two runs at once have the same news, and one run may try again.
  return { tellerId: tellerId ?? run.id, nowMs, untilMs: nowMs + limits.tellingMs };
}

/** What nobody else tells now. A memory that fails now, after it was read, keeps nobody from being told. */
async function claimed(
  tellings: readonly Telling[],
  memory: Memory,
  claim: TellingClaim,
): Promise<readonly Telling[]> {
  if (tellings.length === 0) return [];
  const changes = tellings.flatMap(({ change }) => change ?? []);
  const won = await attempt(async () => ({ keys: new Set(await memory.claimMatters(changes, claim)) }));
  return isFailure(won) ? tellings : tellings.filter(({ matter }) => won.keys.has(matter.key));
}

async function publish(
  report: Report,
  tellings: readonly Telling[],
  { notifier, clock, logUrlOf }: Telltale & Pick<Announcer, "clock">,
): Promise<void> {
  const message = messageOf(report, tellings, {
    id: idOf(tellings.map(({ kind, matter, change }) => JSON.stringify([kind, matter.key, change?.before]))),
    threadId: idOf(tellings.slice(0, 1).map(({ incident }) => incident)),
    nowMs: clock.now(),
    logUrl: logUrlOf?.(report.run.id),
  });
  if (message !== undefined) await notifier?.publish(message);
}

/** The same news have the same id, whoever tells them. */
function idOf(texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts.toSorted())).digest("hex").slice(0, 32);
}
