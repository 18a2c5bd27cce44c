import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import { limits } from "../core/limits.ts";
import type {
  HealClaim,
  HealEnd,
  HealMemory,
  HolderChange,
  MatterChange,
  Remembered,
  TellingClaim,
  VersionMemory,
} from "../core/memory.ts";
import type { Memory } from "../core/ports.ts";
import {
  endAttribute,
  endText,
  healItem,
  lifeOf,
  matterDays,
  matterItem,
  number,
  readClaims,
  readHeals,
  readHolders,
  readLastReport,
  readMatters,
  readRuns,
  readVersions,
  reportItem,
  runItem,
  serviceAttribute,
  sortKey,
  text,
} from "./memory-items.ts";
import { healGroupsOf, rememberedOf, startKey } from "./memory-records.ts";
import { createMemoryTable, type Expression, type MemoryTable, newWriteId } from "./memory-table.ts";

/**
 * What outlives a run, in one DynamoDB table: names, ids, words and times, never a value. A lost race is what a
 * condition says, not an error.
 */
export function createDynamodbMemory(client: DynamoDBClient, tableName: string): Memory {
  const table = createMemoryTable(client, tableName);
  return {
    recall: (nowMs) => recall(table, nowMs),
    async noteHolders(changes) {
      const isNoted = await sideBySide(changes, (change) => noteHolder(table, change));
      return changes.filter((_, index) => isNoted[index] !== true);
    },
    async noteVersions(versions) {
      await sideBySide(versions, (version) => noteVersion(table, version));
    },
    claimHeal: (claim) => claimHeal(table, claim),
    renewHeal: (claim) => renewHeal(table, claim),
    endHeal: (heal, end) => endHeal(table, heal, end),
    proveHeal: (heal, atMs) => proveHeal(table, heal, atMs),
    releaseHeal: (claim) => releaseHeal(table, claim),
    async noteRun(run) {
      await table.put({ pk: "run", sk: startKey(run) }, runItem(run));
    },
    async recallRuns(sinceMs) {
      const from = new Date(sinceMs).toISOString();
      return readRuns(table, await table.last("run", from, limits.runsRecalledMax));
    },
    async noteReport(report) {
      // ISO 8601 in UTC sorts as the times do.
      await table.put(lastReportKey, reportItem(report), {
        text: "attribute_not_exists(pk) OR startedAt <= :startedAt",
        values: { ":startedAt": text(report.run.startedAt) },
      });
    },
    lastReport: async () => readLastReport(table, await table.all("report")),
    recallMatters: async () => readMatters(table, await table.all("matter")),
    claimMatters: (changes, claim) => keysWhere(changes, (change) => claimMatter(table, change, claim)),
    noteMatters: (changes, claim) => keysWhere(changes, (change) => noteMatter(table, change, claim)),
  };
}

function sideBySide<Input, Output>(
  inputs: readonly Input[],
  work: (input: Input) => Promise<Output>,
): Promise<Output[]> {
  return pMap(inputs, work, { concurrency: limits.memoryWritesAtOnceMax });
}

async function recall(table: MemoryTable, nowMs: number): Promise<Remembered> {
  const from = new Date(nowMs - limits.healsRecalledMs).toISOString();
  const [holders, versions, heals, claims] = await Promise.all([
    table.all("holder"),
    table.all("version"),
    table.all("heal", from),
    table.all("claim"),
  ]);
  const records = {
    ...{ holders: readHolders(table, holders), versions: readVersions(table, versions) },
    ...{ heals: readHeals(table, heals), claims: readClaims(table, claims) },
  };
  return rememberedOf(records, nowMs);
}

function noteHolder(
  table: MemoryTable,
  { environment, secret, before, after }: HolderChange,
): Promise<boolean> {
  const writeId = newWriteId();
  const unchanged: Expression = before
    ? {
        text: "verdict = :verdict AND sinceMs = :sinceMs",
        values: { ":verdict": text(before.verdict), ":sinceMs": number(before.sinceMs) },
      }
    : { text: "attribute_not_exists(pk)" };
  return table.put(
    { pk: "holder", sk: sortKey([environment, secret]) },
    {
      ...{ environment: text(environment), secret: text(secret) },
      ...{ verdict: text(after.verdict), sinceMs: number(after.sinceMs), writeId },
    },
    { text: `${unchanged.text} OR writeId = :writeId`, values: { ...unchanged.values, ":writeId": writeId } },
  );
}

function noteVersion(
  table: MemoryTable,
  { secret, versionId, firstSeenMs }: VersionMemory,
): Promise<boolean> {
  return table.put(
    { pk: "version", sk: sortKey([secret, versionId]) },
    { secret: text(secret), versionId: text(versionId), firstSeenMs: number(firstSeenMs) },
    { text: "attribute_not_exists(pk)" },
  );
}

const lastReportKey = { pk: "report", sk: "last" } as const;

/** All claims are attributes of one item: so one write takes them all, or none. */
const claimsKey = { pk: "claim", sk: "services" } as const;

async function claimHeal(table: MemoryTable, claim: HealClaim): Promise<"claimed" | "taken"> {
  if (!(await claimServices(table, claim))) return "taken";
  try {
    await sideBySide(healGroupsOf(claim), (group) =>
      table.put({ pk: "heal", sk: startKey(group) }, healItem(group), { text: "attribute_not_exists(pk)" }),
    );
  } catch (error) {
    // Nobody will repair now; where this fails too, the claim runs out.
    await releaseHeal(table, claim).catch(() => {});
    throw error;
  }
  return "claimed";
}

async function claimServices(
  table: MemoryTable,
  { id, services, startedAtMs, untilMs }: HealClaim,
): Promise<boolean> {
  const names = namesOf([...new Set(services)]);
  if (names.length === 0) return true;
  const writeId = newWriteId();
  const change: Expression = {
    text: `SET ${names.map(([name]) => `${name} = :claim`).join(", ")}`,
    names: Object.fromEntries(names),
    values: { ":claim": { M: { id: text(id), untilMs: number(untilMs), writeId } } },
  };
  const isFree = (name: string) =>
    `(attribute_not_exists(${name}) OR ${name}.untilMs <= :nowMs OR ${name}.writeId = :writeId)`;
  return table.update(claimsKey, change, {
    text: names.map(([name]) => isFree(name)).join(" AND "),
    values: { ":nowMs": number(startedAtMs), ":writeId": writeId },
  });
}

async function renewHeal(
  table: MemoryTable,
  { id, services, untilMs }: Pick<HealClaim, "id" | "services" | "untilMs">,
): Promise<"renewed" | "lost"> {
  const names = namesOf([...new Set(services)]);
  if (names.length === 0) return "renewed";
  const held: Expression = {
    text: `SET ${names.map(([name]) => `${name} = :claim`).join(", ")}`,
    names: Object.fromEntries(names),
    values: { ":claim": { M: { id: text(id), untilMs: number(untilMs) } } },
  };
  const isRenewed = await table.update(claimsKey, held, {
    text: names.map(([name]) => `${name}.id = :id`).join(" AND "),
    values: { ":id": text(id) },
  });
  return isRenewed ? "renewed" : "lost";
}

/** What stands for each service's attribute in an expression. */
function namesOf(services: readonly string[]): (readonly [name: string, attribute: string])[] {
  return services.map((service, index) => [`#service${index}`, serviceAttribute(service)]);
}

async function releaseHeal(
  table: MemoryTable,
  { id, services }: Pick<HealClaim, "id" | "services">,
): Promise<void> {
  await sideBySide([...new Set(services)], (service) =>
    table.update(
      claimsKey,
      { text: "REMOVE #service", names: { "#service": serviceAttribute(service) } },
      { text: "#service.id = :id", values: { ":id": text(id) } },
    ),
  );
}

async function endHeal(
  table: MemoryTable,
  heal: Pick<HealMemory, "id" | "environment" | "startedAtMs">,
  end: HealEnd,
): Promise<void> {
  await table.update(
    { pk: "heal", sk: startKey(heal) },
    {
      text: "SET #end = :end",
      names: { "#end": endAttribute(heal.environment) },
      values: { ":end": endText(end) },
    },
    { text: "attribute_exists(pk) AND attribute_not_exists(#end)" },
  );
}

function proveHeal(
  table: MemoryTable,
  heal: Pick<HealMemory, "id" | "environment" | "startedAtMs">,
  atMs: number,
): Promise<boolean> {
  const writeId = randomUUID();
  return table.update(
    { pk: "heal", sk: startKey(heal) },
    {
      text: "SET #end = :end",
      names: { "#end": endAttribute(heal.environment) },
      values: { ":end": endText({ atMs, status: "healed", reason: "verified-later" }, writeId) },
    },
    {
      text: "attribute_exists(pk) AND (attribute_not_exists(#end) OR contains(#end, :open) OR contains(#end, :writeId))",
      values: { ":open": text('"status":"timed-out"'), ":writeId": text(writeId) },
    },
  );
}

async function keysWhere<Change extends Pick<MatterChange, "key">>(
  changes: readonly Change[],
  write: (change: Change) => Promise<boolean>,
): Promise<readonly string[]> {
  const isDone = await sideBySide(changes, write);
  return [...new Set(changes.filter((_, index) => isDone[index]).map(({ key }) => key))];
}

function claimMatter(
  table: MemoryTable,
  change: Pick<MatterChange, "key" | "before">,
  claim: TellingClaim,
): Promise<boolean> {
  return table.update(
    { pk: "matter", sk: sortKey([change.key]) },
    {
      text: "SET tellerId = :tellerId, untilMs = :untilMs, #ttl = :ttl",
      names: { "#ttl": "ttl" },
      values: { ":untilMs": number(claim.untilMs), ":ttl": lifeOf(matterDays, claim.nowMs) },
    },
    openTo(change, claim),
  );
}

function noteMatter(table: MemoryTable, change: MatterChange, claim: TellingClaim): Promise<boolean> {
  const writeId = newWriteId();
  const open = openTo(change, claim);
  return table.put(
    { pk: "matter", sk: sortKey([change.key]) },
    { ...matterItem(change, claim.nowMs), writeId },
    { text: `(${open.text}) OR writeId = :writeId`, values: { ...open.values, ":writeId": writeId } },
  );
}

/** It is as it was recalled, and nobody else tells it now. */
function openTo({ before }: Pick<MatterChange, "before">, { tellerId, nowMs }: TellingClaim) {
  const isUnchanged = before === 0 ? "attribute_not_exists(revision)" : "revision = :before";
  return {
    text: `${isUnchanged} AND (attribute_not_exists(untilMs) OR untilMs <= :nowMs OR tellerId = :tellerId)`,
    values: {
      ...(before !== 0 && { ":before": number(before) }),
      ...{ ":nowMs": number(nowMs), ":tellerId": text(tellerId) },
    },
  } satisfies Expression;
}
