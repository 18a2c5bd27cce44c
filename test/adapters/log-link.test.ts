import { expect, it } from "vitest";
import { logLinkFrom } from "../../functions/adapters/log-link.ts";

const lambda = {
  AWS_REGION: "eu-west-1",
  AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/check",
  AWS_LAMBDA_LOG_STREAM_NAME: "2026/11/22/[$LATEST]0123",
};

it("leads to the run's own lines in CloudWatch, its names encoded as the console reads them", () => {
  expect(logLinkFrom(lambda)?.("run-1")).toBe(
    "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fcheck/log-events/2026$252F11$252F22$252F$255B$2524LATEST$255D0123$3FfilterPattern$3D$2522run-1$2522",
  );
});

it.each([
  ["on a laptop", {}],
  ["without a stream", { ...lambda, AWS_LAMBDA_LOG_STREAM_NAME: undefined }],
  ["without a group", { ...lambda, AWS_LAMBDA_LOG_GROUP_NAME: undefined }],
  ["where the console is another", { ...lambda, AWS_REGION: "us-gov-west-1" }],
])("leads nowhere %s", (_where, variables) => {
  expect(logLinkFrom(variables)).toBeUndefined();
});
