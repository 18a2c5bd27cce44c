import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readConfig } from "../../lib/config.ts";
import { possibleNames } from "../../lib/secret-references.ts";
import { configOf } from "./stack-bed.ts";

const mistakesOf = (context: Readonly<Record<string, unknown>>) => {
  const reading = readConfig(context);
  return reading.kind === "mistakes" ? reading.mistakes : [];
};

describe("the context", () => {
  it("may be left out", () => {
    expect(configOf({})).toEqual({
      ...{ stackName: "Tallystick", everyMs: 21_600_000, paused: false, durable: true },
      ...{ alertEmails: [], allEmails: [], kmsKeyArns: [] },
    });
  });

  it("is read as the command line and as cdk.json give it", () => {
    const given = { paused: true, durable: "false", every: "1d", email: "a@example.com, b@example.com" };
    expect(configOf({ ...given, slack: "T0WORKSPACE/C0CHANNEL", "@aws-cdk/core:x": true })).toMatchObject({
      ...{ paused: true, durable: false, everyMs: 86_400_000 },
      alertEmails: ["a@example.com", "b@example.com"],
      slack: { workspaceId: "T0WORKSPACE", channelId: "C0CHANNEL" },
    });
  });

  it.each([
    ...["4m", "299s", "301s", "25h", "2d", "6", "6 h", "0h", "", "-6h", "1e3h"].map((every) => ({ every })),
    ...["-a", "a_b", "1a", "a".repeat(101), ""].map((stack) => ({ stack })),
    ...["yes", "TRUE", "", 1, null].map((paused) => ({ paused })),
    ...["a", "a@b", "a@example.com,", "a@example.com,a@example.com", "a b@example.com", ""].map((email) => ({
      email,
    })),
    ...["T0WORKSPACE", "W0/C0", "t0workspace/c0channel", "T0WORKSPACE/C0CHANNEL/x"].map((slack) => ({
      slack,
    })),
    ...[
      "alias/x",
      "arn:aws:kms:eu-west-1:111122223333:alias/x",
      "arn:aws:kms:eu-west-1:111122223333:key/*",
      "*",
    ].map((kmsKeyArns) => ({ kmsKeyArns })),
    { email: "a@example.com", emailAll: "a@example.com" },
    { Every: "6h" },
  ])("is refused, and named: %j", (context) => {
    const [mistake, ...others] = mistakesOf(context);
    expect(others).toEqual([]);
    expect(mistake).toMatch(new RegExp(`^${Object.keys(context).at(-1)}: `));
  });

  it("never leads to a permission on more than it names, whatever stands in it", () => {
    const characters = fc.constantFrom(..."arn:aws:kms:eu-west-1:111122223333:key/ab,*?$");
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 80 }), (kmsKeyArns) => {
        const reading = readConfig({ kmsKeyArns });
        return reading.kind === "mistakes" || !/[*?$]/.test(reading.config.kmsKeyArns.join());
      }),
    );
  });
});

describe("a secret's id", () => {
  it.each([
    { id: "prod/a", names: ["prod/a"] },
    { id: "prod/a-AbCdEf", names: ["prod/a-AbCdEf"] },
    {
      id: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/a-AbCdEf",
      names: ["prod/a-AbCdEf", "prod/a"],
    },
    { id: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/a", names: ["prod/a"] },
  ])("$id may be the secret $names", ({ id, names }) => {
    expect(possibleNames(id)).toEqual(names);
  });
});
