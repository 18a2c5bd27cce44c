import { SNSClient } from "@aws-sdk/client-sns";
import { describe, expect, it, onTestFinished } from "vitest";
import { awsClientBounds } from "../../functions/adapters/aws-bounds.ts";
import { chatNotification } from "../../functions/adapters/chat-notification.ts";
import { createSnsNotifier } from "../../functions/adapters/sns-notifier.ts";
import { limits } from "../../functions/core/limits.ts";
import type { Report } from "../../functions/core/report.ts";
import { behind, heal, holder, report } from "../core/reports.ts";
import { firstMessageOf } from "../core/telling.ts";
import { openTestBed } from "../sandbox/aws/test-bed.ts";

const hostile: readonly (readonly [what: string, text: string])[] = [
  ["Slack's markup", "<!channel> <@U123> <https://evil.example.com|click> & *b* `c` ~s~ _i_ :fire: @here"],
  ["control characters", "a\u0000b\u0007c\u001b[31mred\u001b[0m\u009b\u007f"],
  ["10,000 characters", "x".repeat(10_000)],
  ["10,000 wide characters", "🔑".repeat(5_000)],
  ["right-to-left letters and overrides", "\u202egnp.exe \u05d0\u05d1\u05d2 \u2066x\u2069 \u200f"],
  ["line breaks", "first\r\nSubject: forged\n\nsecond\u2028third\u2029fourth\u0085fifth"],
  ["halves of characters", "\ud83d and \udd11"],
  ["what breaks JSON", '"}],"severity":"info"\\'],
  ["markup of pages", '<script>alert("x")</script><img src=x onerror=y>'],
];

/** A report in which everything that is not a name of a strict form is the hostile text. */
function reportWith(text: string): Report {
  const verdict = { kind: "unknown", because: "unreachable", detail: text } as const;
  const denied = { name: text, status: "denied", dependsOn: [], httpStatus: 403 } as const;
  return report({
    secrets: [
      { name: "API_TOKEN", truth: "expired", detail: text },
      { name: text, truth: "valid", detail: text },
    ],
    holders: [
      holder({ name: text, verdict: behind, remedy: { kind: "by-hand", steps: [text, text] } }),
      holder({ name: "OTHER", verdict, stored: { kind: "reference", to: text } }),
      holder({
        ...{ name: "THIRD", verdict: { kind: "swapped", secret: text }, cause: "variable" },
        remedy: { kind: "withheld", withheld: { reason: "fighting", wouldBe: "redeploy", detail: text } },
      }),
    ],
    capabilities: [denied, { ...denied, dependsOn: [text] }],
    heals: [heal({ secrets: ["OTHER"], status: "failed", reason: "deployment-failed", detail: text })],
    run: { id: text },
  });
}

/** A topic that somebody reads by mail. */
async function openTopic() {
  const { aws, sns } = await openTestBed();
  const { TopicArn = "" } = await sns.createTopic({ Name: "people" });
  aws.topics.enrol(TopicArn, { protocol: "email", endpoint: "you@example.com" });
  const client = new SNSClient({ ...awsClientBounds, endpoint: aws.endpoint });
  onTestFinished(() => client.destroy());
  return { aws, notifier: createSnsNotifier(client, TopicArn) };
}

describe.each(hostile)("a report full of %s", (_what, text) => {
  const message = firstMessageOf(reportWith(text));
  if (message === undefined) throw new Error("nothing was told");

  it("has a subject of printable ASCII that SNS takes", () => {
    expect(message.subject).toMatch(/^Tallystick: [\x20-\x7e]+$/);
    expect(message.subject.length).toBeLessThanOrEqual(limits.subjectCharactersMax);
  });

  it("has a text without anything that moves a cursor, turns a line or forges one", () => {
    expect(message.text.isWellFormed()).toBe(true);
    expect(message.text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect(message.text).not.toMatch(/^(?:Subject: forged|second|fifth)/m);
  });

  it("says nothing in a channel's own markup, and keeps its limits", () => {
    const { content, metadata } = JSON.parse(JSON.stringify(chatNotification(message.chat)));
    const shown = [
      content.title,
      content.description,
      ...content.nextSteps,
      ...content.keywords,
      metadata.summary,
    ];
    expect(shown.join("\n")).not.toMatch(/[<>*`~]|@(?:here|channel|everyone)|:fire:|&(?!amp;|lt;|gt;)/);
    expect(shown.join("").replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect(content.title.length).toBeLessThanOrEqual(250);
    expect(content.description.length).toBeLessThanOrEqual(8_000);
  });

  it("reaches people and machines whole, within SNS's bounds", async () => {
    const { aws, notifier } = await openTopic();

    await notifier.publish(message);
    await aws.delivered();

    const [mail] = aws.mailbox("you@example.com");
    expect(mail?.subject).toBe(message.subject);
    expect(mail?.body).toContain(message.text.slice(0, 200));
    expect(mail?.attributes).toMatchObject({ severity: "alert" });
  });

  it("reads as JSON to machines, and is what was meant", () => {
    const data = JSON.parse(JSON.stringify(message.data));
    expect(data).toMatchObject({ schema: "tallystick/message/v1", severity: "alert" });
    expect(JSON.stringify(data).length).toBeLessThanOrEqual(limits.messageBytesMax / 3);
  });
});
