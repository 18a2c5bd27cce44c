import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDynamodbMemory } from "../../functions/adapters/dynamodb-memory.ts";
import { openTable, tableName } from "./dynamodb-bed.ts";
import { defineMemoryContract } from "./memory-contract.ts";

defineMemoryContract("the memory in DynamoDB", async () =>
  createDynamodbMemory((await openTable()).client, tableName),
);

/** So many that a test's writes are among them, and so few that the SDK still has patience. */
const lostAnswersMax = 12;

/** DynamoDB works off the first calls, whose answers get lost: the SDK sends each of them again. */
function losingAnswers(client: DynamoDBClient): DynamoDBClient {
  let lost = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args).catch((error: unknown) => ({ error }));
      if (isFirstWrite(context["commandName"], args.request) && lost < lostAnswersMax) {
        lost += 1;
        throw Object.assign(new Error("the answer is lost"), { name: "TimeoutError" });
      }
      if ("error" in answer) throw answer.error;
      return answer;
    },
    { step: "deserialize", priority: "low", name: "losingAnswers" },
  );
  return client;
}

function isFirstWrite(command: unknown, request: unknown): boolean {
  return command !== "QueryCommand" && JSON.stringify(request).includes('"amz-sdk-request":"attempt=1;');
}

defineMemoryContract("the memory in DynamoDB whose first answers are lost", async () =>
  createDynamodbMemory(losingAnswers((await openTable()).client), tableName),
);
