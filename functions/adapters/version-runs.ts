import type { ReadTruth, SecretVersion } from "../core/observation.ts";

/** A version with its own value, and the stages that matter here. */
export interface StagedVersion extends SecretVersion {
  readonly isCurrent: boolean;
  readonly isPending: boolean;
}

/**
 * Makes the truth of all versions, newest first. Successive versions of one value are one: another key's change,
 * or the same value put again, replaced nothing. Undefined where no version is current.
 */
export function truthOfVersions(versions: readonly StagedVersion[]): ReadTruth | undefined {
  const runs = runsOf(versions);
  const index = runs.findIndex(({ isCurrent }) => isCurrent);
  const current = runs[index];
  if (current === undefined) return undefined;
  const pending = runs.find((run) => run.isPending && !run.value.equals(current.value));
  const isOther = (run: StagedVersion) => run !== pending && !run.value.equals(current.value);
  return {
    kind: "read",
    current: plain(current),
    ...(pending && { pending: plain(pending) }),
    older: runs
      .slice(index + 1)
      .filter(isOther)
      .map(plain),
    newer: runs
      .slice(0, index)
      .filter((run) => isOther(run) && pending?.value.equals(run.value) !== true)
      .map(plain),
  };
}

function runsOf(versions: readonly StagedVersion[]): StagedVersion[] {
  const runs: StagedVersion[] = [];
  for (const version of versions) {
    const last = runs.at(-1);
    if (last?.value.equals(version.value)) runs[runs.length - 1] = extend(last, version);
    else runs.push(version);
  }
  return runs;
}

/** The value came with the oldest version of its run; the run is called by the version that a stage stands on. */
function extend(run: StagedVersion, older: StagedVersion): StagedVersion {
  const isNamedByOlder = older.isCurrent || (older.isPending && !run.isCurrent);
  return {
    ...older,
    id: isNamedByOlder ? older.id : run.id,
    isCurrent: run.isCurrent || older.isCurrent,
    isPending: run.isPending || older.isPending,
  };
}

function plain({ id, createdAtMs, value }: StagedVersion): SecretVersion {
  return { id, value, ...(createdAtMs !== undefined && { createdAtMs }) };
}
