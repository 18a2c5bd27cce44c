import { randomUUID } from "node:crypto";

/** Secrets Manager's own EventBridge event. */
export type LabelUpdatedEvent = {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": "Secret Label Updated";
  readonly source: "aws.secretsmanager";
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly [arn: string];
  readonly detail: { readonly name: string; readonly labelUpdated: string; readonly versionId: string };
};

/** What is told of one label that moved. */
export type LabelUpdate = {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly nowMs: number;
  readonly detail: LabelUpdatedEvent["detail"];
};

/** AWS tells of AWSCURRENT and of labels of one's own, not of these. */
export const silentLabels: ReadonlySet<string> = new Set(["AWSPENDING", "AWSPREVIOUS"]);

/** Makes the event of one label that moved to a version. */
export function labelUpdatedEvent({ arn, account, region, nowMs, detail }: LabelUpdate): LabelUpdatedEvent {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Secret Label Updated",
    source: "aws.secretsmanager",
    account,
    time: new Date(nowMs).toISOString().replace(/\.\d{3}Z$/, "Z"),
    region,
    resources: [arn],
    detail,
  };
}
