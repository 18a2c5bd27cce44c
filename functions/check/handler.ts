import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { parser } from "@aws-lambda-powertools/parser/middleware";
import middy from "@middy/core";
import { metricNamespace, serviceName, settings } from "../contract.ts";
import { createCheck } from "./check.ts";
import { checkEventSchema } from "./event.ts";

const service = process.env[settings.service] ?? serviceName;
const logger = new Logger({ serviceName: service });
const metrics = new Metrics({ namespace: metricNamespace, serviceName: service, logger });

/** Runs on Lambda (nodejs24.x). A drift that it finds is its result; work that it could not do is its failure. */
export const handler = middy()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(logMetrics(metrics))
  .use(parser({ schema: checkEventSchema, safeParse: true }))
  .handler(createCheck({ logger, metrics, variables: process.env }));
