import { Stack } from "aws-cdk-lib";
import { LoggingLevel, SlackChannelConfiguration } from "aws-cdk-lib/aws-chatbot";
import { ManagedPolicy, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { SlackChannel } from "../config.ts";
import type { Topics } from "./topics.ts";

export interface SlackNotificationsProps {
  readonly channel: SlackChannel;
  readonly topics: Topics;
}

/** Both topics in a Slack channel, through Amazon Q Developer in chat applications. */
export class SlackNotifications extends Construct {
  constructor(scope: Construct, id: string, { channel, topics }: SlackNotificationsProps) {
    super(scope, id);
    new SlackChannelConfiguration(this, "Channel", {
      slackChannelConfigurationName: Stack.of(this).stackName,
      slackWorkspaceId: channel.workspaceId,
      slackChannelId: channel.channelId,
      notificationTopics: [topics.drift, topics.operations],
      loggingLevel: LoggingLevel.ERROR,
      role: new Role(this, "Role", {
        assumedBy: new ServicePrincipal("chatbot.amazonaws.com"),
        description:
          "Without permissions: telling needs none, and nobody is to command AWS from this channel",
      }),
      // The default is AdministratorAccess: whatever the role could do, anybody in the channel could.
      guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName("AWSDenyAll")],
    });
  }
}
