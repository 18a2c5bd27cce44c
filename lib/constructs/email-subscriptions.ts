import { SubscriptionFilter } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Topics } from "./topics.ts";

export interface EmailSubscriptionsProps {
  readonly topics: Topics;
  /** Told of what somebody has to act on. */
  readonly alertEmails: readonly string[];
  /** Told of everything. */
  readonly allEmails: readonly string[];
  readonly deadLetters: IQueue;
}

/** Who is told by mail. Each address has to confirm both subscriptions by a click before anything reaches it. */
export class EmailSubscriptions extends Construct {
  constructor(scope: Construct, id: string, props: EmailSubscriptionsProps) {
    super(scope, id);
    const { topics, alertEmails, allEmails, deadLetters: deadLetterQueue } = props;
    const filterPolicy = { severity: SubscriptionFilter.stringFilter({ allowlist: ["alert"] }) };
    for (const address of alertEmails) {
      topics.drift.addSubscription(new EmailSubscription(address, { filterPolicy, deadLetterQueue }));
    }
    for (const address of allEmails) {
      topics.drift.addSubscription(new EmailSubscription(address, { deadLetterQueue }));
    }
    // Alarms have no attributes: a filter would keep all of them away.
    for (const address of [...alertEmails, ...allEmails]) {
      topics.operations.addSubscription(new EmailSubscription(address, { deadLetterQueue }));
    }
  }
}
