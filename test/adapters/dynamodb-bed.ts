import { type AttributeValue, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { onTestFinished } from "vitest";
import { openStateTable } from "../sandbox/state-table.ts";

export const tableName = "tallystick-state";

/** A table of a test's own. */
export async function openTable() {
  const table = await openStateTable(tableName);
  onTestFinished(() => table.close());
  const { endpoint, client, scan } = table;
  const plant = (item: Record<string, AttributeValue>) =>
    client.send(new PutItemCommand({ TableName: tableName, Item: item }));
  return { endpoint, client, plant, scan };
}
