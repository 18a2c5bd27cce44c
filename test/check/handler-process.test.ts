import { describe, expect, it, onTestFinished } from "vitest";
import { settings } from "../../functions/contract.ts";
import { Lambda } from "../sandbox/lambda.ts";
import { openHandler } from "./handler-bench.ts";

describe("the function in a process of its own", () => {
  it("reports, and writes one record and one set of metrics as Lambda's log has them", async () => {
    const { fleet, fleetFile, topicArn } = await openHandler({ hosts: ["vps"] });
    const lambda = await Lambda.start({
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL: fleet.aws.endpoint,
      [settings.fleet]: fleetFile,
      [settings.signingSeedSecret]: "tallystick/signing-seed",
      [settings.topicArn]: topicArn,
      [settings.railwayApiUrl]: fleet.railway.apiUrl,
    });
    onTestFinished(() => lambda.stop());

    const result = await lambda.invoke({});

    fleet.outputs.push(result, lambda.log.join("\n"));
    expect(result).toMatchObject({ kind: "returned", result: { status: "in-sync" } });
    const lines: object[] = lambda.log.map((line) => JSON.parse(line));
    expect(lines.filter((line) => "_aws" in line)).toHaveLength(1);
    expect(lines.filter((line) => "report" in line)).toHaveLength(1);
    expect(lines).toHaveLength(2);
  });
});
