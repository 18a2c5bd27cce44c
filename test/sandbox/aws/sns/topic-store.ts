import { randomBytes, randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { AwsError } from "../wire/aws-error.ts";
import type { Courier } from "./courier.ts";
import { passesPolicy } from "./filter-policy.ts";
import { invalidParameter, type Message } from "./message.ts";
import {
  checkEndpoint,
  readAttributes,
  type Subscription,
  type SubscriptionRequest,
} from "./subscription.ts";

/** A topic and who subscribed to it. */
export type Topic = {
  readonly arn: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly subscriptions: Map<string, Subscription>;
  unsubscribedCount: number;
};

/** Where the store lives and who delivers for it. */
export type TopicStoreOptions = {
  readonly region: string;
  readonly accountId: string;
  readonly courier: Courier;
};

/** Topics and their subscriptions: the service's state without its wire. */
export class TopicStore {
  readonly #options: TopicStoreOptions;
  readonly #topics = new Map<string, Topic>();

  constructor(options: TopicStoreOptions) {
    this.#options = options;
  }

  /** Sets up a subscription in one line, confirmed as if its link had been followed; answers its ARN. */
  enrol(topicArn: string, request: SubscriptionRequest): string {
    const subscription = this.#add(this.find(topicArn), request);
    subscription.confirmed = true;
    return subscription.arn;
  }

  all(): readonly Topic[] {
    return [...this.#topics.values()];
  }

  /** The topic of an ARN. */
  find(arn: string): Topic {
    checkArn(arn, "TopicArn");
    const topic = this.#topics.get(arn);
    if (topic === undefined) throw new AwsError("NotFound", "Topic does not exist", 404);
    return topic;
  }

  /** Makes a topic; the same name with the same attributes is the same topic. */
  create(name: string, attributes: Readonly<Record<string, string>> = {}): Topic {
    if (!/^[\w-]{1,256}$/.test(name)) throw invalidParameter("Topic Name");
    const { region, accountId } = this.#options;
    const arn = `arn:aws:sns:${region}:${accountId}:${name}`;
    const existing = this.#topics.get(arn);
    if (existing !== undefined) return sameTopic(existing, attributes);
    const topic: Topic = { arn, attributes, subscriptions: new Map(), unsubscribedCount: 0 };
    this.#topics.set(arn, topic);
    return topic;
  }

  /** Deletes a topic; one that does not exist is no error. */
  delete(arn: string): void {
    checkArn(arn, "TopicArn");
    this.#topics.delete(arn);
  }

  /** Adds a subscriber and asks it to confirm; the same one again is asked again, not added twice. */
  subscribe(topicArn: string, request: SubscriptionRequest): Subscription {
    const subscription = this.#add(this.find(topicArn), request);
    if (!subscription.confirmed) this.#options.courier.askToConfirm(subscription);
    return subscription;
  }

  /** Confirms the subscription that a token was sent to. */
  confirm(topicArn: string, token: string): Subscription {
    const subscriptions = [...this.find(topicArn).subscriptions.values()];
    const subscription = subscriptions.find((one) => one.token === token);
    if (subscription === undefined) throw invalidParameter("Token");
    subscription.confirmed = true;
    return subscription;
  }

  /** Ends a subscription; one that does not exist is no error. */
  unsubscribe(arn: string): void {
    checkArn(arn, "SubscriptionArn");
    for (const topic of this.#topics.values()) {
      if (topic.subscriptions.delete(arn)) topic.unsubscribedCount += 1;
    }
  }

  /** Sends a message to every confirmed subscriber that wants it. */
  publish(topic: Topic, message: Message): void {
    for (const subscription of topic.subscriptions.values()) {
      const wanted = passesPolicy(message.attributes, subscription.filterPolicy ?? {});
      if (subscription.confirmed && wanted) this.#options.courier.deliver(subscription, message);
    }
  }

  #add(topic: Topic, { protocol, endpoint, attributes = {} }: SubscriptionRequest): Subscription {
    checkEndpoint({ protocol, endpoint });
    const existing = [...topic.subscriptions.values()].find(
      (one) => one.protocol === protocol && one.endpoint === endpoint,
    );
    if (existing !== undefined) return sameSubscription(existing, attributes);
    const subscription: Subscription = {
      ...readAttributes(attributes),
      ...{ protocol, endpoint, attributes, topicArn: topic.arn, confirmed: false },
      arn: `${topic.arn}:${randomUUID()}`,
      token: randomBytes(32).toString("hex"),
    };
    topic.subscriptions.set(subscription.arn, subscription);
    return subscription;
  }
}

function checkArn(arn: string, member: string): void {
  if (!/^arn:aws[\w-]*:sns:[^:]+:[^:]+:./.test(arn)) throw invalidParameter(member);
}

function sameTopic(topic: Topic, attributes: Readonly<Record<string, string>>): Topic {
  if (isDeepStrictEqual({ ...topic.attributes }, { ...attributes })) return topic;
  throw invalidParameter("Attributes Reason: Topic already exists with different attributes");
}

function sameSubscription(
  subscription: Subscription,
  attributes: Readonly<Record<string, string>>,
): Subscription {
  if (isDeepStrictEqual({ ...subscription.attributes }, { ...attributes })) return subscription;
  throw invalidParameter("Attributes Reason: Subscription already exists with different attributes");
}
