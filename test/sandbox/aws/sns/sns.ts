import {
  ConfirmSubscription$,
  type ConfirmSubscriptionInput,
  type ConfirmSubscriptionResponse,
  CreateTopic$,
  type CreateTopicInput,
  type CreateTopicResponse,
  DeleteTopic$,
  type DeleteTopicInput,
  GetTopicAttributes$,
  type GetTopicAttributesInput,
  type GetTopicAttributesResponse,
  ListSubscriptionsByTopic$,
  type ListSubscriptionsByTopicInput,
  type ListSubscriptionsByTopicResponse,
  ListTopics$,
  type ListTopicsInput,
  type ListTopicsResponse,
  Publish$,
  PublishBatch$,
  type PublishBatchInput,
  type PublishBatchResponse,
  type PublishInput,
  type PublishResponse,
  Subscribe$,
  type SubscribeInput,
  type SubscribeResponse,
  Unsubscribe$,
  type UnsubscribeInput,
} from "@aws-sdk/client-sns";
import { type Checked, defineOperation, type Operation } from "../wire/operation-schema.ts";
import { pageOf } from "../wire/page.ts";
import { publishBatch } from "./batch.ts";
import { acceptMessage, invalidParameter } from "./message.ts";
import { readProtocol } from "./subscription.ts";
import type { Topic, TopicStore } from "./topic-store.ts";

const pageSize = 100;

/** Every operation of SNS that the stand-in answers. */
export function snsOperations(store: TopicStore): Operation[] {
  return [...topicOperations(store), ...subscriptionOperations(store), ...publishOperations(store)];
}

function topicOperations(store: TopicStore): Operation[] {
  return [
    defineOperation<CreateTopicInput, CreateTopicResponse>(CreateTopic$, (input) => ({
      TopicArn: store.create(input.Name, input.Attributes).arn,
    })),
    defineOperation<DeleteTopicInput, object>(DeleteTopic$, (input) => {
      store.delete(input.TopicArn);
      return {};
    }),
    defineOperation<ListTopicsInput, ListTopicsResponse>(ListTopics$, (input) => {
      const page = pageOf(store.all(), pageSize, input.NextToken, invalidNextToken);
      return { Topics: page.items.map(({ arn }) => ({ TopicArn: arn })), NextToken: page.nextToken };
    }),
    defineOperation<GetTopicAttributesInput, GetTopicAttributesResponse>(GetTopicAttributes$, (input) => ({
      Attributes: attributesOf(store.find(input.TopicArn)),
    })),
  ];
}

function subscriptionOperations(store: TopicStore): Operation[] {
  return [
    defineOperation<SubscribeInput, SubscribeResponse>(Subscribe$, (input) => subscribe(store, input)),
    defineOperation<ConfirmSubscriptionInput, ConfirmSubscriptionResponse>(ConfirmSubscription$, (input) => ({
      SubscriptionArn: store.confirm(input.TopicArn, input.Token).arn,
    })),
    defineOperation<UnsubscribeInput, object>(Unsubscribe$, (input) => {
      store.unsubscribe(input.SubscriptionArn);
      return {};
    }),
    defineOperation<ListSubscriptionsByTopicInput, ListSubscriptionsByTopicResponse>(
      ListSubscriptionsByTopic$,
      (input) => listSubscriptions(store.find(input.TopicArn), input.NextToken),
    ),
  ];
}

function publishOperations(store: TopicStore): Operation[] {
  return [
    defineOperation<PublishInput, PublishResponse>(Publish$, (input) => {
      const arn = input.TopicArn ?? input.TargetArn;
      if (arn === undefined)
        throw invalidParameter("TopicArn or TargetArn Reason: no value for required parameter");
      const topic = store.find(arn);
      const message = acceptMessage(input);
      store.publish(topic, message);
      return { MessageId: message.id };
    }),
    defineOperation<PublishBatchInput, PublishBatchResponse>(PublishBatch$, (input) =>
      publishBatch(store, input),
    ),
  ];
}

/** The ARN of a subscription that nobody confirmed yet is told only on demand. */
function subscribe(store: TopicStore, input: Checked<SubscribeInput>): SubscribeResponse {
  const { TopicArn, Endpoint: endpoint = "", Attributes: attributes = {}, ReturnSubscriptionArn } = input;
  const subscription = store.subscribe(TopicArn, {
    protocol: readProtocol(input.Protocol),
    endpoint,
    attributes,
  });
  const told = subscription.confirmed || ReturnSubscriptionArn === true;
  return { SubscriptionArn: told ? subscription.arn : "pending confirmation" };
}

function listSubscriptions(topic: Topic, token: string | undefined): ListSubscriptionsByTopicResponse {
  const page = pageOf([...topic.subscriptions.values()], pageSize, token, invalidNextToken);
  const listed = page.items.map((subscription) => ({
    SubscriptionArn: subscription.confirmed ? subscription.arn : "PendingConfirmation",
    Owner: ownerOf(topic),
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    TopicArn: topic.arn,
  }));
  return { Subscriptions: listed, NextToken: page.nextToken };
}

function attributesOf(topic: Topic): Record<string, string> {
  const subscriptions = [...topic.subscriptions.values()];
  const confirmed = subscriptions.filter((subscription) => subscription.confirmed).length;
  return {
    DisplayName: "",
    ...topic.attributes,
    TopicArn: topic.arn,
    Owner: ownerOf(topic),
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(subscriptions.length - confirmed),
    SubscriptionsDeleted: String(topic.unsubscribedCount),
  };
}

function ownerOf({ arn }: Topic): string {
  return arn.split(":")[4] ?? "";
}

function invalidNextToken(): Error {
  return invalidParameter("NextToken");
}
