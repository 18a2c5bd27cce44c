import { bodyFor, type Message } from "./message.ts";
import type { Subscription } from "./subscription.ts";

/** What is posted to an http subscriber. */
export type Delivery = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** Where the stand-in is and what time it is: both are written into every envelope. */
export type EnvelopeContext = { readonly endpoint: string; readonly nowMs: number };

/** The delivery of a message: SNS's envelope, or the bare body where the subscription asks for it. */
export function notification(
  subscription: Subscription,
  message: Message,
  context: EnvelopeContext,
): Delivery {
  const body = bodyFor(message, subscription.protocol);
  const headers = {
    ...headersOf(subscription, "Notification", message.id),
    "x-amz-sns-subscription-arn": subscription.arn,
  };
  if (subscription.raw) return { headers: { ...headers, "x-amz-sns-rawdelivery": "true" }, body };
  const sent = {
    ...envelope(subscription, "Notification", message.id, context),
    Subject: message.subject,
    Message: body,
    UnsubscribeURL: link(context, { Action: "Unsubscribe", SubscriptionArn: subscription.arn }),
    MessageAttributes: attributesOf(message),
  };
  return { headers, body: JSON.stringify(sent) };
}

/** The request to confirm a subscription; following its link is enough. */
export function confirmationRequest(
  subscription: Subscription,
  messageId: string,
  context: EnvelopeContext,
): Delivery {
  return {
    headers: headersOf(subscription, "SubscriptionConfirmation", messageId),
    body: JSON.stringify({
      ...envelope(subscription, "SubscriptionConfirmation", messageId, context),
      Token: subscription.token,
      Message: `You have chosen to subscribe to the topic ${subscription.topicArn}. To confirm, visit the SubscribeURL.`,
      SubscribeURL: confirmationLink(subscription, context),
    }),
  };
}

/** The link that confirms a subscription. */
export function confirmationLink(
  { topicArn, token }: Subscription,
  context: Pick<EnvelopeContext, "endpoint">,
): string {
  return link(context, { Action: "ConfirmSubscription", TopicArn: topicArn, Token: token });
}

function headersOf({ topicArn }: Subscription, type: string, messageId: string): Record<string, string> {
  return {
    "content-type": "text/plain; charset=UTF-8",
    "user-agent": "Amazon Simple Notification Service Agent",
    "x-amz-sns-message-type": type,
    "x-amz-sns-message-id": messageId,
    "x-amz-sns-topic-arn": topicArn,
  };
}

/** The stand-in has no certificate of AWS's: whoever verifies signatures must see that there is none. */
function envelope({ topicArn }: Subscription, type: string, messageId: string, context: EnvelopeContext) {
  return {
    Type: type,
    MessageId: messageId,
    TopicArn: topicArn,
    Timestamp: new Date(context.nowMs).toISOString(),
    SignatureVersion: "1",
    Signature: "not-signed-by-the-stand-in",
    SigningCertURL: `${context.endpoint}/no-certificate.pem`,
  };
}

function attributesOf({ attributes }: Message): object | undefined {
  if (attributes.size === 0) return undefined;
  return Object.fromEntries(
    [...attributes].map(([name, { type, value }]) => [name, { Type: type, Value: value }]),
  );
}

function link({ endpoint }: Pick<EnvelopeContext, "endpoint">, query: Record<string, string>): string {
  return `${endpoint}/?${new URLSearchParams(query)}`;
}
