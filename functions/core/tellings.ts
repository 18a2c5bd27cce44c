import { limits } from "./limits.ts";
import type { Matter, Wrong } from "./matters.ts";
import type { MatterChange, MatterMemory } from "./memory.ts";
import type { NewsKind } from "./news.ts";

/** One thing that people are to be told. */
export interface Telling {
  readonly kind: NewsKind;
  readonly matter: Matter;
  /** Since when it is so; of what is right again, since when it was wrong. */
  readonly sinceMs: number;
  /** Which incident it belongs to. */
  readonly incident: string;
  /** What was refused for it. */
  readonly broke: readonly string[];
  /** How often it changed lately. */
  readonly changes: number;
  /** What is to be remembered once it is told; absent where nothing is remembered. */
  readonly change?: MatterChange;
}

/** What a run has to tell, and what it has only to remember. */
export interface Reckoning {
  readonly tellings: readonly Telling[];
  readonly quiet: readonly MatterChange[];
}

export interface Times {
  readonly nowMs: number;
  readonly remindEveryMs: number;
}

type Memories = ReadonlyMap<string, MatterMemory>;

/**
 * What is to be told of what a run saw, by what people were told before: each thing when it comes, when it changes,
 * when it is over, and now and then while it goes on. Where it is not known what they were told, they are told all
 * that is wrong: rather twice than never.
 */
export function reckon(
  matters: readonly Matter[],
  remembered: Memories | undefined,
  times: Times,
): Reckoning {
  if (remembered === undefined) {
    return { tellings: matters.flatMap(tellingWithoutMemory), quiet: [] };
  }
  const steps = matters.flatMap((matter) => {
    const before = remembered.get(matter.key);
    const step = damped(stepOf(matter, before, times), matter, before, times);
    return step === undefined ? [] : [{ matter, before, step }];
  });
  const incident = steps.find(({ before, step }) => step.tell !== undefined && !isOpen(before))?.step.after
    .incident;
  const changes = steps.map(({ matter, before, step: { tell, after } }) => {
    const joined =
      tell === undefined || isOpen(before) || incident === undefined ? after : { ...after, incident };
    return {
      ...{ matter, before, tell },
      change: { key: matter.key, before: before?.revision ?? 0, after: joined },
    };
  });
  return {
    tellings: changes.flatMap(({ matter, before, tell, change }) =>
      tell === undefined ? [] : [tellingOf(tell, matter, before, change)],
    ),
    quiet: changes.flatMap(({ tell, change }) => (tell === undefined ? [change] : [])),
  };
}

function tellingOf(
  kind: NewsKind,
  matter: Matter,
  before: MatterMemory | undefined,
  change: MatterChange,
): Telling {
  const { after } = change;
  const wasOpen = isOpen(before) || before?.flappingSinceMs !== undefined;
  const isOver = kind === "repaired" || kind === "resolved";
  return {
    ...{ kind, matter, change },
    sinceMs:
      after.flappingSinceMs ??
      before?.flappingSinceMs ??
      wrongSince(matter, isOver && wasOpen ? before : after),
    incident: wasOpen ? before.incident : after.incident,
    broke: isOver && wasOpen ? before.broke : after.broke,
    changes: after.changesMs.length,
  };
}

/** What was found and mended in one run was wrong since that run saw it, as far as we know. */
function wrongSince(matter: Matter, { what, sinceMs }: MatterMemory): number {
  return what === undefined && matter.seen === "mended" ? matter.sinceMs : sinceMs;
}

function tellingWithoutMemory(matter: Matter): Telling[] {
  if (matter.seen === "right") return [];
  // Who is patient has to know since when; who has begun a repair tells its end.
  if (matter.seen === "busy" && matter.ours) return [];
  if (matter.seen === "wrong" && matter.patienceMs !== undefined) return [];
  const { key, sinceMs, broke } = matter;
  const kind = matter.seen === "mended" ? "repaired" : matter.as;
  return [{ kind, matter, sinceMs, broke, incident: key, changes: 0 }];
}

/** What one matter comes to: what is remembered of it, and what people are told, if anything. */
interface Step {
  readonly tell?: NewsKind;
  readonly after: MatterMemory;
}

function isOpen(memory: MatterMemory | undefined): memory is MatterMemory & { readonly what: string } {
  return memory?.what !== undefined;
}

/** The step that a matter takes by itself; undefined where there is nothing new. */
function stepOf(matter: Matter, before: MatterMemory | undefined, times: Times): Step | undefined {
  switch (matter.seen) {
    case "right":
      return isOpen(before) ? closing(before, times) : undefined;
    case "mended":
      return before?.mendedBy === matter.by ? undefined : mending(matter, before, times);
    case "busy":
      return isOpen(before) ? undefined : { after: opened(matter, before) };
    case "wrong":
      return isOpen(before) ? goingOn(matter, before, times) : opening(matter, before, times);
  }
}

/** What nobody was told of is over without a word. */
function closing(before: MatterMemory, { nowMs }: Times): Step {
  const after = closed(before, nowMs);
  return before.toldAtMs === undefined ? { after } : { tell: "resolved", after };
}

function closed(
  { what: _what, cause: _cause, why: _why, toldAtMs: _told, ...rest }: MatterMemory,
  nowMs: number,
): MatterMemory {
  return { ...rest, revision: rest.revision + 1, sinceMs: nowMs, broke: [] };
}

function mending(
  matter: Extract<Matter, { seen: "mended" }>,
  before: MatterMemory | undefined,
  { nowMs }: Times,
): Step {
  const { key, by, broke } = matter;
  const fresh = { revision: 0, sinceMs: nowMs, changesMs: [], incident: incidentOf(key, nowMs), broke };
  return { tell: "repaired", after: { ...closed(before ?? fresh, nowMs), mendedBy: by } };
}

function opened(matter: Matter & Wrong, before: MatterMemory | undefined): MatterMemory {
  const { key, what = unproven, cause, why, sinceMs, broke } = matter;
  return {
    revision: (before?.revision ?? 0) + 1,
    ...{ what, sinceMs, broke, incident: incidentOf(key, sinceMs), changesMs: before?.changesMs ?? [] },
    ...(cause !== undefined && { cause }),
    ...(why !== undefined && { why }),
    ...(before?.mendedBy !== undefined && { mendedBy: before.mendedBy }),
    ...(before?.flappingSinceMs !== undefined && {
      flappingSinceMs: before.flappingSinceMs,
      incident: before.incident,
      ...(before.toldAtMs !== undefined && { toldAtMs: before.toldAtMs }),
    }),
  };
}

/** What is wrong where a repair did not come to its proof, and nothing else is known. */
const unproven = "unproven";

function incidentOf(key: string, sinceMs: number): string {
  return `${key} ${sinceMs}`;
}

function opening(matter: Matter & Wrong, before: MatterMemory | undefined, times: Times): Step {
  const after = opened(matter, before);
  return isPatient(matter, after, times) ? { after } : told(matter.as, after, times);
}

function isPatient({ patienceMs }: Wrong, { sinceMs }: MatterMemory, { nowMs }: Times): boolean {
  return patienceMs !== undefined && nowMs - sinceMs < patienceMs;
}

function told(tell: NewsKind, after: MatterMemory, { nowMs }: Times): Step {
  return { tell, after: { ...after, toldAtMs: nowMs } };
}

/** What was wrong before and still is. */
function goingOn(
  matter: Matter & Wrong,
  before: MatterMemory & { readonly what: string },
  times: Times,
): Step | undefined {
  const after = updated(matter, before);
  if (before.toldAtMs === undefined)
    return isPatient(matter, before, times) ? undefined : told(matter.as, after, times);
  const isOther = after.what !== before.what || after.cause !== before.cause || after.why !== before.why;
  if (isOther) return told(matter.as === "drift" ? "changed" : matter.as, after, times);
  const isDue = isReminderDue(before, times) && matter.isToldOnce === undefined;
  return isDue ? told("reminder", after, times) : undefined;
}

/** What is not known just now is as it was. */
function updated(
  { what, cause, why, broke }: Wrong,
  before: MatterMemory & { readonly what: string },
): MatterMemory {
  const isSame = what === undefined || what === before.what;
  const next = isSame ? (cause ?? before.cause) : cause;
  const lasting = why ?? before.why;
  const { cause: _cause, why: _why, ...rest } = before;
  return {
    ...{ ...rest, revision: before.revision + 1, what: what ?? before.what },
    ...(next !== undefined && { cause: next }),
    ...(lasting !== undefined && { why: lasting }),
    broke: [...new Set([...before.broke, ...broke])].slice(0, brokenMax),
  };
}

const brokenMax = 20;

function isReminderDue({ toldAtMs }: MatterMemory, { nowMs, remindEveryMs }: Times): boolean {
  return toldAtMs !== undefined && nowMs - toldAtMs >= remindEveryMs;
}

type Flapping = MatterMemory & { readonly flappingSinceMs: number; readonly toldAtMs: number };

function isFlapping(memory: MatterMemory | undefined): memory is Flapping {
  return memory?.flappingSinceMs !== undefined && memory.toldAtMs !== undefined;
}

/** Who changes to and fro too often is told of once, as flapping, until it has been steady for a while. */
function damped(
  step: Step | undefined,
  matter: Matter,
  before: MatterMemory | undefined,
  times: Times,
): Step | undefined {
  const { nowMs } = times;
  const isChange = step?.tell !== undefined && step.tell !== "reminder";
  if (isFlapping(before)) {
    if (isChange) return flapped(step.after, before, times);
    return step !== undefined && step.tell === undefined ? step : calmed(matter, before, times);
  }
  if (step === undefined || !isChange) return step;
  const changesMs = [...recent(before, nowMs), nowMs];
  const after = { ...step.after, changesMs };
  if (before === undefined || changesMs.length <= limits.flapChangesMax) return { ...step, after };
  const { incident } = before;
  return told("flapping", { ...after, incident, flappingSinceMs: Math.min(...changesMs) }, times);
}

function recent(before: MatterMemory | undefined, nowMs: number): readonly number[] {
  const changes = before?.changesMs ?? [];
  return changes.filter((changeMs) => changeMs > nowMs - limits.flapWindowMs).slice(-limits.flapChangesMax);
}

/** One change more of what flaps: noted, and told only where it is time for a reminder. */
function flapped(after: MatterMemory, before: Flapping, times: Times): Step {
  const { toldAtMs, incident, flappingSinceMs } = before;
  const changesMs = [...recent(before, times.nowMs), times.nowMs];
  const noted = { ...after, toldAtMs, incident, flappingSinceMs, changesMs };
  return isReminderDue(before, times) ? told("flapping", noted, times) : { after: noted };
}

/** What flapped, and has not changed in this run. */
function calmed(matter: Matter, before: Flapping, times: Times): Step | undefined {
  const { flappingSinceMs, ...rest } = before;
  const after = { ...rest, revision: before.revision + 1 };
  const isSteady = times.nowMs - Math.max(...before.changesMs) >= limits.steadyMs;
  if (isSteady && matter.seen === "right") {
    const { toldAtMs: _told, ...over } = after;
    return { tell: "resolved", after: { ...over, changesMs: [] } };
  }
  if (isSteady && matter.seen === "wrong") return told("steady", { ...after, changesMs: [] }, times);
  return isReminderDue(before, times) ? told("flapping", { ...after, flappingSinceMs }, times) : undefined;
}
