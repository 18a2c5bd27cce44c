import { createHash } from "node:crypto";
import * as z from "zod";
import { TallystickError } from "../core/errors.ts";
import { explanationTables } from "../core/explanations.ts";
import type { HealReason } from "../core/heal-outcome.ts";
import type {
  HealEnd,
  HealMemory,
  LastReport,
  MatterChange,
  MatterMemory,
  RunMemory,
  VersionMemory,
} from "../core/memory.ts";
import type { Report } from "../core/report.ts";
import { type HealGroup, type HolderRecord, keptRun, type ServiceClaim } from "./memory-records.ts";
import type { Item, MemoryTable, Partition } from "./memory-table.ts";
import { keptHolder } from "./repaired-holder.ts";
import { packReport, unpackReport } from "./report-item.ts";

/** DynamoDB takes no longer sort key (its limits, "Sort key values"). */
const sortKeyBytesMax = 1_024;
const dayMs = 86_400_000;

/** Names as one text that no other names give. */
export function sortKey(names: readonly string[]): string {
  const text = JSON.stringify(names);
  if (Buffer.byteLength(text) <= sortKeyBytesMax) return text;
  return `sha256 ${createHash("sha256").update(text).digest("hex")}`;
}

export function text(value: string) {
  return { S: value };
}

export function number(value: number) {
  return { N: String(value) };
}

/** When DynamoDB may remove an item, in its epoch seconds. */
export function lifeOf(days: number, fromMs: number) {
  return number(Math.floor((fromMs + days * dayMs) / 1_000));
}

export const serviceAttribute = (service: string) => `service ${service}`;
export const endAttribute = (environment: string) => `end ${environment}`;

const textValue = z.object({ S: z.string() }).transform(({ S }) => S);
const numberValue = z.object({ N: z.string().regex(/^\d{1,15}$/) }).transform(({ N }) => Number(N));
const jsonValue = textValue.transform((value, context): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    context.addIssue("JSON");
    return z.NEVER;
  }
});

const holder = z.object({
  environment: textValue,
  secret: textValue,
  verdict: textValue,
  sinceMs: numberValue,
});
const version = z.object({ secret: textValue, versionId: textValue, firstSeenMs: numberValue });
const claim = z.object({ M: z.object({ id: textValue, untilMs: numberValue }) }).transform(({ M }) => M);
const healGroup = z.object({
  id: textValue,
  startedAtMs: numberValue,
  heals: jsonValue.pipe(
    z.array(
      z.object({
        environment: z.string(),
        targets: z.array(z.object({ secret: z.string(), versionId: z.string(), was: keptHolder })),
      }),
    ),
  ),
});
const run = z.object({
  ...{ id: textValue, startedAtMs: numberValue, durationMs: numberValue },
  ...{ trigger: textValue, status: textValue, wrongCount: numberValue },
  wrong: jsonValue.pipe(
    z.array(
      z.object({
        ...{ environment: z.string(), secret: z.string(), verdict: z.string() },
        sinceMs: z.int().optional(),
      }),
    ),
  ),
  unknownCount: numberValue.optional(),
  heals: jsonValue
    .pipe(
      z.array(
        z.object({
          ...{ environment: z.string(), secrets: z.array(z.string()), status: z.string() },
          ...{ reason: z.string().optional(), durationMs: z.int().optional() },
        }),
      ),
    )
    .optional(),
});
const lastReport = z.object({
  gzip: z.object({ B: z.instanceof(Uint8Array) }).transform(({ B }) => B),
  isCut: z.object({ BOOL: z.boolean() }).transform(({ BOOL }) => BOOL),
});
const healEnd = jsonValue.pipe(
  z.object({
    atMs: z.int(),
    status: z.enum(["healed", "failed", "timed-out", "superseded", "withheld"]),
    // A word of a newer version, read by an older one, is no reason to forget the repair.
    reason: z.custom<HealReason>(isHealReason).optional().catch(undefined),
  }),
);

const matter = z.object({
  key: textValue,
  revision: numberValue,
  memory: jsonValue.pipe(
    z.object({
      ...{ what: z.string().optional(), cause: z.string().optional(), why: z.string().optional() },
      ...{ sinceMs: z.int(), toldAtMs: z.int().optional(), flappingSinceMs: z.int().optional() },
      ...{ mendedBy: z.string().optional(), incident: z.string() },
      ...{ changesMs: z.array(z.int()), broke: z.array(z.string()) },
    }),
  ),
});

function isHealReason(word: unknown): word is HealReason {
  return ["heal", "withheld", "error"].some((table) =>
    Object.hasOwn(explanationTables[table] ?? {}, String(word)),
  );
}

/** Reads items of one kind. @throws TallystickError `memory-unreadable`, with nothing of what they hold */
function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { table, partition }: { readonly table: MemoryTable; readonly partition: Partition },
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TallystickError(
    "memory-unreadable",
    `the memory in the table ${table.name} has an item under the key "${partition}" whose form is not known; somebody else writes into the table, or a newer version of this tool did`,
  );
}

export function readHolders(table: MemoryTable, items: readonly Item[]): HolderRecord[] {
  return items.map((item) => parse(holder, item, { table, partition: "holder" }));
}

export function readVersions(table: MemoryTable, items: readonly Item[]): VersionMemory[] {
  return items.map((item) => parse(version, item, { table, partition: "version" }));
}

export function readClaims(table: MemoryTable, items: readonly Item[]): (readonly [string, ServiceClaim])[] {
  const prefix = serviceAttribute("");
  return items.flatMap((item) =>
    Object.entries(item)
      .filter(([name]) => name.startsWith(prefix))
      .map(
        ([name, value]) =>
          [name.slice(prefix.length), parse(claim, value, { table, partition: "claim" })] as const,
      ),
  );
}

export function readHeals(table: MemoryTable, items: readonly Item[]): HealMemory[] {
  const place = { table, partition: "heal" } as const;
  return items.flatMap((item) => {
    const { id, startedAtMs, heals } = parse(healGroup, item, place);
    return heals.map(({ environment, targets }) => {
      const end = item[endAttribute(environment)];
      return {
        ...{ id, environment, startedAtMs },
        targets: targets.map(({ was, ...target }) => ({ ...target, ...(was && { was }) })),
        ...(end && { end: plainEnd(parse(healEnd, end, place)) }),
      };
    });
  });
}

function plainEnd({ atMs, status, reason }: z.output<typeof healEnd>): HealEnd {
  return { atMs, status, ...(reason && { reason }) };
}

/** With the id of the write where that has to be known again. */
export function endText({ atMs, status, reason }: HealEnd, writeId?: string) {
  return text(JSON.stringify({ atMs, status, reason, writeId }));
}

export function healItem({ id, startedAtMs, heals }: HealGroup): Item {
  const ends = heals.flatMap(({ environment, end }) =>
    end ? [[endAttribute(environment), endText(end)] as const] : [],
  );
  return {
    ...{ id: text(id), startedAtMs: number(startedAtMs) },
    heals: text(JSON.stringify(heals.map(({ environment, targets }) => ({ environment, targets })))),
    ...Object.fromEntries(ends),
    ttl: lifeOf(30, startedAtMs),
  };
}

export function runItem(whole: RunMemory): Item {
  const { id, startedAtMs, durationMs, trigger, status, ...kept } = keptRun(whole);
  const { wrong, wrongCount = wrong.length, unknownCount, heals } = kept;
  return {
    ...{ id: text(id), startedAtMs: number(startedAtMs), durationMs: number(durationMs) },
    ...{ trigger: text(trigger), status: text(status) },
    ...{ wrong: text(JSON.stringify(wrong)), wrongCount: number(wrongCount) },
    ...(unknownCount !== undefined && { unknownCount: number(unknownCount) }),
    ...(heals !== undefined && { heals: text(JSON.stringify(heals)) }),
    ttl: lifeOf(90, startedAtMs),
  };
}

export function readRuns(table: MemoryTable, items: readonly Item[]): RunMemory[] {
  return items.map((item) => {
    const { wrongCount, ...read } = parse(run, item, { table, partition: "run" });
    return { ...plainRun(read), ...(wrongCount > read.wrong.length && { wrongCount }) };
  });
}

/** Without the members that are not there: zod leaves them, as undefined. */
function plainRun({
  wrong,
  heals,
  unknownCount,
  ...one
}: Omit<z.output<typeof run>, "wrongCount">): RunMemory {
  return {
    ...one,
    wrong: wrong.map(({ sinceMs, ...holder }) => ({ ...holder, ...(sinceMs !== undefined && { sinceMs }) })),
    ...(unknownCount !== undefined && { unknownCount }),
    ...(heals !== undefined && {
      heals: heals.map(({ reason, durationMs, ...heal }) => ({
        ...heal,
        ...(reason !== undefined && { reason }),
        ...(durationMs !== undefined && { durationMs }),
      })),
    }),
  };
}

export function reportItem(report: Report): Item {
  const { bytes, isCut } = packReport(report);
  return { gzip: { B: bytes }, isCut: { BOOL: isCut }, startedAt: text(report.run.startedAt) };
}

export function readLastReport(table: MemoryTable, items: readonly Item[]): LastReport | undefined {
  const [item] = items;
  if (item === undefined) return undefined;
  const { gzip: bytes, isCut } = parse(lastReport, item, { table, partition: "report" });
  return unpackReport({ bytes, isCut });
}

/** An item without a revision is only a claim to be the first who tells. */
export function readMatters(table: MemoryTable, items: readonly Item[]): Map<string, MatterMemory> {
  const noted = items.filter((item) => item["revision"] !== undefined);
  return new Map(
    noted.map((item) => {
      const { key, revision, memory } = parse(matter, item, { table, partition: "matter" });
      return [key, { revision, ...withoutGaps(memory) }];
    }),
  );
}

/** What is not there has no name either. */
function withoutGaps({
  what,
  cause,
  why,
  toldAtMs,
  flappingSinceMs,
  mendedBy,
  ...rest
}: z.output<typeof matter>["memory"]): Omit<MatterMemory, "revision"> {
  return {
    ...rest,
    ...(what !== undefined && { what }),
    ...(cause !== undefined && { cause }),
    ...(why !== undefined && { why }),
    ...(toldAtMs !== undefined && { toldAtMs }),
    ...(flappingSinceMs !== undefined && { flappingSinceMs }),
    ...(mendedBy !== undefined && { mendedBy }),
  };
}

export function matterItem({ key, after: { revision, ...memory } }: MatterChange, nowMs: number): Item {
  return {
    ...{ key: text(key), revision: number(revision), memory: text(JSON.stringify(memory)) },
    ttl: lifeOf(matterDays, nowMs),
  };
}

/** What goes on is reminded of, and so noted, far more often. */
export const matterDays = 90;
