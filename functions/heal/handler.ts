import type {
  DurableExecutionInvocationInput,
  DurableExecutionInvocationOutput,
} from "@aws/durable-execution-sdk-js";
import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics } from "@aws-lambda-powertools/metrics";
import middy from "@middy/core";
import { metricNamespace, serviceName, settings } from "../contract.ts";
import { createDurableHeal } from "./durable-heal.ts";

const service = process.env[settings.service] ?? serviceName;
const logger = new Logger({ serviceName: service });
const metrics = new Metrics({ namespace: metricNamespace, serviceName: service, logger });

/** Runs on Lambda (nodejs24.x) as a durable function. What it could not prove is its result. */
export const handler = middy<DurableExecutionInvocationInput, DurableExecutionInvocationOutput>()
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .handler(createDurableHeal({ logger, metrics, variables: process.env }));
