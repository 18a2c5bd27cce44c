import { Bucket } from "aws-cdk-lib/aws-s3";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { type StackBed, stackOf } from "./stack-bed.ts";

function findingsIn({ app }: ReturnType<typeof stackOf>): readonly string[] {
  return [new AwsSolutionsChecks(), new ServerlessChecks()].flatMap((pack) =>
    pack.validateScope(app).violations.map(({ ruleName }) => ruleName),
  );
}

const largeFleet = JSON.stringify({
  secrets: Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [
      `S${index}`,
      { source: { secretsManager: `prod/secret-${index}` } },
    ]),
  ),
  environments: { one: { health: "https://one.example.com/health" } },
});

const beds: readonly (StackBed & { readonly name: string })[] = [
  { name: "by default" },
  { name: "without durable executions", context: { durable: "false" } },
  { name: "with a large fleet", fleet: largeFleet },
  { name: "paused", context: { paused: "true", every: "5m" } },
  {
    name: "with everybody told and customer keys",
    context: {
      ...{ email: "a@example.com", emailAll: "b@example.com", slack: "T0WORKSPACE/C0CHANNEL" },
      kmsKeyArns: "arn:aws:kms:eu-west-1:111122223333:key/fleet",
    },
  },
];

describe("cdk-nag", () => {
  it.each(beds)("finds nothing that nobody has answered, $name", (bed) => {
    expect(findingsIn(stackOf(bed))).toEqual([]);
  });

  it("sees a finding that is planted", () => {
    const planted = stackOf();
    new Bucket(planted.stack, "Planted");
    expect(findingsIn(planted)).toContain("AwsSolutions-S1");
  });

  it("has an answer of more than a few words to each finding", () => {
    const { stack } = stackOf();
    const acknowledged = stack.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === "aws:cdk:acknowledged-rules")
      .flatMap(({ data }) => Object.entries<string>(data));
    expect(acknowledged.length).toBeGreaterThan(4);
    for (const [, reason] of acknowledged) expect(reason.length).toBeGreaterThan(40);
  });
});
