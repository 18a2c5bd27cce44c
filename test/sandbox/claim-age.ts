import { type AttributeValue, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { StateTable } from "./state-table.ts";

/**
 * Lets the time pass after which whoever claimed a repair counts as dead: it is longer than any story.
 * @throws Error where nobody holds a claim
 */
export async function letClaimsRunOut({ client, name, scan }: StateTable): Promise<void> {
  const claims = (await scan())
    .filter((item) => item["pk"]?.S === "claim")
    .map(Object.entries<AttributeValue>);
  if (!claims.flat().some(([, { M }]) => M?.["untilMs"])) throw new Error("nobody holds a claim");
  for (const claim of claims) {
    const Item = Object.fromEntries(claim.map(([key, attribute]) => [key, runOut(attribute)]));
    await client.send(new PutItemCommand({ TableName: name, Item }));
  }
}

function runOut(attribute: AttributeValue): AttributeValue {
  return attribute.M?.["untilMs"] ? { M: { ...attribute.M, untilMs: { N: "0" } } } : attribute;
}
