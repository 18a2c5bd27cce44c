import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import { settings } from "../../functions/contract.ts";
import { canary } from "../canaries.ts";
import { seed } from "../heal/small-fleet.ts";
import { openHandler } from "./handler-bench.ts";

describe("a setting that is wrong", () => {
  it("is named where there is no signing seed, and the next event tries again", async () => {
    const bench = await openHandler({
      hosts: ["vps"],
      variables: { [settings.signingSeedSecret]: undefined },
    });

    await expect(bench.invoke({})).rejects.toThrow(settings.signingSeedSecret);
    expect(bench.contacts()).toBe(0);

    vi.stubEnv(settings.signingSeed, seed);
    expect((await bench.report({})).status).toBe("in-sync");
  });

  it("is named where the seed's secret does not exist, and the next event tries again", async () => {
    const bench = await openHandler({
      hosts: ["vps"],
      variables: { [settings.signingSeedSecret]: "tallystick/forgotten" },
    });

    await expect(bench.invoke({})).rejects.toMatchObject({
      code: "seed-unreadable",
      message: expect.stringContaining("tallystick/forgotten"),
    });

    bench.fleet.aws.secrets.plant("tallystick/forgotten", seed);
    expect((await bench.report({})).status).toBe("in-sync");
  });

  it("is told of a seed that is too short, and not the seed", async () => {
    const short = canary("short seed").slice(0, 20);
    const bench = await openHandler({ hosts: ["vps"], variables: { [settings.signingSeed]: short } });
    bench.fleet.remember(short);

    await expect(bench.invoke({})).rejects.toThrow("at least 32");
  });

  it("is named where the fleet file is missing, and the next event tries again", async () => {
    const bench = await openHandler({ hosts: ["vps"] });
    vi.stubEnv(settings.fleet, `${bench.fleetFile}.missing`);

    await expect(bench.invoke({})).rejects.toMatchObject({
      code: "setting-invalid",
      message: expect.stringContaining(settings.fleet),
    });

    vi.stubEnv(settings.fleet, bench.fleetFile);
    expect((await bench.report({})).status).toBe("in-sync");
  });

  it("is told by line for every mistake in the fleet file, and the next event tries again", async () => {
    const bench = await openHandler({ hosts: ["vps"] });
    const right = await readFile(bench.fleetFile, "utf8");
    const wrong = right
      .replace('"secretsManager": "prod/AUTH"', '"secretManager": "prod/AUTH"')
      .replace('"mode": "fix"', '"mode": "repair"');
    await writeFile(bench.fleetFile, wrong);
    const lineOf = (text: string) => wrong.slice(0, wrong.indexOf(text)).split("\n").length;

    const refusal = bench.invoke({});

    await expect(refusal).rejects.toMatchObject({ code: "fleet-invalid" });
    await expect(refusal).rejects.toThrow(`${bench.fleetFile}:${lineOf('"mode": "repair"')}`);
    await expect(refusal).rejects.toThrow("secrets.AUTH.source");
    expect(bench.contacts()).toBe(0);
    await writeFile(bench.fleetFile, right);
    expect((await bench.report({})).status).toBe("in-sync");
  });

  it("is named where a token would be sent to Railway in clear text", async () => {
    const bench = await openHandler({
      hosts: ["vps"],
      variables: { [settings.railwayApiUrl]: "http://railway.example.com/graphql" },
    });

    await expect(bench.invoke({})).rejects.toThrow(settings.railwayApiUrl);
  });
});
