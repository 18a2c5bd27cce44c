import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, Billing, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { Construct } from "constructs";
import { settings } from "../../functions/contract.ts";
import type { FleetFunction } from "./fleet-function.ts";

/** What outlives a run: verdicts, repairs and what was told. Names, ids and times; never a secret. */
export class StateTable extends TableV2 {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      billing: Billing.onDemand(),
      timeToLiveAttribute: "ttl",
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Lets a function remember, and tells it where. Nothing may be deleted: what ages goes by its `ttl`. */
  grantMemory(reader: FleetFunction): void {
    this.grant(reader.role, "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem");
    reader.function.addEnvironment(settings.stateTable, this.tableName);
  }

  /** Lets a function read what is remembered, and tells it where. */
  grantRecall(reader: FleetFunction): void {
    this.grant(reader.role, "dynamodb:Query");
    reader.function.addEnvironment(settings.stateTable, this.tableName);
  }
}
