import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics } from "@aws-lambda-powertools/metrics";
import middy from "@middy/core";
import { metricNamespace, serviceName, settings } from "../contract.ts";
import { createPlainHeal } from "./plain-heal.ts";

const service = process.env[settings.service] ?? serviceName;
const logger = new Logger({ serviceName: service });
const metrics = new Metrics({ namespace: metricNamespace, serviceName: service, logger });

/** Runs on Lambda (nodejs24.x) where there are no durable functions. What it could not prove is its result. */
export const handler = middy()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .handler(createPlainHeal({ logger, metrics, variables: process.env }));
