import { SNSClient } from "@aws-sdk/client-sns";
import { expect, it, onTestFinished } from "vitest";
import { awsClientBounds } from "../../functions/adapters/aws-bounds.ts";
import { createSnsNotifier } from "../../functions/adapters/sns-notifier.ts";
import { limits } from "../../functions/core/limits.ts";
import type { Message } from "../../functions/core/ports.ts";
import { canary, expectNoCanary } from "../canaries.ts";
import { openTestBed } from "../sandbox/aws/test-bed.ts";
import { openEndpoint } from "./http-endpoint.ts";

const message: Message = {
  subject: "1 environment drifted",
  text: "vps: behind by 2",
  chat: {
    ...{ title: "1 environment drifted", description: "vps: behind by 2", summary: "drift", threadId: "t" },
    ...{ nextSteps: ["Look at it."], keywords: ["vps"] },
  },
  data: { status: "drifted" },
  attributes: { severity: "alert", kind: "", environment: ["vps", "mac"] },
};

/** A topic that one person reads by mail, and one machine by HTTP. */
async function openTopic() {
  const { aws, sns } = await openTestBed();
  const delivered: { Message: string; Subject: string; MessageAttributes: unknown; Type: string }[] = [];
  const machine = await openEndpoint((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      delivered.push(JSON.parse(body));
      response.end();
    });
  });
  const { TopicArn = "" } = await sns.createTopic({ Name: "people" });
  await sns.subscribe({ TopicArn, Protocol: "email", Endpoint: "on-call@example.com" });
  await sns.subscribe({ TopicArn, Protocol: "http", Endpoint: machine.origin });
  await aws.delivered();
  const client = new SNSClient({ ...awsClientBounds, endpoint: aws.endpoint });
  onTestFinished(() => client.destroy());
  return { aws, sns, client, TopicArn, delivered };
}

it("sends text to people and data to machines", async () => {
  const { aws, client, TopicArn, sns, delivered } = await openTopic();
  for (const { Message: _, ...confirmation } of delivered) {
    const { Token } = confirmation as { Token?: string };
    await sns.confirmSubscription({ TopicArn, Token });
  }

  await createSnsNotifier(client, TopicArn).publish(message);
  await aws.delivered();

  const received = delivered.find(({ Type }) => Type === "Notification");
  expect(JSON.parse(received?.Message ?? "")).toEqual({ status: "drifted" });
  expect(received?.Subject).toBe("1 environment drifted");
  expect(received?.MessageAttributes).toEqual({
    severity: { Type: "String", Value: "alert" },
    environment: { Type: "String.Array", Value: '["vps","mac"]' },
  });
});

/** The requests that a client makes, as AWS would get them. */
async function publishTo(sent: Message): Promise<URLSearchParams> {
  let form = "";
  const { origin } = await openEndpoint((request, response) => {
    request.setEncoding("utf8").on("data", (text: string) => {
      form += text;
    });
    request.on("end", () =>
      response
        .writeHead(200, { "content-type": "text/xml" })
        .end(
          '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>',
        ),
    );
  });
  const client = new SNSClient({ ...awsClientBounds, endpoint: origin });
  onTestFinished(() => client.destroy());
  await createSnsNotifier(client, "arn:aws:sns:eu-west-1:111122223333:people").publish(sent);
  return new URLSearchParams(form);
}

it("cleans and cuts the subject so that SNS takes it", async () => {
  const form = await publishTo({ ...message, subject: `  Drift\r\nin “vps” 🔑 ${"x".repeat(200)}` });

  const subject = form.get("Subject") ?? "";
  expect(subject).toMatch(/^Drift in vps x+$/);
  expect(subject.length).toBeLessThanOrEqual(limits.subjectCharactersMax);
  expect((await publishTo({ ...message, subject: "🔑" })).get("Subject")).toBe("Tallystick");
});

it.each([
  ["plain", "x"],
  ["control", "\u0001"],
  ["wide", "🔑"],
])("cuts a text of %s characters that is too long, and says so", async (_what, character) => {
  const form = await publishTo({ ...message, text: `.${character.repeat(300_000)}` });

  const sent = form.get("Message") ?? "";
  const { email, default: data } = JSON.parse(sent);
  expect(Buffer.byteLength(sent)).toBeLessThanOrEqual(limits.messageBytesMax);
  expect(email.isWellFormed()).toBe(true);
  expect(email).toMatch(/\(Cut: .*\)$/);
  expect(JSON.parse(data)).toEqual({ status: "drifted" });
});

it("replaces data that are too long by a note that they are", async () => {
  const form = await publishTo({ ...message, data: { rows: "x".repeat(300_000) } });

  const { email, default: data } = JSON.parse(form.get("Message") ?? "");
  expect(email).toBe(message.text);
  expect(JSON.parse(data)).toEqual({ subject: message.subject, truncated: true });
});

/** What arrives at a channel. */
async function shownOf(chat: Partial<Message["chat"]>) {
  const form = await publishTo({ ...message, chat: { ...message.chat, ...chat } });
  return JSON.parse(JSON.parse(form.get("Message") ?? "").https);
}

it("sends a chat channel the one form that is not dropped there", async () => {
  expect(await shownOf({ title: "Drift <!channel>", description: "vps & mac: <@U1> behind" })).toEqual({
    version: "1.0",
    source: "custom",
    content: {
      textType: "client-markdown",
      title: "Drift &lt;!channel&gt;",
      description: "vps &amp; mac: &lt;@U1&gt; behind",
      nextSteps: ["Look at it."],
      keywords: ["vps"],
    },
    metadata: { threadId: "t", summary: "drift" },
  });
});

it("leaves out what there is nothing of", async () => {
  const { content } = await shownOf({ title: "", description: "", nextSteps: [], keywords: [] });

  expect(content).toEqual({
    textType: "client-markdown",
    title: "Tallystick",
    description: "(no text)",
  });
});

it.each([
  ["bold", "*now*", "∗now∗"],
  ["code", "`now`", "ˋnowˋ"],
  ["struck out", "~now~", "∼now∼"],
  ["italic", "_now_ or A_B", "＿now＿ or A_B"],
  ["a link", "[here](https://example.com)", "[here] (https://example.com)"],
  ["an emoji", ":fire: at 10:00:41", "꞉fire: at 10:00:41"],
  ["a call to everybody", "@channel @here a@b", "＠channel ＠here a@b"],
  ["turned round", "a\u202eb\u0007c", "a b c"],
])("does not let a text be %s", async (_what, text, shown) => {
  const { content, metadata } = await shownOf({
    title: text,
    description: text,
    nextSteps: [text],
    summary: text,
  });

  expect([content.title, content.description, ...content.nextSteps, metadata.summary]).toEqual(
    Array(4).fill(shown),
  );
});

it.each([
  ["plain", "x"],
  ["wide", "🔑"],
  ["escaped", "&"],
])("keeps a chat channel's limits with %s characters", async (_what, character) => {
  const text = character.repeat(10_000);
  const { content, metadata } = await shownOf({
    ...{ title: text, description: text, summary: text, threadId: text },
    ...{ nextSteps: Array(50).fill(text), keywords: Array(50).fill(text) },
  });

  expect(content.title.length).toBeLessThanOrEqual(250);
  expect(content.description.length).toBeLessThanOrEqual(8_000);
  expect(content.description).toMatch(/\(the mail and the run's log have all of it\)$/);
  expect(content.nextSteps).toHaveLength(10);
  expect(JSON.stringify({ content, metadata }).length).toBeLessThan(25_000);
  expect(JSON.stringify({ content, metadata }).isWellFormed()).toBe(true);
  expect(content.description).not.toMatch(/&(?!amp;)/);
});

it("tells a failure in its own words", async () => {
  const { aws, client, TopicArn } = await openTopic();
  const words = canary("AWS's words");
  aws.failNext("Publish", { status: 403, code: "AuthorizationError", message: words });

  const publishing = createSnsNotifier(client, TopicArn).publish(message);

  await expect(publishing).rejects.toMatchObject({ name: "TallystickError", code: "publish-failed" });
  await publishing.catch((error: unknown) => expectNoCanary(error, [words]));
});
