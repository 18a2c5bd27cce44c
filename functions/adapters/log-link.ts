import type { EnvironmentVariables } from "./environment-source.ts";

/** Regions of other partitions have consoles elsewhere. */
const otherPartitions = /^(?:cn|us-gov|us-iso|eu-isoe|eusc)/;

/**
 * Where the log of a run can be read: CloudWatch's console, by what Lambda sets for each function (AWS Lambda,
 * "Defined runtime environment variables"). Undefined elsewhere, as on a laptop.
 */
export function logLinkFrom(variables: EnvironmentVariables): ((runId: string) => string) | undefined {
  const region = variables["AWS_REGION"];
  const group = variables["AWS_LAMBDA_LOG_GROUP_NAME"];
  const stream = variables["AWS_LAMBDA_LOG_STREAM_NAME"];
  if (region === undefined || group === undefined || stream === undefined) return undefined;
  if (otherPartitions.test(region)) return undefined;
  const place = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logsV2:log-groups`;
  return (runId) =>
    `${place}/log-group/${twice(group)}/log-events/${twice(stream)}${dollars("?filterPattern=")}${twice(`"${runId}"`)}`;
}

/** The console reads names that are percent-encoded twice, with $ for the percent sign. */
function twice(text: string): string {
  return dollars(encodeURIComponent(text));
}

function dollars(text: string): string {
  return encodeURIComponent(text).replaceAll("%", "$");
}
