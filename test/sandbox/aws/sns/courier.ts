import { randomUUID } from "node:crypto";
import { confirmationLink, confirmationRequest, type Delivery, notification } from "./envelope.ts";
import { type Mail, Mailboxes } from "./mailbox.ts";
import { bodyFor, type Message } from "./message.ts";
import type { Subscription } from "./subscription.ts";

const deliveryTimeoutMs = 15_000;

/** A delivery that an http subscriber did not take; the stand-in does not try again. */
export type FailedDelivery = { readonly subscriptionArn: string; readonly reason: string };

/** What the courier needs to know of its surroundings. */
export type CourierOptions = {
  readonly endpoint: string;
  readonly clock: () => number;
  readonly closing: AbortSignal;
};

/** Takes messages to subscribers: by http while the publisher has its answer already, by mail at once. */
export class Courier {
  readonly mailboxes = new Mailboxes();
  readonly failed: FailedDelivery[] = [];
  readonly #options: CourierOptions;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  /** Takes a message to one subscriber. */
  deliver(subscription: Subscription, message: Message): void {
    if (subscription.protocol === "email") {
      this.mailboxes.deliver(subscription.endpoint, mailOf(message));
    } else {
      this.#send(subscription, notification(subscription, message, this.#context()));
    }
  }

  /** Asks a subscriber to confirm. */
  askToConfirm(subscription: Subscription): void {
    const messageId = randomUUID();
    if (subscription.protocol === "email") {
      this.mailboxes.deliver(subscription.endpoint, {
        subject: "AWS Notification - Subscription Confirmation",
        body: confirmationLink(subscription, this.#options),
        attributes: {},
        messageId,
      });
    } else {
      this.#send(subscription, confirmationRequest(subscription, messageId, this.#context()));
    }
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #send(subscription: Subscription, delivery: Delivery): void {
    const sending = this.#post(subscription.endpoint, delivery)
      .catch((error: unknown) => {
        this.failed.push({ subscriptionArn: subscription.arn, reason: String(error) });
      })
      .finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
  }

  async #post(url: string, { headers, body }: Delivery): Promise<void> {
    const signal = AbortSignal.any([this.#options.closing, AbortSignal.timeout(deliveryTimeoutMs)]);
    const response = await fetch(url, { method: "POST", headers, body, signal });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`The subscriber answered ${response.status}`);
  }

  #context() {
    return { endpoint: this.#options.endpoint, nowMs: this.#options.clock() };
  }
}

function mailOf(message: Message): Mail {
  return {
    subject: message.subject ?? "AWS Notification Message",
    body: bodyFor(message, "email"),
    attributes: Object.fromEntries([...message.attributes].map(([name, { value }]) => [name, value])),
    messageId: message.id,
  };
}
