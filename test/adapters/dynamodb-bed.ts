import { once } from "node:events";
import type { AddressInfo } from "node:net";
import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  paginateScan,
} from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { onTestFinished } from "vitest";
import { awsClientBounds } from "../../functions/adapters/aws-bounds.ts";

export const tableName = "tallystick-state";

type Items = Record<string, AttributeValue>[];

/** A table of a test's own, with the keys that lib/constructs/state-table.ts gives it, over HTTP. */
export async function openTable() {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new DynamoDBClient({ ...awsClientBounds, endpoint });
  onTestFinished(async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  const plant = (item: Record<string, AttributeValue>) =>
    client.send(new PutItemCommand({ TableName: tableName, Item: item }));
  const scan = async (): Promise<Items> => {
    const items: Items = [];
    for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName }))
      items.push(...Items);
    return items;
  };
  return { endpoint, client, plant, scan };
}
