import { paginateListSubscriptionsByTopic } from "@aws-sdk/client-sns";
import { describe, expect, it } from "vitest";
import { expectRefusal, openTestBed, type TestBed } from "./test-bed.ts";

const TopicArn = "arn:aws:sns:eu-west-1:111122223333:alerts";

async function openTopic(): Promise<TestBed> {
  const bed = await openTestBed();
  bed.aws.topics.create("alerts");
  return bed;
}

describe("CreateTopic", () => {
  it("answers the same ARN for the same topic", async () => {
    const { sns } = await openTestBed();
    expect((await sns.createTopic({ Name: "alerts" })).TopicArn).toBe(TopicArn);
    expect((await sns.createTopic({ Name: "alerts" })).TopicArn).toBe(TopicArn);
    expect((await sns.listTopics({})).Topics).toEqual([{ TopicArn }]);
  });

  it("refuses other attributes for a topic that exists", async () => {
    const { sns } = await openTopic();
    const other = sns.createTopic({ Name: "alerts", Attributes: { DisplayName: "Alerts" } });
    await expectRefusal(other, "InvalidParameterException", /different attributes/);
  });

  it("refuses a bad name", async () => {
    const { sns } = await openTestBed();
    await expectRefusal(sns.createTopic({ Name: "with space" }), "InvalidParameterException");
  });
});

describe("GetTopicAttributes", () => {
  it("counts the subscriptions", async () => {
    const { aws, sns } = await openTopic();
    const ended = aws.topics.enrol(TopicArn, { protocol: "email", endpoint: "ended@example.com" });
    aws.topics.enrol(TopicArn, { protocol: "email", endpoint: "here@example.com" });
    await sns.subscribe({ TopicArn, Protocol: "email", Endpoint: "soon@example.com" });
    await sns.unsubscribe({ SubscriptionArn: ended });
    expect((await sns.getTopicAttributes({ TopicArn })).Attributes).toMatchObject({
      TopicArn,
      Owner: "111122223333",
      SubscriptionsConfirmed: "1",
      SubscriptionsPending: "1",
      SubscriptionsDeleted: "1",
    });
  });

  it("carries what XML would read as its own", async () => {
    const { sns } = await openTestBed();
    const DisplayName = '<Alerts> & "more"\r\n&amp;';
    await sns.createTopic({ Name: "alerts", Attributes: { DisplayName } });
    expect((await sns.getTopicAttributes({ TopicArn })).Attributes).toMatchObject({ DisplayName });
  });

  it("does not find a topic that was deleted", async () => {
    const { sns } = await openTopic();
    await sns.deleteTopic({ TopicArn });
    await expectRefusal(sns.getTopicAttributes({ TopicArn }), "NotFoundException", /does not exist/);
  });
});

describe("DeleteTopic", () => {
  it("does not mind a topic that does not exist", async () => {
    const { sns } = await openTestBed();
    expect((await sns.deleteTopic({ TopicArn })).$metadata.httpStatusCode).toBe(200);
  });
});

describe("Subscribe", () => {
  it("sends nothing to an address that did not confirm, save the request to", async () => {
    const { aws, sns } = await openTopic();
    const Endpoint = "ops@example.com";
    const { SubscriptionArn } = await sns.subscribe({ TopicArn, Protocol: "email", Endpoint });
    await sns.publish({ TopicArn, Message: "lost" });
    expect(SubscriptionArn).toBe("pending confirmation");
    expect(aws.mailbox(Endpoint).map(({ subject }) => subject)).toEqual([
      "AWS Notification - Subscription Confirmation",
    ]);
  });

  it("is confirmed by following the link in the mail", async () => {
    const { aws, sns } = await openTopic();
    const Endpoint = "ops@example.com";
    await sns.subscribe({ TopicArn, Protocol: "email", Endpoint });
    await fetch(aws.mailbox(Endpoint)[0]?.body ?? "");
    await sns.publish({ TopicArn, Message: "arrives" });
    expect(aws.mailbox(Endpoint).at(-1)?.body).toBe("arrives");
  });

  it("tells the ARN of an unconfirmed subscription on demand", async () => {
    const { sns } = await openTopic();
    const asked = { TopicArn, Protocol: "email", Endpoint: "ops@example.com", ReturnSubscriptionArn: true };
    expect((await sns.subscribe(asked)).SubscriptionArn).toMatch(`${TopicArn}:`);
  });

  it("adds the same subscriber once", async () => {
    const { sns } = await openTopic();
    const asked = { TopicArn, Protocol: "email", Endpoint: "ops@example.com" };
    await sns.subscribe(asked);
    await sns.subscribe(asked);
    expect((await sns.listSubscriptionsByTopic({ TopicArn })).Subscriptions).toEqual([
      { ...asked, Owner: "111122223333", SubscriptionArn: "PendingConfirmation" },
    ]);
  });

  it.each([
    { Protocol: "sms", Endpoint: "+1234" },
    { Protocol: "email", Endpoint: "no address" },
    { Protocol: "https", Endpoint: "http://example.com" },
    { Protocol: "email", Endpoint: "a@b.c", Attributes: { FilterPolicy: '{"a":[{"numeric":[">",1]}]}' } },
    { Protocol: "email", Endpoint: "a@b.c", Attributes: { FilterPolicy: "no json" } },
    { Protocol: "email", Endpoint: "a@b.c", Attributes: { FilterPolicyScope: "MessageBody" } },
    { Protocol: "email", Endpoint: "a@b.c", Attributes: { DeliveryPolicy: "{}" } },
  ])("refuses %j", async (asked) => {
    const { sns } = await openTopic();
    await expectRefusal(sns.subscribe({ TopicArn, ...asked }), "InvalidParameterException");
  });
});

describe("ConfirmSubscription", () => {
  it("refuses a token that was never sent", async () => {
    const { sns } = await openTopic();
    await sns.subscribe({ TopicArn, Protocol: "email", Endpoint: "ops@example.com" });
    await expectRefusal(sns.confirmSubscription({ TopicArn, Token: "guess" }), "InvalidParameterException");
  });
});

describe("Unsubscribe", () => {
  it("ends the deliveries, and does not mind being asked again", async () => {
    const { aws, sns } = await openTopic();
    const SubscriptionArn = aws.topics.enrol(TopicArn, { protocol: "email", endpoint: "ops@example.com" });
    await sns.unsubscribe({ SubscriptionArn });
    await sns.unsubscribe({ SubscriptionArn });
    await sns.publish({ TopicArn, Message: "to nobody" });
    expect(aws.mailbox("ops@example.com")).toEqual([]);
  });
});

describe("ListSubscriptionsByTopic", () => {
  it("goes page by page, a hundred at a time", async () => {
    const { aws, sns: client } = await openTopic();
    for (let number = 0; number < 101; number += 1) {
      aws.topics.enrol(TopicArn, { protocol: "email", endpoint: `${number}@example.com` });
    }
    const pages: number[] = [];
    for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn })) {
      pages.push(page.Subscriptions?.length ?? 0);
    }
    expect(pages).toEqual([100, 1]);
  });

  it("refuses a page token that was never given out", async () => {
    const { sns } = await openTopic();
    const asked = sns.listSubscriptionsByTopic({ TopicArn, NextToken: "made-up" });
    await expectRefusal(asked, "InvalidParameterException");
  });
});
