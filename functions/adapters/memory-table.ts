import { randomUUID } from "node:crypto";
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { TallystickError } from "../core/errors.ts";
import { limits } from "../core/limits.ts";
import { awsCallBounds } from "./aws-bounds.ts";
import { awsFailure, isRetryable } from "./aws-failure.ts";

export type Item = Record<string, AttributeValue>;

/** What the keys of one kind of memory begin with: few, so that all of a kind is one query. */
export type Partition = "holder" | "version" | "heal" | "claim" | "matter" | "run" | "report";

interface ItemKey {
  readonly pk: Partition;
  readonly sk: string;
}

/** DynamoDB's own words of a condition or a change, with the names and values in it. */
export interface Expression {
  readonly text: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Item;
}

/** One table in DynamoDB. Each call throws TallystickError `memory-unreadable`. */
export interface MemoryTable {
  readonly name: string;
  /** All items of a partition, from a sort key on. */
  all(partition: Partition, from?: string): Promise<readonly Item[]>;
  /** The last items of a partition from a sort key on, in order: so many, or as many as fit into the pages read. */
  last(partition: Partition, from: string, countMax: number): Promise<readonly Item[]>;
  /** Puts a whole item; gives whether the condition let it. */
  put(key: ItemKey, attributes: Item, condition?: Expression): Promise<boolean>;
  /** Changes some attributes of an item; gives whether the condition let it. */
  update(key: ItemKey, change: Expression, condition?: Expression): Promise<boolean>;
}

/**
 * The id of one write. The SDK may send a write twice, where the first answer was lost: with the id in the item, a
 * condition knows its own work, and does not take it for another's.
 */
export function newWriteId(): AttributeValue {
  return { S: randomUUID() };
}

export function createMemoryTable(client: DynamoDBClient, name: string): MemoryTable {
  return {
    name,
    all: (partition, from) => queryAll(client, name, { partition, from }),
    last: (partition, from, countMax) => queryLast(client, name, { partition, from }, countMax),
    put: (key, attributes, condition) =>
      written(name, () =>
        client.send(
          new PutItemCommand({
            TableName: name,
            Item: { ...keyOf(key), ...attributes },
            ...(condition && { ConditionExpression: condition.text, ...bindingsOf(condition) }),
          }),
          awsCallBounds(),
        ),
      ),
    update: (key, change, condition) =>
      written(name, () =>
        client.send(
          new UpdateItemCommand({
            TableName: name,
            Key: keyOf(key),
            UpdateExpression: change.text,
            ...(condition && { ConditionExpression: condition.text }),
            ...bindingsOf(change, condition),
          }),
          awsCallBounds(),
        ),
      ),
  };
}

interface Range {
  readonly partition: Partition;
  readonly from: string | undefined;
}

async function queryAll(client: DynamoDBClient, name: string, range: Range): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const { items, isLast } of pagesOf(client, name, range)) {
    found.push(...items);
    if (isLast) return found;
  }
  throw new TallystickError(
    "memory-unreadable",
    `the memory in the table ${name} is larger than it may be: more than ${limits.memoryPagesMax} pages under the key "${range.partition}"; remove what nobody needs any more`,
  );
}

async function queryLast(
  client: DynamoDBClient,
  name: string,
  range: Range,
  countMax: number,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const { items } of pagesOf(client, name, range, { ScanIndexForward: false, Limit: countMax })) {
    found.push(...items);
    if (found.length >= countMax) break;
  }
  return found.slice(0, countMax).reverse();
}

interface Page {
  readonly items: readonly Item[];
  readonly isLast: boolean;
}

async function* pagesOf(
  client: DynamoDBClient,
  name: string,
  { partition, from }: Range,
  options: Pick<QueryCommandInput, "ScanIndexForward" | "Limit"> = {},
): AsyncGenerator<Page, void, undefined> {
  let next: Item | undefined;
  for (let page = 0; page < limits.memoryPagesMax; page += 1) {
    const command = new QueryCommand({
      ...options,
      TableName: name,
      ConsistentRead: true,
      KeyConditionExpression: from === undefined ? "pk = :pk" : "pk = :pk AND sk >= :from",
      ExpressionAttributeValues: {
        ":pk": { S: partition },
        ...(from !== undefined && { ":from": { S: from } }),
      },
      ...(next && { ExclusiveStartKey: next }),
    });
    const { Items, LastEvaluatedKey } = await bounded(name, () => client.send(command, awsCallBounds()));
    yield { items: Items ?? [], isLast: LastEvaluatedKey === undefined };
    if (LastEvaluatedKey === undefined) return;
    next = LastEvaluatedKey;
  }
}

async function written(name: string, write: () => Promise<unknown>): Promise<boolean> {
  return bounded(name, async () => {
    try {
      await write();
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  });
}

async function bounded<Answer>(name: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    const failure = awsFailure(error, name);
    throw new TallystickError(
      "memory-unreadable",
      `the memory in the table ${name} could not be read or written (${failure.code}); check that the table exists and that dynamodb:Query, PutItem and UpdateItem on it are allowed`,
      { retryable: isRetryable(failure) },
    );
  }
}

function keyOf({ pk, sk }: ItemKey): Item {
  return { pk: { S: pk }, sk: { S: sk } };
}

/** DynamoDB refuses names or values that are empty. */
function bindingsOf(...expressions: readonly (Expression | undefined)[]) {
  const names = Object.assign({}, ...expressions.map((expression) => expression?.names));
  const values = Object.assign({}, ...expressions.map((expression) => expression?.values));
  return {
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}
