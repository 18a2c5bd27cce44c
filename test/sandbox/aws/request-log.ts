/** What was asked, by name and id; a value has no place in it. */
export type RequestRecord = {
  readonly operation: string;
  readonly ids: readonly string[];
  readonly versionId?: string;
  readonly versionStage?: string;
};

/** The members that name a thing; whatever is not in this list is never recorded. */
const idMembers = [
  "SecretId",
  "SecretIdList",
  "Name",
  "TopicArn",
  "SubscriptionArn",
  "FunctionName",
  "DurableExecutionName",
];

/** Makes the record of one request. */
export function recordOf(operation: string, input: Readonly<Record<string, unknown>>): RequestRecord {
  const { VersionId: versionId, VersionStage: versionStage } = input;
  return {
    operation,
    ids: idMembers.flatMap((member) => input[member] ?? []).map(String),
    ...(typeof versionId === "string" && { versionId }),
    ...(typeof versionStage === "string" && { versionStage }),
  };
}
