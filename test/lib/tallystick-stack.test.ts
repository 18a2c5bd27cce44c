import { Match, Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { settings } from "../../functions/contract.ts";
import { onlyOne, stackOf, templateOf } from "./stack-bed.ts";

const schedule = "AWS::Scheduler::Schedule";
const rule = "AWS::Events::Rule";
const lambda = "AWS::Lambda::Function";

const defaults = templateOf();

function rulesOf(template: Template, detailType: string) {
  const pattern = { EventPattern: { "detail-type": [detailType] } };
  return Object.values(template.findResources(rule, { Properties: Match.objectLike(pattern) })).map(
    ({ Properties }) => Properties,
  );
}

describe("the schedule", () => {
  it("starts a check every six hours, with an event of exactly {}", () => {
    expect(onlyOne(defaults, schedule)).toMatchObject({
      State: "ENABLED",
      ScheduleExpression: "rate(6 hours)",
      FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 15 },
      Target: { Input: "{}", RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 900 } },
    });
  });

  it.each([
    { every: "5m", rate: "rate(5 minutes)", window: 1, age: 300 },
    { every: "30m", rate: "rate(30 minutes)", window: 7, age: 900 },
    { every: "3600s", rate: "rate(1 hour)", window: 15, age: 900 },
    { every: "1d", rate: "rate(1 day)", window: 15, age: 900 },
  ])("keeps its window within a quarter of $every", ({ every, rate, window, age }) => {
    expect(onlyOne(templateOf({ context: { every } }), schedule)).toMatchObject({
      ScheduleExpression: rate,
      FlexibleTimeWindow: { MaximumWindowInMinutes: window },
      Target: { RetryPolicy: { MaximumEventAgeInSeconds: age } },
    });
  });

  it("leaves no group behind whose name would be in the way of the same stack later", () => {
    defaults.hasResource("AWS::Scheduler::ScheduleGroup", { DeletionPolicy: "Delete" });
  });

  it("starts nothing by itself while it is paused, and wakes nobody for it", () => {
    const paused = templateOf({ context: { paused: "true" } });
    expect(onlyOne(paused, schedule)).toMatchObject({ State: "DISABLED" });
    const states = (detailType: string) => rulesOf(paused, detailType).map(({ State }) => State);
    expect(states("Secret Label Updated")).toEqual(["DISABLED"]);
    expect(states("CloudFormation Stack Status Change")).toEqual(["DISABLED"]);
    expect(states("Durable Execution Status Change")).toEqual(["ENABLED"]);
    const actions = Object.values(paused.findResources("AWS::CloudWatch::Alarm")).map(
      ({ Properties }) => `${Properties.AlarmName} ${Properties.ActionsEnabled}`,
    );
    expect(actions.filter((line) => line.endsWith("false")).toSorted()).toEqual([
      "Tallystick-not-running false",
      "Tallystick-unknown-persists false",
    ]);
  });
});

describe("a change of the truth", () => {
  it("is matched for exactly the fleet's sources, and not for its tokens", () => {
    expect(rulesOf(defaults, "Secret Label Updated").map(({ EventPattern }) => EventPattern)).toEqual([
      {
        source: ["aws.secretsmanager"],
        "detail-type": ["Secret Label Updated"],
        detail: { name: ["prod/internal-auth", "prod/openclaw"], labelUpdated: ["AWSCURRENT"] },
      },
    ]);
  });

  it("is matched by both names that an ARN may stand for", () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/shared-AbCdEf";
    const fleet = JSON.stringify({
      secrets: { S: { source: { secretsManager: arn } } },
      environments: { one: { health: "https://one.example.com/health" } },
    });
    const [found] = rulesOf(templateOf({ fleet }), "Secret Label Updated");
    expect(found?.EventPattern.detail.name).toEqual(["prod/shared", "prod/shared-AbCdEf"]);
  });

  it("is matched in a large fleet by several rules, each within EventBridge's 2,048 characters", () => {
    const names = Array.from({ length: 200 }, (_, index) => `prod/a-rather-long-name/of-secret-${index}`);
    const secrets = Object.fromEntries(
      names.map((id, index) => [`S${index}`, { source: { secretsManager: id } }]),
    );
    const environments = { one: { health: "https://one.example.com/health" } };
    const rules = rulesOf(
      templateOf({ fleet: JSON.stringify({ secrets, environments }) }),
      "Secret Label Updated",
    );
    expect(rules.length).toBeGreaterThan(3);
    expect(Math.max(...rules.map(({ EventPattern }) => JSON.stringify(EventPattern).length))).toBeLessThan(
      2_048,
    );
    expect(rules.flatMap(({ EventPattern }) => EventPattern.detail.name).toSorted()).toEqual(
      names.toSorted(),
    );
  });
});

describe("a deployment", () => {
  it("is followed by one scheduled check of this very stack", () => {
    const [found] = rulesOf(defaults, "CloudFormation Stack Status Change");
    expect(found?.EventPattern).toEqual({
      source: ["aws.cloudformation"],
      "detail-type": ["CloudFormation Stack Status Change"],
      detail: {
        "stack-id": [{ Ref: "AWS::StackId" }],
        "status-details": { status: ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"] },
      },
    });
    expect(found?.Targets).toMatchObject([{ Input: "{}" }]);
  });
});

describe("the functions", () => {
  it("run on Node 24, on arm64, traced, each with a log group of its own that forgets", () => {
    const functions = Object.values(defaults.findResources(lambda)).map(({ Properties }) => Properties);
    expect(functions.map(({ Timeout }) => Timeout).toSorted()).toEqual([30, 300, 900]);
    for (const one of functions) {
      expect(one).toMatchObject({
        ...{ Runtime: "nodejs24.x", Architectures: ["arm64"], MemorySize: 512 },
        TracingConfig: { Mode: "Active" },
        Environment: {
          Variables: { NODE_OPTIONS: "--enable-source-maps", [settings.service]: "Tallystick" },
        },
      });
      expect(one).not.toHaveProperty("ReservedConcurrentExecutions");
    }
    defaults.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 90 });
    defaults.resourceCountIs("AWS::Logs::LogGroup", 3);
  });

  it("that look and repair know the fleet and what they need for it", () => {
    const functions = Object.values(defaults.findResources(lambda)).filter(
      ({ Properties }) => Properties.Timeout > 30,
    );
    expect(functions).toHaveLength(2);
    for (const { Properties: one } of functions) {
      expect(one).toMatchObject({
        DeadLetterConfig: { TargetArn: { "Fn::GetAtt": [expect.stringContaining("DeadLetters"), "Arn"] } },
        Environment: {
          Variables: {
            [settings.fleet]: "fleet.yaml",
            [settings.topicArn]: { Ref: expect.stringContaining("TopicsDrift") },
            [settings.stateTable]: { Ref: expect.stringContaining("State") },
            [settings.signingSeedSecret]: { Ref: expect.stringContaining("SigningSeed") },
          },
        },
      });
    }
  });

  it("show the last report on the dashboard from the memory alone, under a name that CloudWatch's advice asks for", () => {
    const [widget] = Object.entries(defaults.findResources(lambda, { Properties: { Timeout: 30 } }));
    const { FunctionName, Environment, DeadLetterConfig } = widget?.[1]["Properties"] ?? {};
    expect({ FunctionName, DeadLetterConfig }).toEqual({ FunctionName: "customWidgetTallystick" });
    expect(Object.keys(Environment.Variables).toSorted()).toEqual(
      ["NODE_OPTIONS", settings.service, settings.stateTable].toSorted(),
    );
    const { DashboardBody } = onlyOne(defaults, "AWS::CloudWatch::Dashboard") as {
      DashboardBody: { "Fn::Join": [string, readonly unknown[]] };
    };
    const [, parts] = DashboardBody["Fn::Join"];
    const custom = parts.findIndex((part) => typeof part === "string" && part.includes('"type":"custom"'));
    expect(parts[custom + 1]).toEqual({ "Fn::GetAtt": [widget?.[0], "Arn"] });
  });

  it("repair as durable executions, whose versions stay while one may wait in them", () => {
    defaults.hasResourceProperties(lambda, {
      DurableConfig: { ExecutionTimeout: 14_400, RetentionPeriodInDays: 14 },
    });
    defaults.hasResource("AWS::Lambda::Version", { DeletionPolicy: "Retain" });
    defaults.hasResourceProperties(lambda, {
      Environment: {
        Variables: {
          [settings.healFunction]: { Ref: Match.stringLikeRegexp("^HealFunctionAliaslive") },
          [settings.healKind]: "durable",
        },
      },
    });
  });

  it("repair within one invocation where a Region has no durable executions, and never twice", () => {
    const plain = templateOf({ context: { durable: "false" } });
    expect(JSON.stringify(plain.toJSON())).not.toMatch(/Durable/);
    plain.hasResourceProperties(lambda, { Timeout: 900 });
    plain.hasResourceProperties("AWS::Lambda::EventInvokeConfig", { MaximumRetryAttempts: 0 });
    plain.hasResourceProperties(lambda, {
      Environment: { Variables: Match.objectLike({ [settings.healKind]: "plain" }) },
    });
    expect(rulesOf(plain, "Durable Execution Status Change")).toEqual([]);
  });

  it("tell people of a repair that did not come to its end, in a first line that says what to do", () => {
    const [found] = rulesOf(defaults, "Durable Execution Status Change");
    expect(found?.EventPattern.detail).toEqual({
      functionArn: [
        {
          prefix: {
            "Fn::Join": ["", [{ "Fn::GetAtt": [expect.stringContaining("HealFunction"), "Arn"] }, ":"]],
          },
        },
      ],
      status: ["FAILED", "TIMED_OUT", "STOPPED"],
    });
    const [target] = found?.Targets ?? [];
    expect(target.Arn).toEqual({ Ref: expect.stringContaining("TopicsOperations") });
    const [first] = target.InputTransformer.InputTemplate.split("\n");
    expect(first).toMatch(/^"Tallystick: .*Somebody has to look.*RUNBOOK\.md#heal-failed"$/);
  });
});

describe("people", () => {
  const told = templateOf({
    context: {
      email: "a@example.com,c@example.com",
      emailAll: "b@example.com",
      slack: "T0WORKSPACE/C0CHANNEL",
    },
  });
  const subscriptions = Object.values(told.findResources("AWS::SNS::Subscription")).map(
    ({ Properties: { Endpoint, TopicArn, FilterPolicy } }) =>
      `${Endpoint} ${TopicArn.Ref.replace(/[0-9A-F]{8}$/, "")} ${JSON.stringify(FilterPolicy)}`,
  );

  it("get alerts or everything by mail, and all that is wrong with Tallystick itself", () => {
    expect(subscriptions.toSorted()).toEqual([
      'a@example.com TopicsDrift {"severity":["alert"]}',
      "a@example.com TopicsOperations undefined",
      "b@example.com TopicsDrift undefined",
      "b@example.com TopicsOperations undefined",
      'c@example.com TopicsDrift {"severity":["alert"]}',
      "c@example.com TopicsOperations undefined",
    ]);
  });

  it("see both topics in Slack, and can command nothing from there", () => {
    expect(onlyOne(told, "AWS::Chatbot::SlackChannelConfiguration")).toMatchObject({
      ...{ SlackWorkspaceId: "T0WORKSPACE", SlackChannelId: "C0CHANNEL" },
      SnsTopicArns: [
        { Ref: expect.stringContaining("TopicsDrift") },
        { Ref: expect.stringContaining("TopicsOperations") },
      ],
      GuardrailPolicies: [
        { "Fn::Join": ["", ["arn:", { Ref: "AWS::Partition" }, ":iam::aws:policy/AWSDenyAll"]] },
      ],
    });
    const role = told.findResources("AWS::IAM::Role", { Properties: { Description: Match.anyValue() } });
    expect(Object.values(role)).toHaveLength(1);
    expect(JSON.stringify(role)).not.toMatch(/Policies|ManagedPolicyArns/);
  });

  it("are told of nothing where nobody is named", () => {
    defaults.resourceCountIs("AWS::SNS::Subscription", 0);
    defaults.resourceCountIs("AWS::Chatbot::SlackChannelConfiguration", 0);
  });
});

describe("what must not be lost", () => {
  it("stays when the stack goes: the seed that responders trust, and the memory", () => {
    const stays = { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" };
    defaults.hasResource("AWS::SecretsManager::Secret", {
      ...stays,
      Properties: { GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true } },
    });
    defaults.hasResource("AWS::DynamoDB::GlobalTable", {
      ...stays,
      Properties: {
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        ],
      },
    });
  });
});

describe("stacks side by side", () => {
  it("share no name: each that is fixed begins with the stack's own", () => {
    const names = /^(?:Name|[A-Za-z]+Name)$/;
    // What these name is another resource, an attribute or a metric; PolicyName is unique within its role.
    const ofOthers = /^(?:AttributeName|MetricName|FunctionName|GroupName|PolicyName|QueueName)$/;
    const { stack } = stackOf({ context: { stack: "Second", slack: "T0WORKSPACE/C0CHANNEL" } });
    const found = Object.values<{ Properties?: object }>(
      Template.fromStack(stack).toJSON()["Resources"],
    ).flatMap(({ Properties = {} }) =>
      Object.entries(Properties).filter(([key]) => names.test(key) && !ofOthers.test(key)),
    );
    const fixed = found.map(([, value]) => value).filter((value) => value !== "live");
    expect(fixed.length).toBeGreaterThan(7);
    expect(fixed.filter((value) => typeof value !== "string" || !value.startsWith("Second"))).toEqual([]);
  });

  it("count into metrics of their own", () => {
    const text = JSON.stringify(templateOf({ context: { stack: "Second" } }).toJSON());
    expect(text).toContain('"Dimensions":[{"Name":"service","Value":"Second"}]');
    expect(text).not.toContain('"Value":"Tallystick"');
  });
});
