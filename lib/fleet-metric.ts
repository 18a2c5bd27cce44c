import { Metric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import { metricNames, metricNamespace } from "../functions/contract.ts";

/** A metric of our own, of one stack: the functions publish it with that stack's name as their service. */
export function fleetMetric(
  stackName: string,
  name: keyof typeof metricNames,
  options: MetricOptions,
): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName: metricNames[name],
    dimensionsMap: { service: stackName },
    ...options,
  });
}
