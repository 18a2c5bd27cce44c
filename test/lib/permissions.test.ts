import { Template } from "aws-cdk-lib/assertions";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { describe, expect, it } from "vitest";
import { FleetFunction } from "../../lib/constructs/fleet-function.ts";
import { type StackBed, stackOf, templateOf } from "./stack-bed.ts";
import { managedPoliciesOf, permissionsOf } from "./statements.ts";

const everything: StackBed = {
  context: {
    ...{ email: "a@example.com", emailAll: "b@example.com", slack: "T0WORKSPACE/C0CHANNEL" },
    kmsKeyArns: "arn:aws:kms:eu-west-1:111122223333:key/fleet",
  },
};

const secret = (name: string) => `arn:<Partition>:secretsmanager:<Region>:<AccountId>:secret:${name}-??????`;
const sources = [secret("prod/internal-auth"), secret("prod/openclaw")].join(", ");
const credentials = [secret("prod/cf-access"), secret("prod/railway-token"), "TruthSigningSeed"].join(", ");

/** What check and heal may both do. */
function ofBoth(name: "Check" | "Heal"): readonly string[] {
  return [
    `${name}Role: Allow dynamodb:PutItem, dynamodb:Query, dynamodb:UpdateItem on State`,
    `${name}Role: Allow kms:Decrypt on arn:aws:kms:eu-west-1:111122223333:key/fleet if StringEquals kms:ViaService secretsmanager.<Region>.<URLSuffix>`,
    `${name}Role: Allow logs:CreateLogStream, logs:PutLogEvents on ${name}Logs`,
    `${name}Role: Allow secretsmanager:BatchGetSecretValue, xray:PutTelemetryRecords, xray:PutTraceSegments on *`,
    `${name}Role: Allow secretsmanager:GetSecretValue on ${credentials}`,
    `${name}Role: Allow secretsmanager:GetSecretValue, secretsmanager:ListSecretVersionIds on ${sources}`,
    `${name}Role: Allow sns:Publish on TopicsDrift`,
    `${name}Role: Allow sqs:SendMessage on DeadLetters`,
    `to be ${name}Role: Allow sts:AssumeRole to Service lambda.amazonaws.com`,
  ];
}

const deadLettersOf = (service: string, source: string) =>
  `policy DeadLettersPolicy: Allow sqs:SendMessage on DeadLetters to Service ${service} if ArnEquals aws:SourceArn ${source}`;
const refusalOfClearText = "if Bool aws:SecureTransport false";

const expected: readonly string[] = [
  ...ofBoth("Check"),
  ...ofBoth("Heal"),
  "CheckRole: Allow lambda:InvokeFunction on HealFunctionAliaslive",
  "WidgetRole: Allow dynamodb:Query on State",
  "WidgetRole: Allow logs:CreateLogStream, logs:PutLogEvents on WidgetLogs",
  "WidgetRole: Allow xray:PutTelemetryRecords, xray:PutTraceSegments on *",
  "to be WidgetRole: Allow sts:AssumeRole to Service lambda.amazonaws.com",
  "HealRole: Allow lambda:CheckpointDurableExecution, lambda:GetDurableExecutionState on HealFunction:*",
  "SchedulerRoleForTarget4d20bd: Allow lambda:InvokeFunction on CheckFunction",
  "SchedulerRoleForTarget4d20bd: Allow sqs:SendMessage on DeadLetters",
  "to be SchedulerRoleForTarget4d20bd: Allow sts:AssumeRole to Service scheduler.amazonaws.com if StringEquals aws:SourceAccount <AccountId> and aws:SourceArn ScheduleGroup",
  "to be SlackRole: Allow sts:AssumeRole to Service chatbot.amazonaws.com",
  "policy CheckFunction: Allow lambda:InvokeFunction to events.amazonaws.com if SourceArn ChangeOfTruthRule",
  "policy CheckFunction: Allow lambda:InvokeFunction to events.amazonaws.com if SourceArn DeploymentRunRule",
  deadLettersOf("events.amazonaws.com", "BrokenExecutionsRule"),
  deadLettersOf("events.amazonaws.com", "ChangeOfTruthRule"),
  deadLettersOf("events.amazonaws.com", "DeploymentRunRule"),
  deadLettersOf("sns.amazonaws.com", "TopicsDrift"),
  deadLettersOf("sns.amazonaws.com", "TopicsOperations"),
  `policy DeadLettersPolicy: Deny sqs:* on DeadLetters to AWS * ${refusalOfClearText}`,
  `policy TopicsDriftPolicy: Deny sns:Publish on TopicsDrift to * ${refusalOfClearText}`,
  `policy TopicsOperationsPolicy: Deny sns:Publish on TopicsOperations to * ${refusalOfClearText}`,
  "policy TopicsOperationsPolicy: Allow sns:Publish on TopicsOperations to Service cloudwatch.amazonaws.com if StringEquals aws:SourceAccount <AccountId>",
  "policy TopicsOperationsPolicy: Allow sns:Publish on TopicsOperations to Service events.amazonaws.com",
].toSorted();

/** Where AWS allows nothing narrower than a `*`. */
const wildcards: readonly { who: string; action: string; resource: string; because: string }[] = [
  ...["CheckRole", "HealRole"].flatMap((who) => [
    {
      ...{ who, action: "secretsmanager:BatchGetSecretValue", resource: "*" },
      because:
        "the batch itself has no resource; each value in it needs GetSecretValue, which is granted one by one",
    },
  ]),
  ...["CheckRole", "HealRole", "WidgetRole"].flatMap((who) =>
    ["xray:PutTelemetryRecords", "xray:PutTraceSegments"].map((action) => ({
      ...{ who, action, resource: "*" },
      because: "X-Ray's writing actions take no resource",
    })),
  ),
  ...["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"].map((action) => ({
    ...{ who: "HealRole", action, resource: "HealFunction:*" },
    because: "an execution belongs to a version, and versions are not known before they are published",
  })),
];

const lines = (template: Template) => permissionsOf(template).map(({ line }) => line);

describe("the stack's permissions", () => {
  it("are these, and no others", () => {
    const template = templateOf(everything);
    expect(lines(template)).toEqual(expected);
    expect(managedPoliciesOf(template)).toEqual([]);
  });

  it("are all seen, wherever in the template they stand", () => {
    const template = templateOf(everything);
    const effects = JSON.stringify(template.toJSON()).match(/"Effect":/g) ?? [];
    const ofFunctions = Object.keys(template.findResources("AWS::Lambda::Permission"));
    expect(permissionsOf(template)).toHaveLength(effects.length + ofFunctions.length);
  });

  it("would not pass for the same with one action more", () => {
    const { stack } = stackOf(everything);
    const check = stack.node.findChild("Check");
    if (!(check instanceof FleetFunction)) throw new Error("no check function");
    check.role.addToPolicy(
      new PolicyStatement({ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::x/y"] }),
    );
    const planted = lines(Template.fromStack(stack));
    expect(planted).not.toEqual(expected);
    expect(planted.filter((line) => !expected.includes(line))).toEqual([
      "CheckRole: Allow s3:GetObject on arn:aws:s3:::x/y",
    ]);
  });

  it("name every resource but where AWS allows nothing narrower", () => {
    const found = permissionsOf(templateOf(everything))
      .filter(({ line }) => !line.includes(": Deny "))
      .flatMap(({ who, actions, resources }) =>
        resources
          .filter((resource) => resource.includes("*"))
          .flatMap((resource) => actions.map((action) => `${who} ${action} ${resource}`)),
      );
    const allowed = wildcards.map(({ who, action, resource }) => `${who} ${action} ${resource}`);
    expect(found.toSorted()).toEqual(allowed.toSorted());
    expect(wildcards.every(({ because }) => because.length > 20)).toBe(true);
  });

  it("are fewer without Slack, mail, customer keys and durable executions", () => {
    const found = lines(templateOf({ context: { durable: "false" } }));
    const notThere =
      /kms:|chatbot|SlackRole|Durable|BrokenExecutions|sns\.amazonaws\.com|to Service events\.amazonaws\.com$/;
    expect(found).toEqual(expected.filter((line) => !notThere.test(line)));
    expect(found.length).toBeGreaterThan(20);
  });

  it("of a large fleet fit into what IAM takes: ten managed policies of 6,144 characters", () => {
    const ids = Array.from({ length: 300 }, (_, index) => `prod/some-team/some-secret-${index}`);
    const template = templateOf({ fleet: fleetOf(ids) });
    const policies = Object.values(template.findResources("AWS::IAM::ManagedPolicy")).map(
      ({ Properties }) => Properties,
    );
    const ofCheck = policies.filter(({ Roles }) => JSON.stringify(Roles).includes("CheckRole"));
    expect(ofCheck.length).toBeGreaterThan(1);
    expect(ofCheck.length).toBeLessThanOrEqual(10);
    const deployed = policies.map(({ PolicyDocument }) =>
      JSON.stringify(PolicyDocument).replaceAll(joined, joinedText),
    );
    expect(Math.max(...deployed.map(({ length }) => length))).toBeLessThan(6_144);
    const listing = permissionsOf(template).filter(({ actions }) =>
      actions.includes("secretsmanager:ListSecretVersionIds"),
    );
    expect(new Set(listing.flatMap(({ resources }) => resources))).toEqual(new Set(ids.map(secret)));
  });

  it("reach a secret that the fleet names by an ARN, whether or not its last six characters are AWS's", () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/shared";
    const fleet = fleetOf([arn, `${arn}-AbCdEf`]);
    const [listing] = permissionsOf(templateOf({ fleet })).filter(({ actions }) =>
      actions.includes("secretsmanager:ListSecretVersionIds"),
    );
    expect(listing?.resources).toEqual([`${arn}-??????`, `${arn}-AbCdEf`, `${arn}-AbCdEf-??????`]);
  });
});

function fleetOf(ids: readonly string[]): string {
  const secrets = Object.fromEntries(
    ids.map((id, index) => [`S${index}`, { source: { secretsManager: id } }]),
  );
  const environments = { one: { health: "https://one.example.com/health" } };
  return JSON.stringify({ secrets, environments });
}

/** An ARN as CloudFormation puts it together, with a Region and a partition as long as there are. */
const joined = /\{"Fn::Join":\["",\[(.*?)\]\]\}/g;
const joinedText = (_: string, parts: string) =>
  `"${parts.replaceAll(/\{"Ref":"AWS::\w+"\}/g, "ap-southeast-99").replaceAll(/[",]/g, "")}"`;
