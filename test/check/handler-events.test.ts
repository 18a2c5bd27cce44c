import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { canary } from "../canaries.ts";
import type { SmallFleet } from "../heal/small-fleet.ts";
import { openHandler } from "./handler-bench.ts";

/** Secrets Manager's event as EventBridge brings it (AWS Secrets Manager user guide). */
function labelEvent(detail: object, resources: readonly string[] = []): object {
  return {
    version: "0",
    id: "5a9f9b7e-0000-4000-8000-000000000000",
    "detail-type": "Secret Label Updated",
    source: "aws.secretsmanager",
    account: "111122223333",
    time: "2026-11-22T10:00:00Z",
    region: "eu-west-1",
    resources,
    detail: { versionId: "00000000-0000-4000-8000-000000000000", labelUpdated: "AWSCURRENT", ...detail },
  };
}

function arnOf({ aws }: SmallFleet, name: string): string {
  return aws.secrets.find(name).arn;
}

describe("the schedule's event", () => {
  it("starts a run of the whole fleet", async () => {
    const bench = await openHandler({ hosts: ["vps"] });

    const report = await bench.report({});

    expect(report.run).toMatchObject({ trigger: "schedule", mode: "fix" });
    expect(report.environments.map(({ name }) => name)).toEqual(["api", "vps"]);
  });
});

describe("a label event", () => {
  it("starts a run where the secret is the fleet's, by name", async () => {
    const bench = await openHandler({ hosts: ["vps"] });

    const report = await bench.report(labelEvent({ name: "prod/AUTH" }));

    expect(report.run.trigger).toBe("label");
  });

  it.each([
    ["its whole ARN", (arn: string) => arn],
    ["its ARN without the ending that AWS gave it", (arn: string) => arn.slice(0, -7)],
  ])("starts a run where the fleet names the secret by %s", async (_case, idOf) => {
    const bench = await openHandler({ hosts: ["vps"] });
    const arn = arnOf(bench.fleet, "prod/AUTH");
    const file = await readFile(bench.fleetFile, "utf8");
    await writeFile(bench.fleetFile, file.replace("prod/AUTH", idOf(arn)));

    const report = await bench.report(labelEvent({ name: "prod/AUTH" }, [arn]));

    expect(report.run.trigger).toBe("label");
  });

  it.each([
    ["another secret", labelEvent({ name: "prod/AUTH-of-somebody-else" })],
    ["the checker's own Railway token", labelEvent({ name: "prod/railway-token" })],
    ["a label that says nothing of what is current", labelEvent({ name: "prod/AUTH", labelUpdated: "MINE" })],
  ])("of %s is ignored, said so, and touches nothing", async (_case, event) => {
    const bench = await openHandler({ hosts: ["vps"] });

    const result = await bench.invoke(event);

    expect(result).toEqual({ ignored: expect.any(String) });
    expect(bench.logged("label event ignored")).toHaveLength(1);
    expect(bench.contacts()).toBe(0);
    expect(bench.metrics()).toEqual([]);
  });
});

describe("an event made by hand", () => {
  it("narrows the run", async () => {
    const bench = await openHandler({ secrets: ["AUTH", "TOKEN"], hosts: ["vps"] });

    const report = await bench.report({ mode: "observe", environments: ["vps"], secrets: ["TOKEN"] });

    expect(report.run).toMatchObject({ trigger: "manual", mode: "observe" });
    expect(report.environments).toMatchObject([{ name: "vps", secrets: [{ name: "TOKEN" }] }]);
  });

  it("may ask for a repair where the policy leaves it to a person", async () => {
    const bench = await openHandler({ hosts: ["vps"], mode: "approve" });
    await bench.fleet.rotate("AUTH");

    const report = await bench.report({ mode: "fix" });

    expect(report.heals).toMatchObject([{ status: "healed" }]);
  });
});

const wrongEvents: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["a text", "check"],
  ["a number", 7],
  ["an array", [{}]],
  ["an unknown key", { environment: "vps" }],
  ["an unknown key beside a known one", { mode: "fix", force: true }],
  ["an unknown mode", { mode: "approve" }],
  ["an empty list", { environments: [] }],
  ["a list of other things than names", { secrets: [{ name: "AUTH" }] }],
  ["more names than any fleet has", { environments: Array.from({ length: 10_001 }, () => "vps") }],
  ["a name longer than any", { environments: ["a".repeat(129)] }],
  ["a prototype", JSON.parse('{"__proto__":{"mode":"fix"}}')],
  ["a prototype beside a mode", JSON.parse('{"mode":"fix","__proto__":{}}')],
  [
    "a label event without its detail",
    { "detail-type": "Secret Label Updated", source: "aws.secretsmanager" },
  ],
  ["another service's event", { ...labelEvent({ name: "prod/AUTH" }), source: "aws.s3" }],
];

describe("an event of another form", () => {
  it.each(wrongEvents)("is refused with the form that is expected: %s", async (_case, event) => {
    const bench = await openHandler({ hosts: ["vps"] });

    await expect(bench.invoke(event)).rejects.toMatchObject({
      code: "event-invalid",
      message: expect.stringContaining("mode?: observe | fix"),
    });

    expect(bench.contacts()).toBe(0);
  });

  it.each([
    ["environment", { environments: ["vps", "mars"] }, ['"mars"', "vps"]],
    ["secret", { secrets: ["NOPE"] }, ['"NOPE"', "AUTH"]],
    ["inherited name", { environments: ["__proto__", "constructor"] }, ['"__proto__"', '"constructor"']],
  ])("is refused with what the fleet has: an unknown %s", async (_case, event, words) => {
    const bench = await openHandler({ hosts: ["vps"] });

    const refusal = bench.invoke(event);

    await expect(refusal).rejects.toMatchObject({ code: "event-invalid" });
    for (const word of words) await expect(refusal).rejects.toThrow(word);
    expect(bench.contacts()).toBe(0);
  });

  it("is not repeated in the refusal", async () => {
    const bench = await openHandler({ hosts: ["vps"] });
    const pasted = bench.fleet.remember(canary("pasted"));

    await expect(bench.invoke({ [pasted]: true })).rejects.toMatchObject({ code: "event-invalid" });
  });

  it("does not keep the next one from running", async () => {
    const bench = await openHandler({ hosts: ["vps"] });
    await expect(bench.invoke(null)).rejects.toThrow("nothing was touched");

    const report = await bench.report({});

    expect(report.status).toBe("in-sync");
  });
});
