import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { settings } from "../functions/contract.ts";
import type { Config } from "./config.ts";
import { Alarms } from "./constructs/alarms.ts";
import { BrokenExecutions } from "./constructs/broken-executions.ts";
import { ChangeOfTruth } from "./constructs/change-of-truth.ts";
import { CheckFunction } from "./constructs/check-function.ts";
import { DeadLetters } from "./constructs/dead-letters.ts";
import { DeploymentRun } from "./constructs/deployment-run.ts";
import { EmailSubscriptions } from "./constructs/email-subscriptions.ts";
import { HealFunction } from "./constructs/heal-function.ts";
import { Overview } from "./constructs/overview.ts";
import { WatchSchedule } from "./constructs/schedule.ts";
import { SlackNotifications } from "./constructs/slack-notifications.ts";
import { StateTable } from "./constructs/state-table.ts";
import { Topics } from "./constructs/topics.ts";
import { Truth } from "./constructs/truth.ts";
import { WidgetFunction } from "./constructs/widget-function.ts";
import type { SecretReferences } from "./secret-references.ts";

export interface TallystickStackProps {
  readonly config: Config;
  /** The fleet file's place on this machine. */
  readonly fleetFile: string;
  /** What that file names in Secrets Manager. */
  readonly references: SecretReferences;
}

/** One fleet, watched. Names nothing but its alarms and its widget, each after the stack, so that any number of stacks live side by side. */
export class TallystickStack extends Stack {
  constructor(scope: Construct, { config, fleetFile, references }: TallystickStackProps) {
    super(scope, config.stackName, {
      description: "Tallystick: proves that every process holds the true secret",
    });
    const deadLetters = new DeadLetters(this, "DeadLetters");
    const topics = new Topics(this, "Topics");
    const truth = new Truth(this, "Truth", { references, kmsKeyArns: config.kmsKeyArns });
    const table = new StateTable(this, "State");
    const check = new CheckFunction(this, "Check", { fleetFile, deadLetters });
    const heal = new HealFunction(this, "Heal", { fleetFile, deadLetters, durable: config.durable });
    for (const one of [check, heal]) {
      one.function.addEnvironment(settings.service, this.stackName);
      truth.grantRead(one);
      topics.grantAnnounce(one);
      table.grantMemory(one);
    }
    heal.grantStart(check);

    const every = Duration.millis(config.everyMs);
    const enabled = !config.paused;
    const schedule = new WatchSchedule(this, "Schedule", { check, every, enabled, deadLetters });
    new ChangeOfTruth(this, "ChangeOfTruth", { check, sources: references.sources, enabled, deadLetters });
    new DeploymentRun(this, "DeploymentRun", { check, enabled, deadLetters });
    if (config.durable) {
      new BrokenExecutions(this, "BrokenExecutions", { heal, topic: topics.operations, deadLetters });
    }

    const { alertEmails, allEmails, slack } = config;
    new EmailSubscriptions(this, "Emails", { topics, alertEmails, allEmails, deadLetters });
    if (slack) new SlackNotifications(this, "Slack", { channel: slack, topics });
    const topic = topics.operations;
    const scheduleGroup = schedule.group;
    const alarms = new Alarms(this, "Alarms", {
      check,
      heal,
      scheduleGroup,
      deadLetters,
      every,
      enabled,
      topic,
    });
    const widget = new WidgetFunction(this, "Widget");
    widget.function.addEnvironment(settings.service, this.stackName);
    table.grantRecall(widget);
    new Overview(this, "Overview", { check, heal, widget, alarms: alarms.all, deadLetters, every });

    this.#tell(
      "CheckFunction",
      check.function.functionName,
      "Look by hand: aws lambda invoke --function-name",
    );
    this.#tell("HealFunction", heal.alias.functionArn, "The heal function's alias, which check starts");
    this.#tell("DriftTopic", topics.drift.topicArn, "What check and heal tell");
    this.#tell("OperationsTopic", topics.operations.topicArn, "What the alarms tell");
    this.#tell(
      "SigningSeed",
      truth.signingSeed.secretArn,
      `${settings.signingSeedSecret} for tallystick public-key`,
    );
    this.#tell("DeadLetterQueue", deadLetters.queueUrl, "Events that could not be delivered or worked off");
    this.#tell("StateTable", table.tableName, "The memory between runs");
  }

  #tell(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}
