import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  paginateScan,
} from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { awsClientBounds } from "../../functions/adapters/aws-bounds.ts";

type Items = Record<string, AttributeValue>[];

/** A table of DynamoDB's on this machine. */
export interface StateTable {
  readonly name: string;
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  /** All that is in it. */
  scan(): Promise<Items>;
  /** The same as one text to be searched, what was packed unpacked. */
  text(): Promise<string>;
  close(): Promise<void>;
}

/** What outlives a run, with the keys that lib/constructs/state-table.ts gives it, over HTTP and in memory. */
export async function openStateTable(name: string): Promise<StateTable> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: "sandbox", secretAccessKey: "sandbox" };
  const client = new DynamoDBClient({ ...awsClientBounds, region: "eu-west-1", credentials, endpoint });
  await client.send(
    new CreateTableCommand({
      TableName: name,
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
  const scan = async (): Promise<Items> => {
    const items: Items = [];
    for await (const { Items = [] } of paginateScan({ client }, { TableName: name })) items.push(...Items);
    return items;
  };
  return {
    ...{ name, endpoint, client, scan },
    text: async () => (await scan()).flatMap((item) => Object.values(item).map(textOf)).join("\n"),
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Bytes that are packed look like nothing that could be searched for. */
function textOf(attribute: AttributeValue): string {
  if (attribute.B === undefined) return JSON.stringify(attribute);
  const isPacked = attribute.B[0] === 0x1f && attribute.B[1] === 0x8b;
  return Buffer.from(isPacked ? gunzipSync(attribute.B) : attribute.B).toString("utf8");
}
