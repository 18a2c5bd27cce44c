import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import { limits } from "../core/limits.ts";
import type {
  HealClaim,
  HealEnd,
  HealMemory,
  HolderChange,
  Remembered,
  VersionMemory,
} from "../core/memory.ts";
import type { Memory } from "../core/ports.ts";
import {
  endAttribute,
  endText,
  healItem,
  lifeOf,
  number,
  readClaims,
  readHeals,
  readHolders,
  readRuns,
  readVersions,
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
    async claimNews(keys, telling) {
      const unique = [...new Set(keys)];
      const isMine = await sideBySide(unique, (key) => claimOneNews(table, key, telling));
      return unique.filter((_, index) => isMine[index]);
    },
    async markTold(keys, nowMs) {
      await sideBySide([...new Set(keys)], (key) => markOneTold(table, key, nowMs));
    },
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

function claimOneNews(
  table: MemoryTable,
  key: string,
  { messageId, nowMs, untilMs }: Parameters<Memory["claimNews"]>[1],
): Promise<boolean> {
  return table.put(
    { pk: "news", sk: sortKey([key]) },
    { messageId: text(messageId), untilMs: number(untilMs), ttl: lifeOf(90, nowMs) },
    {
      text: "attribute_not_exists(pk) OR (attribute_not_exists(toldAtMs) AND (untilMs <= :nowMs OR messageId = :messageId))",
      values: { ":nowMs": number(nowMs), ":messageId": text(messageId) },
    },
  );
}

function markOneTold(table: MemoryTable, key: string, nowMs: number): Promise<boolean> {
  return table.update(
    { pk: "news", sk: sortKey([key]) },
    {
      text: "SET toldAtMs = if_not_exists(toldAtMs, :nowMs), #ttl = :ttl",
      names: { "#ttl": "ttl" },
      values: { ":nowMs": number(nowMs), ":ttl": lifeOf(90, nowMs) },
    },
  );
}
