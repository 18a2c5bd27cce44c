import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Secret } from "../../functions/protocol/secret.ts";
import { signingKeyFromSeed } from "../../functions/protocol/signing-key.ts";
import { createResponder } from "../../functions/responder/index.ts";
import { openEndpoint } from "../adapters/http-endpoint.ts";
import { canary, expectNoCanary } from "../canaries.ts";
import { call, directoryWith, fleetFile } from "./call.ts";

const values = { current: canary("page current"), older: canary("page older") };
const seed = canary("page seed");
const variables = {
  TALLYSTICK_SIGNING_SEED: seed,
  TOKEN_NOW: values.current,
  TOKEN_BEFORE: values.older,
};

/** A directory with a fleet of one service whose process runs this value; every request to it is counted. */
async function openFleet(value: string) {
  const requests: string[] = [];
  const responder = createResponder({
    environment: "vps",
    publicKeys: [signingKeyFromSeed(new Secret(seed)).publicKey],
    secrets: { TOKEN: () => value },
  });
  const { origin } = await openEndpoint((request, response) => {
    requests.push(request.url ?? "");
    return responder.node(request, response);
  });
  const secrets = { TOKEN: { source: { env: "TOKEN_NOW", older: ["TOKEN_BEFORE"] } } };
  const environments = { vps: { health: `${origin}/health` } };
  return { requests, directory: await directoryWith(fleetFile({ secrets, environments })) };
}

describe("tallystick check --html", () => {
  it("writes the page also where something is wrong, beside what it prints", async () => {
    const { directory } = await openFleet(values.older);

    const { exitCode, stdout } = await call(["check", "--html", "report.html"], { directory, variables });

    expect(exitCode).toBe(1);
    expect(stdout).toContain("✗ old version (-1)");
    const page = await readFile(join(directory, "report.html"), "utf8");
    expect(page).toMatch(/^<!doctype html>[\s\S]*vps holds an old TOKEN[\s\S]*<\/html>\n$/);
    expectNoCanary(page + stdout, [...Object.values(values), seed]);
  });

  it("replaces the page of the check before, and prints nothing but the report with --json", async () => {
    const { directory } = await openFleet(values.current);
    await call(["check", "--html", "report.html"], { directory, variables });

    const { exitCode, stdout } = await call(["check", "--json", "--html", "report.html"], {
      directory,
      variables,
    });

    const page = await readFile(join(directory, "report.html"), "utf8");
    expect(exitCode).toBe(0);
    expect(page).toContain(JSON.parse(stdout).run.id);
  });

  it.each([
    ["a directory that is not there", "no/such/report.html", "ENOENT"],
    ["a directory itself", "pages", "it is a directory"],
    ["a file taken for a directory", "fleet.yaml/report.html", "fleet.yaml is no directory"],
  ])("ends with 3 before anything is asked where it is to write to %s", async (_what, place, why) => {
    const { directory, requests } = await openFleet(values.current);
    await mkdir(join(directory, "pages"));

    const { exitCode, stdout, stderr } = await call(["check", "--html", place], { directory, variables });

    expect({ exitCode, stdout, requests }).toEqual({ exitCode: 3, stdout: "", requests: [] });
    expect(stderr).toContain(`the page cannot be written to ${place} (${why})`);
    expect((await readdir(directory)).toSorted()).toEqual(["fleet.yaml", "pages"]);
  });
});
