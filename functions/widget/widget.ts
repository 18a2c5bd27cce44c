import type { Logger } from "@aws-lambda-powertools/logger";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { awsClientBounds } from "../adapters/aws-bounds.ts";
import { systemClock } from "../adapters/clock.ts";
import { createDynamodbMemory } from "../adapters/dynamodb-memory.ts";
import type { EnvironmentVariables } from "../adapters/environment-source.ts";
import { settings } from "../contract.ts";
import { TallystickError } from "../core/errors.ts";
import type { Memory } from "../core/ports.ts";
import { renderFragment, renderNotice, type Theme } from "../page/page.ts";
import type { WidgetEvent } from "./event.ts";
import { lastContent } from "./last-content.ts";

export interface WidgetParts {
  readonly logger: Pick<Logger, "error">;
  readonly variables: EnvironmentVariables;
}

/** What the dashboard shows who asks for the widget's documentation. */
const documentation = `## Tallystick
Shows what the last check of the whole fleet found, and the runs before it: what runs where, why it is wrong, what it
breaks, and what is to be done. It reads the state table alone, asks no environment, and takes no parameters.`;

/** The widget function: HTML for a dashboard, or its documentation in markdown. */
export function createWidget({ logger, variables }: WidgetParts): (event: WidgetEvent) => Promise<string> {
  let memory: Memory | undefined;
  return async function widget({ describe, widgetContext }) {
    if (describe === true) return documentation;
    const theme = widgetContext?.theme ?? "light";
    try {
      memory ??= memoryFrom(variables);
      return await shown(memory, theme);
    } catch (error) {
      // A dashboard shows an answer, and of a failure nothing but that there was one.
      logger.error("nothing could be shown", {
        code: error instanceof TallystickError ? error.code : "unexpected",
      });
      return renderNotice(noticeOf(error), theme);
    }
  };
}

function memoryFrom(variables: EnvironmentVariables): Memory {
  const table = variables[settings.stateTable];
  if (table === undefined)
    throw new TallystickError("setting-missing", `${settings.stateTable} has to name the state table`);
  return createDynamodbMemory(new DynamoDBClient(awsClientBounds), table);
}

async function shown(memory: Memory, theme: Theme): Promise<string> {
  const content = await lastContent(memory, systemClock.now());
  return content === undefined ? renderNotice(nothingYet, theme) : renderFragment(content, theme);
}

const nothingYet = {
  title: "No check has been remembered yet",
  text: "The next check of the whole fleet shows here. To see one now, invoke the check function with {}.",
};

function noticeOf(error: unknown): typeof nothingYet {
  const text =
    error instanceof TallystickError
      ? error.message
      : "an unexpected error; see the log of the widget's function for its time";
  return { title: "What was found cannot be shown", text };
}
