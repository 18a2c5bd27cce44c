import { AwsError } from "../wire/aws-error.ts";
import type { Version } from "./secret.ts";

type Versions = ReadonlyMap<string, Version>;

const labelsPerVersionMax = 20;

/** The version that holds a label: a label stands on one version at most. */
export function holderOf(versions: Versions, label: string): Version | undefined {
  return [...versions.values()].find((version) => version.stages.has(label));
}

/** Refuses more labels than a version takes, before any of them has moved. */
export function checkLabelCount(labels: ReadonlySet<string>): void {
  if (labels.size <= labelsPerVersionMax) return;
  throw new AwsError(
    "LimitExceededException",
    `A version takes at most ${labelsPerVersionMax} staging labels.`,
  );
}

/**
 * Puts a label on a version, taking it from the one that held it; answers whether the label moved.
 * The version that loses AWSCURRENT becomes AWSPREVIOUS and loses AWSPENDING, if it still had that.
 */
export function attachLabel(versions: Versions, label: string, target: Version): boolean {
  const holder = holderOf(versions, label);
  if (holder === target) return false;
  holder?.stages.delete(label);
  target.stages.add(label);
  if (label === "AWSCURRENT" && holder !== undefined) {
    holder.stages.delete("AWSPENDING");
    attachLabel(versions, "AWSPREVIOUS", holder);
  }
  return true;
}

/** What UpdateSecretVersionStage asks for. */
export type LabelMove = {
  readonly label: string;
  readonly fromId: string | undefined;
  readonly toId: string | undefined;
};

/** Moves or removes a label as asked; answers the version it moved to, where it moved. */
export function moveLabel(versions: Versions, { label, fromId, toId }: LabelMove): Version | undefined {
  checkNamedHolder(holderOf(versions, label)?.id, { label, fromId, toId });
  if (toId === undefined) {
    removeLabel(versions, label, fromId);
    return undefined;
  }
  const target = versionOf(versions, toId);
  checkLabelCount(new Set([...target.stages, label]));
  return attachLabel(versions, label, target) ? target : undefined;
}

/** A label is only taken from a version that the caller names: two rotations at once would else undo each other. */
function checkNamedHolder(holderId: string | undefined, { label, fromId, toId }: LabelMove): void {
  if (fromId === holderId || (fromId === undefined && toId === holderId)) return;
  if (fromId !== undefined) {
    const message = `Staging label ${label} is not attached to version ${fromId}.`;
    throw new AwsError("InvalidParameterException", message);
  }
  throw new AwsError(
    "InvalidParameterException",
    `The parameter RemoveFromVersionId can't be empty. Staging label ${label} is currently attached to version ` +
      `${holderId}, so you must explicitly reference that version in RemoveFromVersionId.`,
  );
}

function removeLabel(versions: Versions, label: string, fromId: string | undefined): void {
  if (fromId === undefined) {
    throw new AwsError(
      "InvalidParameterException",
      "Name a version in RemoveFromVersionId or MoveToVersionId.",
    );
  }
  if (label === "AWSCURRENT") {
    const message = `You can only move staging label ${label} to a different secret version. It can't be completely removed.`;
    throw new AwsError("InvalidParameterException", message);
  }
  versionOf(versions, fromId).stages.delete(label);
}

function versionOf(versions: Versions, id: string): Version {
  const version = versions.get(id);
  if (version === undefined) throw new AwsError("InvalidParameterException", `Not a valid version: ${id}`);
  return version;
}
