import type { Diagnosis } from "../core/diagnosis.ts";
import { limits } from "../core/limits.ts";
import type { HolderChange, Remembered, RunHealMemory } from "../core/memory.ts";
import type { Memory } from "../core/ports.ts";
import { type Recollection, recollect } from "../core/recollection.ts";
import type { HealReport, Report } from "../core/report.ts";
import { isWrong } from "../core/verdict.ts";
import { lastKnownRight } from "../core/wrong-time.ts";
import { attempt, isFailure } from "./attempt.ts";
import type { World } from "./world.ts";

/** What is remembered; undefined where nothing is meant to be. */
export async function recall({ memory, clock }: World): Promise<Remembered | "unreadable" | undefined> {
  if (memory === undefined) return undefined;
  const recalled = await attempt(async () => ({ remembered: await memory.recall(clock.now()) }));
  return "remembered" in recalled ? recalled.remembered : "unreadable";
}

/**
 * Notes what has changed, and gives since when things are as they are. What another run noted meanwhile stands; a
 * memory that fails now is noticed by the next run.
 */
export async function remember(
  { memory, clock }: World,
  remembered: Remembered | "unreadable" | undefined,
  diagnosis: Diagnosis,
): Promise<Recollection | undefined> {
  if (memory === undefined || remembered === undefined || remembered === "unreadable") return undefined;
  const nowMs = clock.now();
  const recollection = recollect(remembered, diagnosis, nowMs);
  const noted = await attempt(async () => {
    const { holders, versions } = recollection;
    const lost = holders.length === 0 ? [] : await memory.noteHolders(holders);
    if (versions.length > 0) await memory.noteVersions(versions);
    // Another run was first: since when it is so is what that one has noted.
    const newer = lost.length > 0 ? await memory.recall(nowMs) : undefined;
    const own = holders.filter((change) => !lost.includes(change));
    return { ...(newer && { newer }), rightUntil: await rightUntil(memory, own, diagnosis, nowMs) };
  });
  if (isFailure(noted)) return recollection;
  const known = noted.newer ? recollect(noted.newer, diagnosis, nowMs) : recollection;
  return { ...known, rightUntil: noted.rightUntil };
}

/** Earlier runs are asked only where something is wrong that was right before. */
async function rightUntil(
  memory: Memory,
  changes: readonly HolderChange[],
  { environments }: Diagnosis,
  nowMs: number,
): Promise<NonNullable<Recollection["rightUntil"]>> {
  const found = changes.filter(({ environment, secret, before }) => {
    const verdict = environments.get(environment)?.holders.get(secret)?.verdict;
    return before !== undefined && verdict !== undefined && isWrong(verdict);
  });
  if (found.length === 0) return new Map();
  const runs = await memory.recallRuns(nowMs - limits.rightLookedBackMs);
  return lastKnownRight(found, runs, ({ environment, secret }) => {
    const verdict = environments.get(environment)?.holders.get(secret)?.verdict;
    return verdict?.kind === "behind" ? verdict.replacedAtMs : undefined;
  });
}

/** Keeps what a run came to. */
export async function rememberRun(
  { memory }: World,
  { run, status, environments, heals }: Report,
): Promise<void> {
  if (memory === undefined) return;
  const { id, trigger, startedAt, durationMs } = run;
  const holders = environments.flatMap(({ name: environment, secrets }) =>
    secrets.map(({ name: secret, verdict, since }) => ({ environment, secret, verdict, since })),
  );
  const wrong = holders
    .filter(({ verdict }) => isWrong(verdict))
    .map(({ verdict, since, ...names }) => ({
      ...{ ...names, verdict: verdict.kind },
      ...(since !== undefined && { sinceMs: Date.parse(since) }),
    }));
  const unknownCount = holders.filter(({ verdict }) => verdict.kind === "unknown").length;
  const memorable = { ...{ id, trigger, status, durationMs }, startedAtMs: Date.parse(startedAt) };
  await attempt(() => memory.noteRun({ ...memorable, wrong, unknownCount, heals: heals.map(keptHeal) }));
}

function keptHeal({ environment, secrets, status, reason, durationMs }: HealReport): RunHealMemory {
  return {
    ...{ environment, secrets, status },
    ...(reason !== undefined && { reason }),
    ...(durationMs !== undefined && { durationMs }),
  };
}
