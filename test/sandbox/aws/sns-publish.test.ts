import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { expectRefusal, openTestBed, type TestBed } from "./test-bed.ts";

const TopicArn = "arn:aws:sns:eu-west-1:111122223333:alerts";
const address = "ops@example.com";
const severity = { DataType: "String", StringValue: "alert" };
const envelopeSchema = z.record(z.string(), z.unknown());

type Posted = { readonly headers: IncomingHttpHeaders; readonly body: string };

async function openMailed(attributes: Record<string, string> = {}): Promise<TestBed> {
  const bed = await openTestBed();
  bed.aws.topics.create("alerts");
  bed.aws.topics.enrol(TopicArn, { protocol: "email", endpoint: address, attributes });
  return bed;
}

/** An application that SNS posts to. */
async function openSubscriber(status = 200): Promise<{ endpoint: string; posted: Posted[] }> {
  const posted: Posted[] = [];
  const server = createServer(async (request, response) => {
    posted.push({ headers: request.headers, body: await text(request) });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, posted };
}

describe("Publish", () => {
  it("delivers subject, body and attributes under the id it answers", async () => {
    const { aws, sns } = await openMailed();
    const message = { Subject: "Drift", Message: "<b> & ünïcode\n", MessageAttributes: { severity } };
    const { MessageId } = await sns.publish({ TopicArn, ...message });
    expect(aws.mailbox(address)).toEqual([
      { subject: "Drift", body: message.Message, attributes: { severity: "alert" }, messageId: MessageId },
    ]);
  });

  it("takes a topic as TargetArn", async () => {
    const { aws, sns } = await openMailed();
    await sns.publish({ TargetArn: TopicArn, Message: "hello" });
    expect(aws.mailbox(address)).toHaveLength(1);
  });

  it("does not find an unknown topic", async () => {
    const { sns } = await openMailed();
    const asked = sns.publish({ TopicArn: `${TopicArn}-other`, Message: "hello" });
    await expectRefusal(asked, "NotFoundException", /Topic does not exist/);
  });

  it.each([
    ["an empty message", { Message: "" }],
    ["a message over 256 KiB", { Message: "x".repeat(256 * 1024 + 1) }],
    ["an empty subject", { Message: "m", Subject: "" }],
    ["a subject of 101 characters", { Message: "m", Subject: "x".repeat(101) }],
    ["a subject of two lines", { Message: "m", Subject: "one\ntwo" }],
    ["an unknown structure", { Message: "m", MessageStructure: "xml" }],
    ["a structure that is no JSON", { Message: "m", MessageStructure: "json" }],
    ["a structure without default", { Message: '{"email":"m"}', MessageStructure: "json" }],
    ["a structure whose default is no text", { Message: '{"default":1}', MessageStructure: "json" }],
  ])("refuses %s", async (_what, message) => {
    const { aws, sns } = await openMailed();
    await expectRefusal(sns.publish({ TopicArn, ...message }), "InvalidParameterException");
    expect(aws.mailbox(address)).toEqual([]);
  });

  it.each([{ DataType: "Text", StringValue: "x" }, { DataType: "String" }])(
    "refuses the attribute %j",
    async (attribute) => {
      const { sns } = await openMailed();
      const asked = sns.publish({ TopicArn, Message: "m", MessageAttributes: { attribute } });
      await expectRefusal(asked, "InvalidParameterValueException");
    },
  );

  it("takes a subject of 100 characters", async () => {
    const { aws, sns } = await openMailed();
    await sns.publish({ TopicArn, Message: "m", Subject: "x".repeat(100) });
    expect(aws.mailbox(address)).toHaveLength(1);
  });

  it("sends each way of delivery its own body, and the default to the others", async () => {
    const { aws, sns } = await openMailed();
    const { endpoint, posted } = await openSubscriber();
    aws.topics.enrol(TopicArn, { protocol: "http", endpoint });
    const Message = JSON.stringify({ default: "for all", email: "for people" });
    await sns.publish({ TopicArn, Message, MessageStructure: "json" });
    await aws.delivered();
    expect(aws.mailbox(address)[0]?.body).toBe("for people");
    expect(JSON.parse(posted[0]?.body ?? "")).toMatchObject({ Message: "for all" });
  });
});

describe("PublishBatch", () => {
  it("publishes what it can and names what it cannot", async () => {
    const { aws, sns } = await openMailed();
    const PublishBatchRequestEntries = [
      { Id: "good", Message: "m", MessageAttributes: { severity } },
      { Id: "bad", Message: "" },
    ];
    const { Successful, Failed } = await sns.publishBatch({ TopicArn, PublishBatchRequestEntries });
    expect(Successful).toEqual([{ Id: "good", MessageId: aws.mailbox(address)[0]?.messageId }]);
    expect(Failed).toMatchObject([{ Id: "bad", Code: "InvalidParameter", SenderFault: true }]);
  });

  it("publishes in the order of the entries' numbers, whatever the order of the form", async () => {
    const { aws } = await openMailed();
    const form = new URLSearchParams({ Action: "PublishBatch", TopicArn });
    for (const number of [10, 2, 1]) {
      form.set(`PublishBatchRequestEntries.member.${number}.Id`, `${number}`);
      form.set(`PublishBatchRequestEntries.member.${number}.Message`, `${number}`);
    }
    await fetch(aws.endpoint, { method: "POST", body: form });
    expect(aws.mailbox(address).map(({ body }) => body)).toEqual(["1", "2", "10"]);
  });

  it.each([
    ["EmptyBatchRequestException", []],
    [
      "TooManyEntriesInBatchRequestException",
      Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, Message: "m" })),
    ],
    [
      "BatchEntryIdsNotDistinctException",
      [
        { Id: "a", Message: "m" },
        { Id: "a", Message: "m" },
      ],
    ],
    ["InvalidBatchEntryIdException", [{ Id: "a b", Message: "m" }]],
    ["BatchRequestTooLongException", ["a", "b"].map((Id) => ({ Id, Message: "x".repeat(140_000) }))],
  ])("refuses a whole batch with %s", async (name, PublishBatchRequestEntries) => {
    const { sns } = await openMailed();
    await expectRefusal(sns.publishBatch({ TopicArn, PublishBatchRequestEntries }), name);
  });
});

describe("a filter policy", () => {
  it("keeps from a subscriber what it did not ask for", async () => {
    const { aws, sns } = await openMailed({ FilterPolicy: '{"severity":["alert"]}' });
    await sns.publish({ TopicArn, Message: "no attribute" });
    await sns.publish({
      TopicArn,
      Message: "info",
      MessageAttributes: { severity: { ...severity, StringValue: "info" } },
    });
    await sns.publish({ TopicArn, Message: "alert", MessageAttributes: { severity } });
    expect(aws.mailbox(address).map(({ body }) => body)).toEqual(["alert"]);
  });
});

describe("delivery by http", () => {
  it("posts SNS's envelope with its headers", async () => {
    const { aws, sns } = await openMailed();
    const { endpoint, posted } = await openSubscriber();
    const subscriptionArn = aws.topics.enrol(TopicArn, { protocol: "http", endpoint });
    const message = { Subject: "Drift", Message: "body", MessageAttributes: { severity } };
    const { MessageId } = await sns.publish({ TopicArn, ...message });
    await aws.delivered();
    expect(posted[0]?.headers).toMatchObject({
      "content-type": "text/plain; charset=UTF-8",
      "x-amz-sns-message-type": "Notification",
      "x-amz-sns-message-id": MessageId,
      "x-amz-sns-topic-arn": TopicArn,
      "x-amz-sns-subscription-arn": subscriptionArn,
    });
    expect(envelopeSchema.parse(JSON.parse(posted[0]?.body ?? ""))).toMatchObject({
      Type: "Notification",
      MessageId,
      TopicArn,
      Subject: "Drift",
      Message: "body",
      Timestamp: "2027-01-15T08:30:00.250Z",
      SignatureVersion: "1",
      MessageAttributes: { severity: { Type: "String", Value: "alert" } },
    });
  });

  it("asks to confirm, and delivers once the token came back", async () => {
    const { aws, sns } = await openMailed();
    const { endpoint, posted } = await openSubscriber();
    await sns.subscribe({ TopicArn, Protocol: "http", Endpoint: endpoint });
    await aws.delivered();
    const { Type, Token } = envelopeSchema.parse(JSON.parse(posted[0]?.body ?? ""));
    expect(Type).toBe("SubscriptionConfirmation");
    await sns.confirmSubscription({ TopicArn, Token: String(Token) });
    await sns.publish({ TopicArn, Message: "after" });
    await aws.delivered();
    expect(posted.map(({ headers }) => headers["x-amz-sns-message-type"])).toEqual([
      "SubscriptionConfirmation",
      "Notification",
    ]);
  });

  it("offers a link that ends the subscription", async () => {
    const { aws, sns } = await openMailed();
    const { endpoint, posted } = await openSubscriber();
    aws.topics.enrol(TopicArn, { protocol: "http", endpoint });
    await sns.publish({ TopicArn, Message: "first" });
    await aws.delivered();
    await fetch(String(envelopeSchema.parse(JSON.parse(posted[0]?.body ?? ""))["UnsubscribeURL"]));
    await sns.publish({ TopicArn, Message: "second" });
    await aws.delivered();
    expect(posted).toHaveLength(1);
  });

  it("posts the bare body where that is asked", async () => {
    const { aws, sns } = await openMailed();
    const { endpoint, posted } = await openSubscriber();
    aws.topics.enrol(TopicArn, { protocol: "http", endpoint, attributes: { RawMessageDelivery: "true" } });
    await sns.publish({ TopicArn, Message: "bare" });
    await aws.delivered();
    expect(posted[0]).toMatchObject({ body: "bare", headers: { "x-amz-sns-rawdelivery": "true" } });
  });

  it("remembers what a subscriber did not take; the publisher hears nothing of it", async () => {
    const { aws, sns } = await openMailed();
    const { endpoint } = await openSubscriber(503);
    const subscriptionArn = aws.topics.enrol(TopicArn, { protocol: "http", endpoint });
    expect(await sns.publish({ TopicArn, Message: "m" })).toHaveProperty("MessageId");
    await aws.delivered();
    expect(aws.failedDeliveries).toEqual([{ subscriptionArn, reason: expect.stringMatching(/503/) }]);
  });
});
