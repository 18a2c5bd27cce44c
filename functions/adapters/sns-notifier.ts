import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { TallystickError } from "../core/errors.ts";
import { limits } from "../core/limits.ts";
import type { Message, Notifier } from "../core/ports.ts";
import { awsCallBounds } from "./aws-bounds.ts";
import { awsFailure, isRetryable } from "./aws-failure.ts";
import { chatNotification } from "./chat-notification.ts";

/**
 * Tells people and machines through one SNS topic: subscribers by mail get text, those by https (which Amazon Q
 * Developer is) what a chat channel shows, all others data as JSON.
 */
export function createSnsNotifier(client: SNSClient, topicArn: string): Notifier {
  return {
    async publish(message) {
      try {
        await client.send(new PublishCommand(publication(message, topicArn)), awsCallBounds());
      } catch (error) {
        const failure = awsFailure(error, topicArn);
        throw new TallystickError(
          "publish-failed",
          `the message was not published to ${topicArn} (${failure.code}); check that the topic exists and that sns:Publish on it is allowed`,
          { retryable: isRetryable(failure) },
        );
      }
    },
  };
}

function publication(message: Message, topicArn: string) {
  return {
    TopicArn: topicArn,
    Subject: cleanSubject(message.subject),
    MessageStructure: "json",
    Message: boundedMessage(message),
    MessageAttributes: Object.fromEntries(
      Object.entries(message.attributes).flatMap(([name, value]) => attribute(name, value)),
    ),
  };
}

/** SNS refuses an attribute that is empty. */
function attribute(name: string, value: string | readonly string[]) {
  if (value.length === 0) return [];
  const typed =
    typeof value === "string"
      ? { DataType: "String", StringValue: value }
      : { DataType: "String.Array", StringValue: JSON.stringify(value) };
  return [[name, typed] as const];
}

/** SNS refuses a whole message for a line break or an odd character in its subject. */
function cleanSubject(subject: string): string {
  const printable = subject
    .replaceAll(/[^\x20-\x7e]+/g, " ")
    .replaceAll(/ +/g, " ")
    .trim();
  return printable.slice(0, limits.subjectCharactersMax).trim() || "Tallystick";
}

const cutNote = "\n\n(Cut: the whole message was too long for SNS. The run's report has all of it.)";

/** Fits a message into its bound: first the text is cut, then the data are replaced by a note. */
function boundedMessage(message: Message): string {
  const { subject, text, data } = message;
  const chat = JSON.stringify(chatNotification(message.chat));
  const envelope = (json: string, email: string) => JSON.stringify({ default: json, email, https: chat });
  const whole = envelope(JSON.stringify(data), text);
  if (isShort(whole)) return whole;
  const short = text.length <= textLengthMax ? text : text.slice(0, textLengthMax).toWellFormed() + cutNote;
  const cut = envelope(JSON.stringify(data), short);
  if (isShort(cut)) return cut;
  return envelope(JSON.stringify({ subject, truncated: true }), short);
}

/** In characters, of which JSON may write each as six bytes. */
const textLengthMax = Math.floor(limits.messageBytesMax / 8);

function isShort(message: string): boolean {
  return Buffer.byteLength(message) <= limits.messageBytesMax;
}
