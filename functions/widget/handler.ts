import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { parser } from "@aws-lambda-powertools/parser/middleware";
import middy from "@middy/core";
import { serviceName, settings } from "../contract.ts";
import { widgetEventSchema } from "./event.ts";
import { createWidget } from "./widget.ts";

const service = process.env[settings.service] ?? serviceName;
const logger = new Logger({ serviceName: service });

/** Runs on Lambda (nodejs24.x) for a dashboard: shows what is remembered, asks nobody. */
export const handler = middy()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(parser({ schema: widgetEventSchema }))
  .handler(createWidget({ logger, variables: process.env }));
